package mobilesync

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"howett.net/plist"
)

func wrapped(body string) []byte {
	return []byte(`<?xml version="1.0" encoding="UTF-8"?><plist version="1.0">` + body + `</plist>`)
}

// binaryWith makes a binary property list of objects with one-byte references,
// the last of which is the root.
func binaryWith(objects ...[]byte) []byte {
	raw := []byte("bplist00")
	var offsets []byte
	for _, o := range objects {
		offsets = binary.BigEndian.AppendUint32(offsets, uint32(len(raw)))
		raw = append(raw, o...)
	}
	return append(append(raw, offsets...), trailer(4, 1, len(objects), len(objects)-1, len(raw))...)
}

func trailer(offsetSize, refSize byte, count, top, table int) []byte {
	t := []byte{0, 0, 0, 0, 0, 0, offsetSize, refSize}
	for _, n := range []int{count, top, table} {
		t = binary.BigEndian.AppendUint64(t, uint64(n))
	}
	return t
}

// chain makes arrays within arrays, depth of them.
func chain(depth int) []byte {
	raw := []byte("bplist00")
	table := len(raw) + depth*5
	var offsets []byte
	for i := range depth {
		offsets = binary.BigEndian.AppendUint32(offsets, uint32(len(raw)))
		if i == depth-1 {
			raw = append(raw, 0xA0, 0, 0, 0, 0) // an empty array, and padding
			break
		}
		raw = binary.BigEndian.AppendUint32(append(raw, 0xA1), uint32(i+1))
	}
	return append(append(raw, offsets...), trailer(4, 4, depth, 0, table)...)
}

// laughs makes a small file whose values, written out, would fill the memory.
func laughs() []byte {
	objects := [][]byte{append([]byte{0x5A}, "ha ha ha! "...)}
	for i := range 20 {
		objects = append(objects, append([]byte{0xAA}, bytes.Repeat([]byte{byte(i)}, 10)...))
	}
	objects = append(objects, []byte{0x51, 'x'}, []byte{0xD1, 21, 20})
	return binaryWith(objects...)
}

// sharedBytes makes many arrays that all lie upon the same long list of
// references: quadratic in memory.
func sharedBytes() []byte {
	const arrays, refs = 4000, 40000
	raw := append([]byte("bplist00"), 0xAF, 0x11)
	raw = binary.BigEndian.AppendUint16(raw, refs)
	for range refs {
		raw = binary.BigEndian.AppendUint16(raw, arrays-1)
	}
	leaf := len(raw)
	raw = append(raw, 0x09)
	table := len(raw)
	for i := range arrays {
		at := 8
		if i == arrays-1 {
			at = leaf
		}
		raw = binary.BigEndian.AppendUint32(raw, uint32(at))
	}
	return append(raw, trailer(4, 2, arrays, 0, table)...)
}

func absurdCount(kind byte, count uint64) []byte {
	return binaryWith(binary.BigEndian.AppendUint64([]byte{kind | 0x0F, 0x13}, count))
}

func binaryDate(seconds float64) []byte {
	stamp := binary.BigEndian.AppendUint64([]byte{0x33}, math.Float64bits(seconds))
	return binaryWith([]byte("\x54Date"), stamp, []byte("\x5DSnapshotState"), []byte("\x58finished"), []byte{0xD2, 0, 2, 1, 3})
}

