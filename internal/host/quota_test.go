package host

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ninelives/internal/health"
)

// play names what the test binary does when it runs as its own child, in place
// of brctl.
const play = "HOST_TEST_PLAY"

func TestMain(m *testing.M) {
	switch act, text, _ := strings.Cut(os.Getenv(play), ":"); act {
	case "":
		goleak.VerifyTestMain(m)
	case "say":
		fmt.Print(text)
	case "fail":
		fmt.Fprintln(os.Stderr, text)
		os.Exit(3)
	case "flood":
		for {
			if _, err := fmt.Println("1 bytes of quota remaining"); err != nil {
				os.Exit(1)
			}
		}
	case "hang":
		time.Sleep(time.Minute)
	case "linger":
		time.Sleep(10 * time.Second)
	case "leave": // its child keeps the pipe open
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), play+"=linger")
		child.Stdout = os.Stdout
		if child.Start() != nil {
			os.Exit(1)
		}
		fmt.Println("1 bytes of quota remaining")
	}
}

// acting gives a source whose command does what is said.
func acting(t *testing.T, act string) *Quota {
	t.Setenv(play, act)
	q := NewQuota("darwin")
	q.command = []string{os.Args[0], "quota"}
	return q
}

func TestQuota(t *testing.T) {
	for name, c := range map[string]struct {
		act     string
		want    int64
		trouble health.Trouble
		says    string
	}{
		"an answer":             {"say:2098962726220 bytes of quota remaining\n", 2098962726220, health.NoTrouble, ""},
		"another answer":        {"say:bird is asleep, anna@example.org\n", 0, health.Malformed, "another answer"},
		"no answer":             {"say:", 0, health.Malformed, "another answer"},
		"an answer without end": {"flood", 0, health.Malformed, "4 KiB"},
		"a failure":             {"fail:no account anna@example.org", 0, health.Failed, "exit status 3"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := acting(t, c.act).Read(t.Context())
			if got.Remaining != c.want || health.TroubleOf(err) != c.trouble || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("%+v, error %v; want %d, trouble %q, saying %q", got, err, c.want, c.trouble, c.says)
			}
			if strings.Contains(fmt.Sprint(err), "anna") {
				t.Errorf("%v tells who the account belongs to", err)
			}
		})
	}
}

func TestQuotaGivesUpOnACommandThatHangs(t *testing.T) {
	q := acting(t, "hang")
	q.patience = 100 * time.Millisecond
	began := time.Now()
	_, err := q.Read(t.Context())
	if took := time.Since(began); health.TroubleOf(err) != health.TimedOut || took > 5*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := q.Read(ctx); health.TroubleOf(err) != health.TimedOut {
		t.Errorf("after its caller gave up: %v", err)
	}
	q.turn <- struct{}{} // when no question is under way any more
	<-q.turn
	t.Setenv(play, "say:5 bytes of quota remaining")
	q.patience = quotaPatience
	if got, err := q.Read(t.Context()); got.Remaining != 5 || err != nil {
		t.Errorf("when it works again: %+v, %v", got, err)
	}
}

func TestQuotaDoesNotAskBesideAQuestion(t *testing.T) {
	q := acting(t, "say:5 bytes of quota remaining")
	q.turn <- struct{}{}
	if _, err := q.Read(t.Context()); health.TroubleOf(err) != health.TimedOut || !strings.Contains(err.Error(), "still hangs") {
		t.Errorf("error %v", err)
	}
}

func TestQuotaDoesNotWaitForChildrenOfTheCommand(t *testing.T) {
	q := acting(t, "leave")
	began := time.Now()
	_, err := q.Read(t.Context())
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
}

func TestQuotaWithoutTheCommand(t *testing.T) {
	gone := NewQuota("darwin")
	gone.command = []string{filepath.Join(t.TempDir(), "brctl")}
	for name, q := range map[string]*Quota{"Linux": NewQuota("linux"), "Windows": NewQuota("windows"), "a Mac without it": gone} {
		if _, err := q.Read(t.Context()); health.TroubleOf(err) != health.NotFound || !strings.HasPrefix(err.Error(), "host: brctl quota: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := NewQuota("linux").command; len(got) > 0 {
		t.Errorf("runs %q, which sets up networks there", got)
	}
	if got := NewQuota("darwin").command; strings.Join(got, " ") != "/usr/bin/brctl quota" {
		t.Errorf("runs %q", got)
	}
}

func TestParseQuota(t *testing.T) {
	for output, want := range map[string]int64{
		"2098962726220 bytes of quota remaining\n":                     2098962726220,
		"6546785123652 bytes of quota remaining in personal account\n": 6546785123652,
		"1899909948243 bytes of quota remaining":                       1899909948243,
		"1.82 TB of quota remaining\r\n":                               1820000000000,
		"1,82 TB of quota remaining":                                   1820000000000,
		"512 MB of quota remaining.":                                   512000000,
		"0 bytes of quota remaining":                                   0,
		"1 byte of quota remaining":                                    1,
		"-4096 bytes of quota remaining":                               0,
		"some warning\n  7 bytes of quota remaining\n":                 7,
		"9 bytes of quota remaining in managed account\n7 bytes of quota remaining in personal account\n":    7,
		"9 bytes of quota remaining in managed account\n7 bytes of quota remaining in educational account\n": 9,
		"9223372036854775807 bytes of quota remaining":                                                       1<<63 - 1,
	} {
		if got, ok := parseQuota(output); !ok || got != want {
			t.Errorf("%q: %d, %v; want %d", output, got, ok, want)
		}
	}
	for _, output := range []string{
		"", "bytes of quota remaining", "9223372036854775808 bytes of quota remaining", "1.5 bytes of quota remaining",
		"9300000 PB of quota remaining", "12 apples of quota remaining", "12 bytes of quota used", "1 2 bytes of quota remaining",
		"2,098,962 bytes of quota remaining", "NaN TB of quota remaining", "no 5 bytes of quota remaining", "5 bytes of quota remaining?",
	} {
		if got, ok := parseQuota(output); ok {
			t.Errorf("%q: %d, want nothing", output, got)
		}
	}
}

func FuzzParseQuota(f *testing.F) {
	f.Add("2098962726220 bytes of quota remaining")
	f.Add("1.82 TB of quota remaining in personal account")
	f.Fuzz(func(t *testing.T, output string) {
		if got, ok := parseQuota(output); got < 0 || !ok && got != 0 {
			t.Fatalf("%d, %v", got, ok)
		}
	})
}
