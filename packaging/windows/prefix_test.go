package main

import (
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// person has blanks and letters that are not ASCII in the name, as people do.
const person = "Zoë Ünal"

// computer is a Windows of Wine's, with one person.
type computer struct {
	t       *testing.T
	prefix  string
	scratch string // for what programs say
	env     []string
}

// newComputer makes one, which takes some fifteen seconds.
func newComputer(t *testing.T) *computer {
	t.Helper()
	need(t, "wine", "wineserver", "wineboot")
	c := &computer{t: t, prefix: filepath.Join(t.TempDir(), "wine"), scratch: t.TempDir()}
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); name != "DISPLAY" && !strings.HasPrefix(name, "NINELIVES_") && !strings.HasPrefix(name, "WINE") {
			c.env = append(c.env, v)
		}
	}
	c.env = append(c.env, "USER="+person, "LC_ALL=C.UTF-8", "TZ=UTC", "WINEPREFIX="+c.prefix, "WINEARCH=win64", "WINEDEBUG=-all",
		// Else it would ask whether to download .NET and a browser, and put our
		// entry of the start menu into the menu of the person who tests.
		"WINEDLLOVERRIDES=mscoree,mshtml=;winemenubuilder.exe=d",
		"NINELIVES_OFFLINE=true", "NINELIVES_NOW="+storyTime.Format(time.RFC3339))
	t.Cleanup(func() {
		c.tool("wineserver", "-k")
		c.tool("wineserver", "-w")
	})
	if out, code := c.tool("wineboot", "-i"); code != 0 {
		t.Fatalf("wineboot: %d %s", code, out)
	}
	c.tool("wineserver", "-p") // stays between programs, which start sooner then
	c.addRandomness()
	return c
}

// addRandomness adds the library that Go takes its random numbers from, where
// this Wine is too old to have it: one that passes the call on.
func (c *computer) addRandomness() {
	c.t.Helper()
	library := filepath.Join(c.prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll")
	if _, err := os.Stat(library); err == nil {
		return
	}
	const linker = "x86_64-w64-mingw32-ld"
	need(c.t, linker)
	definition := filepath.Join(c.t.TempDir(), "random.def")
	if err := os.WriteFile(definition, []byte("LIBRARY bcryptprimitives.dll\nEXPORTS\n ProcessPrng = advapi32.SystemFunction036\n"), 0o600); err != nil {
		c.t.Fatal(err)
	}
	output(c.t, linker, "--dll", "-e", "0", "-o", library, definition)
}

// tool runs a program of Wine's, and gives all that it said and its exit code.
func (c *computer) tool(name string, args ...string) (string, int) {
	c.t.Helper()
	ran := exec.Command(name, args...)
	ran.Env = c.env
	// Files, not pipes: what a program leaves running would keep those open.
	out, complaints := c.open("stdout"), c.open("stderr")
	defer func() { _, _ = out.Close(), complaints.Close() }()
	ran.Stdout, ran.Stderr = out, complaints
	timer := time.AfterFunc(time.Minute, func() { _ = ran.Process.Kill() })
	defer timer.Stop()
	var exit *exec.ExitError
	if err := ran.Run(); err != nil && !errors.As(err, &exit) {
		c.t.Fatalf("%s %q: %v", name, args, err)
	}
	text := c.said(out)
	for _, l := range strings.SplitAfter(c.said(complaints), "\n") {
		if !strings.Contains(l, "wine32") && !strings.Contains(l, "multiarch") && !strings.Contains(l, "dpkg") && !strings.Contains(l, "apt-get") {
			text += l
		}
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), ran.ProcessState.ExitCode()
}

func (c *computer) open(name string) *os.File {
	c.t.Helper()
	file, err := os.Create(filepath.Join(c.scratch, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return file
}

func (c *computer) said(file *os.File) string {
	c.t.Helper()
	text, err := os.ReadFile(file.Name())
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

// run runs a program for Windows, by its path here.
func (c *computer) run(program string, args ...string) (string, int) {
	c.t.Helper()
	return c.tool("wine", append([]string{program}, args...)...)
}

// home is a path in the person's folder, as it is here.
func (c *computer) home(path ...string) string {
	return filepath.Join(append([]string{c.prefix, "drive_c", "users", person}, path...)...)
}

// drivePath is how Windows names a path below drive C.
func (c *computer) drivePath(path string) string {
	c.t.Helper()
	rest, ok := strings.CutPrefix(path, filepath.Join(c.prefix, "drive_c"))
	if !ok {
		c.t.Fatalf("%s is not on drive C", path)
	}
	return "C:" + strings.ReplaceAll(rest, "/", `\`)
}

// registry is what Wine's own reg says of a key of the person's, as one text
// with the values as reg writes them; "" where there is no such key.
func (c *computer) registry(key string) string {
	c.t.Helper()
	file := filepath.Join(c.t.TempDir(), "export.reg")
	if _, code := c.run("reg", "export", `HKCU\`+key, "Z:"+strings.ReplaceAll(file, "/", `\`), "/y"); code != 0 {
		return ""
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		c.t.Fatal(err)
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(raw[2*i:])
	}
	return strings.ReplaceAll(string(utf16.Decode(units)), "\r\n", "\n")
}

// quoted is a text as reg writes it in a value.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// processes are the numbers, here, of the programs of that name that run on
// this computer.
func (c *computer) processes(name string) []int {
	c.t.Helper()
	var found []int
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		c.t.Fatal(err)
	}
	for _, dir := range all {
		env, _ := os.ReadFile(filepath.Join(dir, "environ")) // gone, or somebody else's
		line, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
		program, _, _ := strings.Cut(string(line), "\x00")
		if strings.Contains("\x00"+string(env), "\x00WINEPREFIX="+c.prefix+"\x00") && strings.HasSuffix(program, `\`+name) {
			pid, _ := strconv.Atoi(filepath.Base(dir))
			found = append(found, pid)
		}
	}
	return found
}

// await waits until a number of programs of that name run.
func (c *computer) await(name string, want int) {
	c.t.Helper()
	for range 400 {
		if len(c.processes(name)) == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.t.Fatalf("%d of %s run, want %d", len(c.processes(name)), name, want)
}

// end kills those programs, each by its number.
func (c *computer) end(name string) {
	c.t.Helper()
	for _, pid := range c.processes(name) {
		process, err := os.FindProcess(pid)
		if err != nil {
			c.t.Fatal(err)
		}
		_ = process.Kill() // it may have ended by itself
	}
	c.await(name, 0)
}