// hostile are inputs that crash, fool or stall the plist library, with what
// our loader says to them.
func hostile() map[string]struct {
	raw  []byte
	want error // nil: it reads
} {
	type answer = struct {
		raw  []byte
		want error
	}
	status := string(xmlOf(statusDoc()))
	deep := func(n int) []byte {
		return wrapped("<dict><key>a</key>" + strings.Repeat("<array>", n) + strings.Repeat("</array>", n) + "</dict>")
	}
	return map[string]answer{
		"nothing":                       {nil, errEmpty},
		"blanks":                        {[]byte(" \n\t"), errEmpty},
		"only a byte order mark":        {[]byte("\ufeff"), errEmpty},
		"a word":                        {[]byte("hello"), errNotPlist},
		"an OpenStep dictionary":        {[]byte(`{ SnapshotState = finished; }`), errNotPlist},
		"OpenStep data":                 {[]byte(`<abab>`), errNotPlist},
		"zeros":                         {make([]byte, 4096), errNotPlist},
		"UTF-16":                        {[]byte("\xff\xfe<\x00p\x00"), errNotPlist},
		"HTML":                          {[]byte("<!DOCTYPE html><html><body>Sign in</body></html>"), errNotPlist},
		"XML of another kind":           {[]byte("<?xml version='1.0'?><rss/>"), errNotPlist},
		"an end without a start":        {[]byte("</plist>"), errNotPlist},
		"a lone bracket":                {[]byte("<"), errBroken},
		"an endless comment":            {[]byte("<plist><!-- <dict></dict></plist>"), errBroken},
		"endless CDATA":                 {[]byte("<plist><string><![CDATA[</string></plist>"), errBroken},
		"an endless document type":      {[]byte("<!DOCTYPE plist [ <!ENTITY a 'b'> "), errBroken},
		"no root":                       {[]byte("<?xml version='1.0'?>"), errBroken},
		"XML cut within a tag":          {[]byte(status[:len(status)-12]), errBroken},
		"tags that cross":               {wrapped("<dict><key>a</key><array></dict></array>"), errBroken},
		"an array for a root":           {wrapped("<array/>"), errBroken},
		"a text for a root":             {wrapped("<string>finished</string>"), errBroken},
		"an end of a date alone":        {wrapped("<dict></date></dict>"), errBroken},
		"an unknown element":            {wrapped("<dict><key>SnapshotState</key><lie/></dict>"), errBroken},
		"a key without a value":         {wrapped("<dict><key>SnapshotState</key></dict>"), errBroken},
		"500 arrays":                    {deep(500), nil},
		"513 arrays":                    {deep(513), errTooDeep},
		"a million open arrays":         {[]byte("<plist>" + strings.Repeat("<array>", 1_000_000)), errTooDeep},
		"a million open data":           {[]byte("<plist>" + strings.Repeat("<data>", 1_000_000)), errTooDeep},
		"an empty plist":                {wrapped(""), nil},
		"an empty dictionary":           {wrapped("<dict/>"), nil},
		"only a head":                   {[]byte("bplist00"), errBroken},
		"a head and zeros":              {append([]byte("bplist00"), make([]byte, 100)...), errBroken},
		"2^62 texts":                    {absurdCount(0x50, 1<<62), errBroken},
		"2^63 elements":                 {absurdCount(0xA0, 1<<63), errBroken},
		"2^63 keys":                     {absurdCount(0xD0, 1<<63), errBroken},
		"2^64-6 bytes":                  {absurdCount(0x40, math.MaxUint64-5), errBroken},
		"2^64-6 characters":             {absurdCount(0x60, math.MaxUint64-5), errBroken},
		"an array within itself":        {binaryWith([]byte{0xA1, 0}), errBroken},
		"two within each other":         {binaryWith([]byte{0xA1, 1}, []byte{0xA1, 0}), errBroken},
		"a reference to nowhere":        {binaryWith([]byte{0xA1, 7}), errBroken},
		"an unknown kind":               {binaryWith([]byte{0x70}), errBroken},
		"a number of 2^15 bytes":        {binaryWith([]byte{0x1F}), errBroken},
		"a count that is no number":     {binaryWith([]byte{0xAF, 0x51, 0x01}), errBroken},
		"a binary array for a root":     {binaryWith([]byte{0xA0}), errBroken},
		"500 binary arrays":             {chain(500), errBroken}, // fine, but not a dictionary
		"514 binary arrays":             {chain(514), errTooDeep},
		"200,000 binary arrays":         {chain(200_000), errTooDeep},
		"a million binary arrays":       {chain(1_000_000), errTooLarge},
		"5 MB of keys":                  {wrapped("<dict>" + strings.Repeat("<key>a</key><string/>", 250_000) + "</dict>"), errTooLarge},
		"values that multiply":          {laughs(), nil},
		"arrays upon each other":        {sharedBytes(), errBroken},
		"a byte order mark and blanks":  {[]byte("\ufeff\n " + status), nil},
		"a root without plist":          {[]byte("<dict><key>SnapshotState</key><string>finished</string></dict>"), nil},
		"garbage after the root":        {[]byte(status + "\xff\x00<<<tail of a longer file</dict></plist>"), nil},
		"comments and sections":         {wrapped("<!-- </plist> --><dict><key><![CDATA[SnapshotState]]></key><!-- a --><string>fin<![CDATA[ish]]>ed</string></dict>"), nil},
		"entities that multiply":        {[]byte(`<!DOCTYPE plist [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><plist><dict><key>x</key><string>&b;</string></dict></plist>`), nil},
		"another encoding":              {[]byte("<?xml version='1.0' encoding='ISO-8859-1'?><plist><dict><key>SnapshotState</key><string>finished</string></dict></plist>"), nil},
		"a control character":           {wrapped("<dict><key>SnapshotState</key><string>fin\x00\x01ished</string></dict>"), nil},
		"bytes that are no UTF-8":       {wrapped("<dict><key>x</key><string>\xff\xfe</string></dict>"), nil},
		"references to no character":    {wrapped("<dict><key>x</key><string>&#0;&#x1;&#xFFFFFFFFF;&nbsp; Tom & Jerry</string></dict>"), nil},
		"a date that is none":           {wrapped("<dict><key>Date</key><date>20a1-10-09T0b:31:15Z</date></dict>"), nil},
		"an empty date":                 {wrapped("<dict><key>Date</key><date/></dict>"), nil},
		"a number that is none":         {wrapped("<dict><key>a</key><integer>x</integer><key>b</key><real/><key>c</key><integer></integer></dict>"), nil},
		"data that is none":             {wrapped("<dict><key>a</key><data>!!!</data><key>b</key><data/></dict>"), nil},
		"data with a section":           {wrapped("<dict><key>a</key><data><![CDATA[</data>]]></data></dict>"), nil},
		"data with a comment":           {wrapped("<dict><key>a</key><data><!--</data>--></data></dict>"), nil},
		"a date that is not a number":   {binaryDate(math.NaN()), nil},
		"a date at the end of time":     {binaryDate(math.Inf(1)), nil},
		"a date before the calendar":    {binaryDate(-1e300), nil},
		"a dictionary posing as number": {wrapped("<dict><key>CF$UID</key><integer>1</integer></dict>"), nil},
	}
}

