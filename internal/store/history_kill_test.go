package store

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
)

// Variables that make this test program keep the history that gets killed.
const (
	playHistory     = "NINELIVES_TEST_NOTE_IN"
	playHistoryFrom = "NINELIVES_TEST_NOTE_FROM"
)

// chapter is what round n finds: a hundred devices in turn, each day of each
// once.
func chapter(n int) (device string, now time.Time) {
	return fmt.Sprintf("%08x", n%100), noon.Add(time.Duration(n/100) * historyDay)
}

// noteForEver notes ever later rounds and prints each when it is safe. Now and
// then it writes the whole file anew, as after years.
func noteForEver(dir string) {
	from, err := strconv.Atoi(os.Getenv(playHistoryFrom))
	if err != nil {
		os.Exit(2)
	}
	h := OpenHistory(dir)
	for n := from; ; n++ {
		device, now := chapter(n)
		err := h.Note(reportOf(seen(device, health.Warning, now)), nil, now)
		if err == nil && n%7 == 0 {
			err = h.rewrite()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		fmt.Println(n)
	}
}

func TestAKillAtAnyMomentLosesNoDay(t *testing.T) {
	const kills = 50
	dir := t.TempDir()
	last := -1
	for range kills {
		last = killNoting(t, dir, last+1)
		if last > keepDays*100 {
			t.Skip("this machine is faster than five years")
		}
	}
	if last < kills {
		t.Errorf("only %d rounds were noted: this proves nothing", last)
	}
	left, err := filepath.Glob(filepath.Join(dir, "history.*"))
	if err != nil || len(left) > 0 {
		t.Errorf("something was set aside: %v, %v", left, err)
	}
}

// killNoting kills a noting process and gives the last round that is there
// afterwards: not an earlier one than was safe, and without a gap before it.
func killNoting(t *testing.T, dir string, from int) int {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), playHistory+"="+dir, playHistoryFrom+"="+strconv.Itoa(from))
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	safe, lines := -1, bufio.NewScanner(out)
	for lines.Scan() {
		if safe < 0 { // it runs: from now on any moment will do
			time.AfterFunc(time.Duration(rand.Int64N(int64(10*time.Millisecond))), func() { _ = process.Process.Kill() })
		}
		if safe, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
	}
	_ = process.Wait() // killed, as it should be
	if safe < from {
		t.Fatalf("nothing was noted after round %d", from)
	}
	h := openHistory(dir)
	last := safe
	for n := 0; n <= last+1; n++ {
		device, now := chapter(n)
		want := now.Format(time.DateOnly) + " wb"
		if got := told(h, device, now, 1); got != want && n <= safe {
			t.Fatalf("round %d was safe up to %d, and it says %q", n, safe, got)
		} else if got == want {
			last = max(last, n)
		} else if strings.TrimSpace(got) != "" {
			t.Fatalf("round %d is half there: %q", n, got)
		}
	}
	return last
}
