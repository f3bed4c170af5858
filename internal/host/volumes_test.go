package host

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ninelives/internal/health"
)

const deviceFolder = "00008110-000A1B2C3D4E5F60"

// of gives the source for folders, and paths for what its volumes are asked.
func of(room func(string) (int64, int64, error), folders ...string) *Volumes {
	v := NewVolumes(func() []string { return folders })
	if room != nil {
		v.room = room
	}
	return v
}

// made makes a folder in a temporary one.
func made(t *testing.T, names ...string) string {
	t.Helper()
	dir := filepath.Join(append([]string{t.TempDir()}, names...)...)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func linked(t *testing.T, to string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), deviceFolder)
	if err := os.Symlink(to, name); err != nil {
		t.Skip("no links here:", err)
	}
	return name
}

func TestVolumesOfThisComputer(t *testing.T) {
	dir := made(t)
	got, err := of(nil, dir).Read(t.Context())
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if v := got[0]; v.Path != dir || v.Free < 0 || v.Total <= 0 || v.Free > v.Total {
		t.Errorf("%+v", v)
	}
}

func TestVolumesAreThoseAtTheEndOfAllLinks(t *testing.T) {
	end := made(t, "far", "away")
	link := linked(t, linked(t, end))
	var asked string
	got, err := of(func(path string) (int64, int64, error) { asked = path; return 1, 2, nil }, link).Read(t.Context())
	if diff := cmp.Diff([]health.Volume{{Path: link, Free: 1, Total: 2}}, got); diff != "" || err != nil {
		t.Errorf("error %v, (-want +got)\n%s", err, diff)
	}
	if real, _ := filepath.EvalSymlinks(end); asked != real {
		t.Errorf("asked %s, want %s", asked, real)
	}
}

func TestVolumesThatSayNothingAreLeftOut(t *testing.T) {
	first, second, refusing := made(t), made(t), made(t)
	absent := linked(t, filepath.Join(t.TempDir(), "unplugged", deviceFolder))
	room := func(path string) (int64, int64, error) {
		if strings.HasSuffix(path, filepath.Base(refusing)) && filepath.Dir(path) == filepath.Dir(refusing) {
			return 0, 0, fs.ErrPermission
		}
		return 1, 2, nil
	}
	got, err := of(room, second, absent, refusing, first, second).Read(t.Context())
	want := []health.Volume{{Path: second, Free: 1, Total: 2}, {Path: first, Free: 1, Total: 2}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, (-want +got)\n%s", err, diff)
	}
}

func TestVolumesWithoutAnyAnswer(t *testing.T) {
	here, absent := made(t, deviceFolder), filepath.Join(t.TempDir(), deviceFolder)
	fails := func(err error) func(string) (int64, int64, error) {
		return func(path string) (int64, int64, error) {
			return 0, 0, &fs.PathError{Op: "statfs", Path: path, Err: err}
		}
	}
	for name, c := range map[string]struct {
		source  *Volumes
		trouble health.Trouble
	}{
		"no folders":      {of(nil), health.NoTrouble},
		"all are absent":  {of(nil, absent), health.NoTrouble},
		"one may not":     {of(fails(fs.ErrPermission), absent, here), health.NoPermission},
		"one is broken":   {of(fails(fs.ErrInvalid), here, absent), health.Failed},
		"gone in between": {of(fails(fs.ErrNotExist), here), health.NoTrouble},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.source.Read(t.Context())
			if len(got) != 0 || health.TroubleOf(err) != c.trouble || strings.Contains(fmt.Sprint(err), deviceFolder) {
				t.Errorf("%+v, error %v; want trouble %q, and no UDID", got, err, c.trouble)
			}
		})
	}
}

func TestAVolumeThatHangsHoldsNobody(t *testing.T) {
	good, drive := made(t), made(t)
	comesBack, asked := make(chan struct{}), make(chan string, 10)
	bad, err := filepath.EvalSymlinks(drive)
	if err != nil {
		t.Fatal(err)
	}
	v := of(func(path string) (int64, int64, error) {
		if path == bad {
			asked <- path
			<-comesBack
		}
		return 1, 2, nil
	}, drive, good)
	v.patience = 200 * time.Millisecond
	both := []health.Volume{{Path: drive, Free: 1, Total: 2}, {Path: good, Free: 1, Total: 2}}
	for range 3 {
		got, err := v.Read(t.Context())
		if diff := cmp.Diff(both[1:], got); diff != "" || err != nil {
			t.Errorf("while it hangs: error %v, (-want +got)\n%s", err, diff)
		}
	}
	if len(asked) != 1 {
		t.Errorf("asked %d times, want once", len(asked))
	}
	v.folders = func() []string { return []string{drive} }
	if _, err := v.Read(t.Context()); health.TroubleOf(err) != health.TimedOut {
		t.Errorf("when there is no other: %v", err)
	}
	close(comesBack)
	v.folders, v.patience = func() []string { return []string{drive, good} }, volumePatience
	for until := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		got, err := v.Read(t.Context())
		if err == nil && cmp.Equal(both, got) {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("when it is back: %+v, %v", got, err)
		}
	}
}

func TestVolumesStopWhenTheirCallerDoes(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	v := of(func(string) (int64, int64, error) { <-release; return 1, 2, nil }, made(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Read(ctx); health.TroubleOf(err) != health.TimedOut {
		t.Errorf("error %v", err)
	}
}

func TestSize(t *testing.T) {
	for _, c := range []struct {
		blocks, block uint64
		want          int64
	}{{0, 4096, 0}, {3, 4096, 12288}, {1 << 60, 4, 1 << 62}, {1 << 62, 2, math.MaxInt64}, {math.MaxUint64, 4096, math.MaxInt64}} {
		if got := size(c.blocks, c.block); got != c.want {
			t.Errorf("%d of %d: %d, want %d", c.blocks, c.block, got, c.want)
		}
	}
}

func TestVolumesAreNamedByTheFirstFolder(t *testing.T) {
	if got := of(nil, "/a", "/b").Where(); got != "/a" {
		t.Error(got)
	}
	if got := of(nil).Where(); got != "" {
		t.Error(got)
	}
}