func TestHostileInput(t *testing.T) {
	for name, input := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := decode[statusFile](bytes.Clone(input.raw))
			if !errors.Is(err, input.want) {
				t.Errorf("error %v, want %v", err, input.want)
			}
			// Only what would stall for minutes is meant here.
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

// What the guard before the library says by itself.
func TestCheckBinary(t *testing.T) {
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"512 arrays within each other": {chain(512), nil},
		"513 and a value":              {chain(514), errTooDeep},
		"values that multiply":         {laughs(), nil},
		"arrays upon each other":       {sharedBytes(), errBroken},
		"one array for two":            {binaryWith([]byte{0x51, 'a'}, []byte{0xA2, 0, 0}, []byte{0xA2, 1, 1}), nil},
		"a tail":                       {append(binaryOf(statusDoc()), 0), errBroken},
		"a status":                     {binaryOf(statusDoc()), nil},
	} {
		if err := checkBinary(c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestSlim(t *testing.T) {
	for name, c := range map[string]struct {
		raw    string
		levels int
		want   string
	}{
		"artwork":      {`<plist a="b"><dict><key>i</key><data>AAAA</data></dict></plist>`, 4, `<plist><dict><key>i</key><data/></dict></plist>`},
		"too deep":     {`<plist><dict><key>A</key><dict><key>b</key><dict/></dict></dict></plist>`, 3, `<plist><dict><key>A</key><data/></dict></plist>`},
		"a level more": {`<plist><dict><key>A</key><dict><key>b</key><dict/></dict></dict></plist>`, 4, `<plist><dict><key>A</key><dict><key>b</key><data/></dict></dict></plist>`},
		"no slack": {`<plist><dict><key>a</key><real></real><key>b</key><data><x/></data><key>c</key><date></date></dict></plist>`, 3,
			`<plist><dict><key>a</key><data/><key>b</key><data/><key>c</key><data/></dict></plist>`},
		"what is about": {"\n<!-- --><?x?><!DOCTYPE a [<!ENTITY b '>'>]>x<plist/>tail", 3, `<plist/>`},
		"blanks":        {"<plist\n><true /></plist\t>", 3, `<plist><true/></plist>`},
	} {
		got, err := slim([]byte(c.raw), needs{levels: c.levels})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}

func TestDecodeReadsAroundWhatIsBroken(t *testing.T) {
	want := statusFile{SnapshotState: finished, BackupState: "new", Date: date(finishAt), IsFullBackup: "no"}
	status := string(xmlOf(statusDoc()))
	for name, c := range map[string]struct {
		raw  string
		want statusFile
	}{
		"as it is": {status, want},
		"with a date right behind a cut": {`<plist ><dict><key>Date</key><date>x</date><key>SnapshotState</key><string>finished</string></dict></plist>`,
			statusFile{SnapshotState: finished}},
		"with a tail of a longer file":  {status + "\xff<string>", want},
		"with an odd name in it":        {strings.Replace(status, "5A0F", "\x00\x1f\xff & &#0; \u00a0", 1), want},
		"with artwork before and after": {strings.ReplaceAll(status, "<key>UUID", "<key>a</key><data>AAAA\nAAA=</data><key>UUID"), want},
		"with a comment in the date":    {strings.Replace(status, "<date>", "<date><!-- </date> -->", 1), want},
		"with numbers of no use":        {strings.Replace(status, "<key>UUID", "<key>a</key><integer>-0x</integer><key>UUID", 1), want},
		"with a date that is none": {strings.Replace(status, "<date>", "<date>x", 1),
			statusFile{SnapshotState: finished, BackupState: "new", IsFullBackup: "no"}},
		"with a number for the flag": {strings.Replace(status, "<false/>", "<integer>1</integer>", 1),
			statusFile{SnapshotState: finished, BackupState: "new", Date: date(finishAt)}},
		"with data for the state": {strings.Replace(status, "<string>finished</string>", "<data>ZmluaXNoZWQ=</data>", 1),
			statusFile{BackupState: "new", Date: date(finishAt), IsFullBackup: "no"}},
		"with a collection for the state": {strings.Replace(status, "<string>finished</string>", "<array><string>finished</string></array>", 1),
			statusFile{BackupState: "new", Date: date(finishAt), IsFullBackup: "no"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := decode[statusFile]([]byte(c.raw))
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestAbsurdDatesAreNone(t *testing.T) {
	for _, seconds := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1e300, 1e18} {
		got, err := decode[statusFile](binaryDate(seconds))
		if err != nil || got.SnapshotState != finished || got.Date != (date{}) {
			t.Errorf("%v seconds: %v, %v", seconds, got, err)
		}
	}
	if got, err := decode[statusFile](binaryDate(0.5)); err != nil || !time.Time(got.Date).Equal(at("2001-01-01T00:00:00.5Z")) {
		t.Errorf("half a second after the epoch: %v, %v", time.Time(got.Date), err)
	}
}

func TestStringsDoNotKeepTheFile(t *testing.T) {
	const files, size = 16, 1 << 20
	raw := binaryOf(changed(statusDoc(), doc{"Padding": make([]byte, size)}))
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	var kept []statusFile
	for range files {
		got, err := decode[statusFile](raw)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, got)
	}
	if grew := int64(heap()) - int64(before); grew > files*size/2 {
		t.Errorf("%d short strings hold %d bytes", files, grew)
	}
	runtime.KeepAlive(kept)
	runtime.KeepAlive(raw)
}

// A file that was cut off, wherever, is never taken for a finished run of
// another date.
func TestEveryTruncationOfAStatus(t *testing.T) {
	for encoding, encode := range encodings {
		whole := encode(statusDoc())
		for n := range len(whole) {
			got, err := decode[statusFile](bytes.Clone(whole[:n]))
			if err == nil && got.SnapshotState != "" && !time.Time(got.Date).Equal(finishAt) {
				t.Errorf("%s cut at %d of %d reads as %+v", encoding, n, len(whole), got)
			}
			if err == nil && n < len(whole)-len("</plist>\n") {
				t.Errorf("%s cut at %d of %d is not refused", encoding, n, len(whole))
			}
		}
	}
}

// The same on disk: a cut Status.plist leaves the weak date of Manifest.plist.
func TestTruncatedStatusInAFolder(t *testing.T) {
	for encoding, encode := range encodings {
		m := complete(t, t.TempDir(), modernUDID, encode)
		place := New(filepath.Dir(m.dir), clock)
		whole := encode(statusDoc())
		for n := range len(whole) - len("</plist>\n") {
			m.put(statusName, whole[:n], finishAt)
			m.rest()
			if got := readOne(t, place); got.Weak == "" || !got.LastGood.Equal(manifestAt) {
				t.Fatalf("%s cut at %d: %+v", encoding, n, got)
			}
		}
	}
}

// A foreign encoder's binary form reads the same as the XML it was made from.
func TestBinaryOfAnotherEncoder(t *testing.T) {
	tool, err := exec.LookPath("plistutil")
	if err != nil {
		t.Skip("plistutil (Debian: libplist-utils) is not installed: no foreign encoder to compare with")
	}
	var want, got manifestFile
	if want, err = decode[manifestFile](xmlOf(manifestDoc())); err != nil {
		t.Fatal(err)
	}
	in, out := filepath.Join(t.TempDir(), "in.plist"), filepath.Join(t.TempDir(), "out.plist")
	if err := os.WriteFile(in, xmlOf(manifestDoc()), 0o644); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command(tool, "-i", in, "-f", "bin", "-o", out).CombinedOutput(); err != nil {
		t.Fatalf("plistutil: %v\n%s", err, text)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(raw, []byte("bplist00")) {
		t.Fatalf("plistutil wrote %q", raw[:8])
	}
	if got, err = decode[manifestFile](raw); err != nil {
		t.Fatal(err)
	}
	same := cmp.AllowUnexported(lockdown{})
	if diff := cmp.Diff(want, got, same, cmp.Transformer("time", func(d date) time.Time { return time.Time(d) })); diff != "" {
		t.Errorf("(-XML +binary):\n%s", diff)
	}
	if !got.genuine() || got.Lockdown.identity.Name != "Anna's iPhone" {
		t.Errorf("got %+v", got)
	}
}

func TestSizeLimits(t *testing.T) {
	dir := t.TempDir()
	for name, limit := range map[string]int64{infoName: maxInfo, statusName: maxPlist} {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(limit + 1); err != nil { // a hole: takes no room
			t.Fatal(err)
		}
		_ = f.Close()
		info, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := theDisk().content(path, info, limit); !errors.Is(err, errTooLarge) {
			t.Errorf("%s of %d bytes: %v, want %v", name, limit+1, err, errTooLarge)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, input := range hostile() {
		if len(input.raw) < 1<<16 {
			f.Add(input.raw)
		}
	}
	for _, encode := range encodings {
		for _, d := range []doc{statusDoc(), manifestDoc(), infoDoc()} {
			f.Add(encode(d))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, read := range []func([]byte) error{
			func(raw []byte) error { _, err := decode[statusFile](raw); return err },
			func(raw []byte) error { _, err := decode[manifestFile](raw); return err },
			func(raw []byte) error { _, err := decode[infoFile](raw); return err },
			func(raw []byte) error { _, err := decode[cloudFile](raw); return err },
		} {
			if err := read(bytes.Clone(raw)); err != nil && !saysNothingNew(err) {
				t.Errorf("an error of no kind: %v", err)
			}
		}
	})
}

// What the slimmer lets through is a property list that it would let through
// again as it is.
func FuzzSlim(f *testing.F) {
	for _, input := range hostile() {
		if len(input.raw) < 1<<16 {
			f.Add(input.raw, 3)
		}
	}
	f.Add(xmlOf(infoDoc()), 4)
	f.Fuzz(func(t *testing.T, raw []byte, levels int) {
		wanted := needs{levels: levels, numbers: levels%2 == 0}
		slimmed, err := slim(bytes.Clone(raw), wanted)
		if err != nil {
			return
		}
		if len(slimmed) > len(raw) {
			t.Fatalf("grew from %d to %d bytes", len(raw), len(slimmed))
		}
		again, err := slim(bytes.Clone(slimmed), wanted)
		if err != nil || !bytes.Equal(again, slimmed) {
			t.Fatalf("%q\nbecame %q\nand then %q, %v", raw, slimmed, again, err)
		}
	})
}

// Where the plist library reads an XML file by itself, our way around it reads
// the same.
func FuzzAgainstThePlainLibrary(f *testing.F) {
	for _, d := range []doc{statusDoc(), manifestDoc(), infoDoc()} {
		f.Add(xmlOf(d))
	}
	for _, input := range hostile() {
		if len(input.raw) < 1<<12 {
			f.Add(input.raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		ours, err := decode[statusFile](bytes.Clone(raw))
		if err != nil || bytes.HasPrefix(raw, []byte("bplist")) {
			return
		}
		var plain statusFile
		if format, err := plist.Unmarshal(raw, &plain); err != nil || format != plist.XMLFormat {
			return
		}
		if ours != plain {
			t.Errorf("%q\nours  %+v\nplain %+v", raw, ours, plain)
		}
	})
}

func ExampleUsual() {
	for _, place := range Usual("windows", func(name string) string { return `C:\` + name }) {
		fmt.Println(place)
	}
	// Output:
	// C:\APPDATA\Apple Computer\MobileSync\Backup
	// C:\USERPROFILE\Apple\MobileSync\Backup
	// C:\APPDATA\Apple\MobileSync\Backup
}
