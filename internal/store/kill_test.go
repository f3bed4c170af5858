package store

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Variables that make this test program play the one that gets killed.
const (
	playDir  = "NINELIVES_TEST_SAVE_IN"
	playFrom = "NINELIVES_TEST_SAVE_FROM"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(playDir); dir != "" {
		saveForEver(dir)
	}
	if dir := os.Getenv(playHistory); dir != "" {
		noteForEver(dir)
	}
	os.Exit(m.Run())
}

const livesAtStake = 5

// saveForEver saves ever newer generations and prints each when it is safe.
func saveForEver(dir string) {
	from, err := strconv.Atoi(os.Getenv(playFrom))
	if err != nil {
		os.Exit(2)
	}
	m := OpenMemory(dir)
	if _, err := m.Load(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	for generation := from; ; generation++ {
		if err := m.Save(lives(generation, livesAtStake)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		fmt.Println(generation)
	}
}

func TestAKillAtAnyMomentLosesNothing(t *testing.T) {
	const kills = 50
	dir := t.TempDir()
	generation := 0
	for range kills {
		generation = killOnce(t, dir, generation+1)
	}
	if generation < kills {
		t.Errorf("only %d generations were saved: this proves nothing", generation)
	}
	left, err := filepath.Glob(filepath.Join(dir, "memory.*"))
	if err != nil || len(left) > 2 {
		t.Errorf("something was set aside: %v, %v", left, err)
	}
}

// killOnce kills a saving process and gives the generation that is there
// afterwards: whole, and not older than the last one that was safe.
func killOnce(t *testing.T, dir string, from int) int {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), playDir+"="+dir, playFrom+"="+strconv.Itoa(from))
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	safe, lines := 0, bufio.NewScanner(out)
	for lines.Scan() {
		if safe == 0 { // it runs: from now on any moment will do
			time.AfterFunc(time.Duration(rand.Int64N(int64(10*time.Millisecond))), func() { _ = process.Process.Kill() })
		}
		if safe, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatal(err)
		}
	}
	_ = process.Wait() // killed, as it should be
	got, err := OpenMemory(dir).Load()
	if err != nil {
		t.Fatalf("after generation %d: %v", safe, err)
	}
	generation := int(got.Facts.Backups[0].GoodAt.Sub(noon) / time.Second)
	if generation < safe || safe < from {
		t.Fatalf("generation %d was safe, and %d is there", safe, generation)
	}
	if diff := cmp.Diff(lives(generation, livesAtStake), got); diff != "" {
		t.Fatalf("generation %d is not whole: %s", generation, diff)
	}
	return generation
}
