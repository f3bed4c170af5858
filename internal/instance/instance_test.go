package instance

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Variables that make this test program play another process.
const (
	playDir  = "NINELIVES_TEST_HOLD"
	playKind = "NINELIVES_TEST_KIND"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(playDir); dir != "" {
		os.Exit(play(dir, os.Getenv(playKind)))
	}
	goleak.VerifyTestMain(m)
}

// play holds the lock and serves until it is killed, or tries once.
func play(dir, kind string) int {
	lock, err := Acquire(dir)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("held")
	if kind == "try" {
		return 0
	}
	err = lock.Serve(context.Background(), func(command string) string { return "process " + command })
	fmt.Println(err)
	return 1
}

// process starts another process on a data folder and gives its first line.
func process(t *testing.T, dir, kind string) (*exec.Cmd, string) {
	t.Helper()
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), playDir+"="+dir, playKind+"="+kind)
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return other, strings.TrimSuffix(line, "\n")
}

// dirs are data folders whose socket has its usual place, and another one.
func dirs(t *testing.T) map[string]string {
	base, err := os.MkdirTemp("", "n") // t.TempDir is long already
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	return map[string]string{
		"a short path": filepath.Join(base, "d"),
		"a long path":  filepath.Join(base, strings.Repeat("long ", 30), "d"),
	}
}

// serve acquires and serves in this process; end stops it and waits.
func serve(t *testing.T, dir string, handle func(string) string) (lock *Lock, end func()) {
	t.Helper()
	lock, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- lock.Serve(ctx, handle) }()
	awaitAnswer(t, dir)
	return lock, sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := lock.Release(); err != nil {
			t.Error(err)
		}
	})
}

