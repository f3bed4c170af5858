package desktop

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// soon is the deadline of tests in which nothing hangs: long enough for a
// machine under load, and never waited for.
const soon = 20 * time.Second

// needTool skips the test with a spoken reason, and fails it in CI.
func needTool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" && runtime.GOOS == linux { // the other systems' runners lack Linux's tools
		t.Fatalf("%s is missing; CI must have it on Linux", name)
	}
	t.Skipf("%s is not installed: this cannot be tried here", name)
	return ""
}

// eventually waits for something that another process or goroutine does.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(soon); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}
