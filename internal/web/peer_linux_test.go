package web

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestAnotherUserOfThisComputerLearnsNothing has all the keys, and is somebody
// else.
func TestAnotherUserOfThisComputerLearnsNothing(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can act for another user")
	}
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	s := serve(t)
	b := s.newBrowser()
	as := func(user uint32, args ...string) string {
		t.Helper()
		c := exec.Command(curl, append([]string{"-s", "-q", "-w", " %{http_code}", "-b", b.cookie}, args...)...)
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
		c.Dir = "/"
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	const nobody = 65534
	for _, path := range []string{s.base + "/", s.base + "/events", s.Link("/")} {
		if got := as(nobody, path); got != "403 403" {
			t.Errorf("%s: another user gets %q", path, got)
		}
	}
	if got := as(0, s.base+"/"); !strings.HasSuffix(got, " 200") {
		t.Errorf("the same user gets %q", got)
	}
	s.wellServed()
}