// awaitAnswer waits until somebody listens, for a start that takes its time.
func awaitAnswer(t *testing.T, dir string) {
	t.Helper()
	for range 1000 {
		if _, err := Send(t.Context(), dir, "ping"); !errors.Is(err, ErrNotRunning) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("nobody listens")
}

func echo(command string) string { return "did " + command }

func TestOnlyOneHoldsTheLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on the way")
	lock, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(dir); !errors.Is(err, ErrRunning) {
		t.Errorf("a second time: %v", err)
	}
	if _, line := process(t, dir, "try"); !strings.HasSuffix(line, ErrRunning.Error()) {
		t.Errorf("another process: %s", line)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if _, line := process(t, dir, "try"); line != "held" {
		t.Errorf("after the release: %s", line)
	}
}

func TestAKilledHolderLeavesNothingInTheWay(t *testing.T) {
	for name, dir := range dirs(t) {
		t.Run(name, func(t *testing.T) {
			for range 3 {
				other, line := process(t, dir, "serve")
				if line != "held" {
					t.Fatal(line)
				}
				awaitAnswer(t, dir)
				if reply, err := Send(t.Context(), dir, "hello"); reply != "process hello" {
					t.Errorf("got %q, %v", reply, err)
				}
				socket, err := address(dir)
				if err != nil {
					t.Fatal(err)
				}
				if err := other.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				_ = other.Wait() // killed, as it should be
				if _, err := Send(t.Context(), dir, "hello"); !errors.Is(err, ErrNotRunning) {
					t.Errorf("after the kill: %v", err)
				}
				_, end := serve(t, dir, echo)
				if reply, err := Send(t.Context(), dir, "hello"); reply != "did hello" {
					t.Errorf("got %q, %v", reply, err)
				}
				if now, err := address(dir); err != nil || now != socket {
					if _, err := os.Stat(filepath.Dir(socket)); err == nil {
						t.Errorf("the folder of the dead one is still there: %s", socket)
					}
				}
				end()
			}
		})
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	for name, dir := range dirs(t) {
		t.Run(name, func(t *testing.T) {
			_, end := serve(t, dir, echo)
			socket, err := address(dir)
			if err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(socket); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("got %v, %v", info.Mode(), err)
			}
			end()
			if _, err := os.Stat(socket); err == nil {
				t.Errorf("%s is still there", socket)
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 1 || left[0].Name() != lockName {
				t.Errorf("got %v, %v", left, err)
			}
			if folder := filepath.Dir(socket); folder != dir {
				if _, err := os.Stat(folder); err == nil {
					t.Errorf("%s is still there", folder)
				}
			}
		})
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	dir := dirs(t)["a short path"]
	_, end := serve(t, dir, echo)
	defer end()
	var clients sync.WaitGroup
	for i := range 100 {
		clients.Go(func() {
			command := fmt.Sprint("command ", i)
			if reply, err := Send(t.Context(), dir, command); err != nil || reply != "did "+command {
				t.Errorf("got %q, %v", reply, err)
			}
		})
	}
	clients.Wait()
}

func TestHostileInputGetsNoAnswerAndDoesNoHarm(t *testing.T) {
	dir := dirs(t)["a short path"]
	var mu sync.Mutex
	var handled []string
	_, end := serve(t, dir, func(command string) string {
		mu.Lock()
		defer mu.Unlock()
		handled = append(handled, command)
		return "ok"
	})
	defer end()
	socket, err := address(dir)
	if err != nil {
		t.Fatal(err)
	}
	inputs := map[string]string{
		"nothing": "", "an empty line": "\n", "no line end": "quit", "binary": "\x00\x01\x02\n", "not UTF-8": "\xff\xfe\n", "an escape": "\x1b[2Jquit\n",
		"a carriage return": "quit\r\n", "endless": strings.Repeat("a", 1<<20), "too long": strings.Repeat("a", mostCommand) + "\n", "HTTP": "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	}
	for name, input := range inputs {
		t.Run(name, func(t *testing.T) {
			client, err := net.Dial("unix", socket)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = client.Close() }()
			_, _ = io.WriteString(client, input) // may be cut short by the other end
			_ = client.(*net.UnixConn).CloseWrite()
			if reply, _ := io.ReadAll(client); len(reply) > 0 {
				t.Errorf("got %q", reply)
			}
		})
	}
	mu.Lock()
	for _, command := range handled {
		if command != "ping" { // of awaitAnswer
			t.Errorf("handled %q", command)
		}
	}
	mu.Unlock()
	for range 3 * mostClients { // come and go without a word
		client, err := net.Dial("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		_ = client.Close()
	}
	if reply, err := Send(t.Context(), dir, "still there?"); err != nil || reply != "ok" {
		t.Errorf("got %q, %v", reply, err)
	}
}

func TestASilentClientDelaysNeitherOthersNorTheEnd(t *testing.T) {
	dir := dirs(t)["a short path"]
	_, end := serve(t, dir, echo)
	socket, err := address(dir)
	if err != nil {
		t.Fatal(err)
	}
	for range mostClients - 1 {
		client, err := net.Dial("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = client.Close() }()
	}
	if reply, err := Send(t.Context(), dir, "hello"); err != nil || reply != "did hello" {
		t.Errorf("got %q, %v", reply, err)
	}
	start := time.Now()
	end()
	if took := time.Since(start); took >= patience {
		t.Errorf("the end took %v", took)
	}
}

func TestACommandThatEndsTheProgramIsAnswered(t *testing.T) {
	dir := dirs(t)["a short path"]
	lock, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		done <- lock.Serve(ctx, func(command string) string {
			if command == "quit" {
				cancel()
			}
			return "bye"
		})
	}()
	awaitAnswer(t, dir)
	if reply, err := Send(t.Context(), dir, "quit"); err != nil || reply != "bye" {
		t.Errorf("got %q, %v", reply, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
}

func TestRepliesMayHaveLinesAndAreCutWhenHuge(t *testing.T) {
	dir := dirs(t)["a short path"]
	_, end := serve(t, dir, func(command string) string {
		if command == "huge" {
			return strings.Repeat("x", mostReply)
		}
		return "one\ntwo"
	})
	defer end()
	if reply, err := Send(t.Context(), dir, "lines"); err != nil || reply != "one\ntwo" {
		t.Errorf("got %q, %v", reply, err)
	}
	if reply, err := Send(t.Context(), dir, "huge"); err != nil || len(reply) != mostReply-1 {
		t.Errorf("got %d bytes, %v", len(reply), err)
	}
}

func TestSendRefusesWhatIsNoCommand(t *testing.T) {
	for _, command := range []string{"", "a\nb", "a\x00", "\xff", strings.Repeat("a", mostCommand)} {
		if _, err := Send(t.Context(), t.TempDir(), command); err == nil || errors.Is(err, ErrNotRunning) {
			t.Errorf("%.10q: got %v", command, err)
		}
	}
}

func TestSendWithoutAnInstance(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{dir, filepath.Join(dir, "none"), filepath.Join(file, "below")} {
		if _, err := Send(t.Context(), where, "ping"); !errors.Is(err, ErrNotRunning) {
			t.Errorf("%s: got %v", where, err)
		}
	}
	for _, text := range []string{"", "relative/ninelives.sock\n", "/etc/passwd\n", "/" + strings.Repeat("a", 200) + "/ninelives.sock\n"} {
		if err := os.WriteFile(filepath.Join(dir, addressName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Send(t.Context(), dir, "ping"); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

func TestAServerThatSaysNothing(t *testing.T) {
	dir := dirs(t)["a short path"]
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, socketName)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if err := note(dir, socket); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Send(ctx, dir, "ping"); err == nil || errors.Is(err, ErrNotRunning) {
		t.Errorf("got %v", err)
	}
}

func TestOneFolderByTwoNames(t *testing.T) {
	both := dirs(t)
	long, short := both["a long path"], both["a short path"]
	if err := os.MkdirAll(long, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(long, short); err != nil {
		t.Skip(err)
	}
	for _, names := range [][2]string{{long, short}, {short, long}} {
		_, end := serve(t, names[0], echo)
		if _, err := Acquire(names[1]); !errors.Is(err, ErrRunning) {
			t.Errorf("by the other name: %v", err)
		}
		if reply, err := Send(t.Context(), names[1], "hello"); err != nil || reply != "did hello" {
			t.Errorf("got %q, %v", reply, err)
		}
		end()
	}
}

func TestWhatStandsInTheWayIsNotRemoved(t *testing.T) {
	dir := dirs(t)["a short path"]
	lock, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Release() }()
	path := filepath.Join(dir, socketName)
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := lock.Serve(t.Context(), echo); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "mine" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestAFolderThatCannotBeLocked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Acquire(filepath.Join(file, "data"))
	if !errors.Is(err, ErrNoLock) || errors.Is(err, ErrRunning) || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("got %v", err)
	}
	if os.Getuid() <= 0 {
		return // root, and Windows, may write everywhere
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(dir, 0o700) }() // so that it can be cleaned up
	if _, err := Acquire(dir); !errors.Is(err, ErrNoLock) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkSend(b *testing.B) {
	dir := b.TempDir()
	lock, err := Acquire(dir)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- lock.Serve(ctx, echo) }()
	for {
		if _, err := Send(ctx, dir, "ping"); err == nil {
			break
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Send(ctx, dir, "ping"); err != nil {
			b.Fatal(err)
		}
	}
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	if err := lock.Release(); err != nil {
		b.Fatal(err)
	}
}
