package mobilesync

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"howett.net/plist"
)

// BenchmarkUnchangedRound is a round over 1,000 unchanged device folders, half of
// them not encrypted, beside a bare os.Stat of the same files.
func BenchmarkUnchangedRound(b *testing.B) {
	const folders = 1000
	root := b.TempDir()
	var files []string
	for i := range folders {
		name := fmt.Sprintf("%040x", i)
		m := complete(b, root, name, binaryOf)
		if i%2 == 1 {
			m = plain(b, root, name)
			m.cloud(nil)
		}
		m.rest()
		for _, name := range []string{statusName, manifestName, infoName, databaseName} {
			files = append(files, filepath.Join(m.dir, name))
		}
	}
	var u uses
	place := New(root, clock)
	place.disk = counted(place.disk, &u)
	read(b, place)
	u = uses{}
	var ours, bare time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		if got := read(b, place); len(got) != folders {
			b.Fatalf("%d backups", len(got))
		}
		ours += time.Since(start)
		start = time.Now()
		for _, file := range files {
			if _, err := os.Stat(file); err != nil {
				b.Fatal(err)
			}
		}
		bare += time.Since(start)
	}
	b.ReportMetric(float64(u.all())/float64(folders*b.N), "calls/folder")
	b.ReportMetric(float64(u.open), "opens")
	b.ReportMetric(float64(ours)/float64(bare), "x-of-bare-stat")
}

// artwork makes an Info.plist of some 5 MB as Finder writes it.
func artwork() []byte {
	random := rand.New(rand.NewPCG(1, 2))
	picture := make([]byte, 8<<10)
	apps := doc{}
	for i := range 400 {
		for j := range picture {
			picture[j] = byte(random.Uint32())
		}
		apps[fmt.Sprintf("com.example.app%d", i)] = doc{
			"ApplicationSINF": bytes.Clone(picture[:1<<10]), "PlaceholderIcon": bytes.Clone(picture), "iTunesMetadata": bytes.Clone(picture[:1<<10]),
		}
	}
	return xmlOf(changed(infoDoc(), doc{"Applications": apps}))
}

// BenchmarkInfoWithArtwork is our reader of a 5 MB Info.plist, from disk to
// fields, beside plain plist.Unmarshal of the same file in memory.
func BenchmarkInfoWithArtwork(b *testing.B) {
	raw := artwork()
	path := filepath.Join(b.TempDir(), infoName)
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		b.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		b.Fatal(err)
	}
	readInfo := document[infoFile](theDisk(), maxInfo)
	var ours, plain time.Duration
	var bytesOurs uint64
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC() // neither pays for the garbage of the other
		runtime.ReadMemStats(&before)
		start := time.Now()
		got, err := readInfo(path, info)
		ours += time.Since(start)
		runtime.ReadMemStats(&after)
		bytesOurs += after.TotalAlloc - before.TotalAlloc
		if err != nil || got.Name != "Anna's iPhone" {
			b.Fatal(got.Name, err)
		}
		var all map[string]any
		runtime.GC()
		start = time.Now()
		if _, err := plist.Unmarshal(raw, &all); err != nil {
			b.Fatal(err)
		}
		plain += time.Since(start)
	}
	b.ReportMetric(float64(plain)/float64(ours), "x-faster-than-plain")
	b.ReportMetric(float64(bytesOurs)/float64(b.N)/float64(len(raw)), "x-file-size-allocated")
	b.ReportMetric(float64(len(raw))/1e6, "MB")
}

// BenchmarkStatus is the smallest file.
func BenchmarkStatus(b *testing.B) {
	raw := binaryOf(statusDoc())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode[statusFile](raw); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCount counts a backup of 100,000 files, without its rests, beside a
// bare walk, which asks for no file's size, and one that does.
func BenchmarkCount(b *testing.B) {
	const files = 100_000
	root := b.TempDir()
	for shard := range 256 {
		if err := os.Mkdir(filepath.Join(root, fmt.Sprintf("%02x", shard)), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	for n := range files {
		path := filepath.Join(root, fmt.Sprintf("%02x", n%256), fmt.Sprintf("%02x%038x", n%256, n))
		if err := os.WriteFile(path, []byte("blob"), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	walk := func(size bool) (bytes int64) {
		err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !size {
				return err
			}
			info, err := d.Info()
			if err == nil {
				bytes += info.Size()
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		return bytes
	}
	var ours, bare, sizing time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		counter := tally{disk: theDisk(), left: maxEntries}
		got, err := counter.count(b.Context(), root)
		ours += time.Since(start)
		start = time.Now()
		walk(false)
		bare += time.Since(start)
		start = time.Now()
		want := walk(true)
		sizing += time.Since(start)
		if err != nil || got != want || got != 4*files {
			b.Fatalf("%d bytes, %v", got, err)
		}
	}
	b.ReportMetric(float64(ours)/float64(b.N)/1e6, "ms/count")
	b.ReportMetric(float64(ours)/float64(bare), "x-of-bare-walk")
	b.ReportMetric(float64(ours)/float64(sizing), "x-of-walk-with-sizes")
	start := time.Now()
	counter := tally{disk: theDisk(), restFor: restFor, left: maxEntries}
	if _, err := counter.count(b.Context(), root); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(time.Since(start))/1e6, "ms-with-rests")
}
