package desktop

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// inConfinement runs f in a thread without the way to gain rights. There is no
// way back, so that thread ends with it.
func inConfinement(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread goes with the goroutine
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			t.Errorf("no confinement here: %v", err)
			return
		}
		f()
	}()
	<-done
}

func TestConfinedProgramLetsTheServiceManagerOpen(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct {
		name    string
		scripts map[string]string
		used    string
	}{
		{"by the manager", map[string]string{"systemd-run": `echo "$*" > "${0%/*}/manager"`, "xdg-open": `echo "$*" > "${0%/*}/direct"`}, "manager"},
		{"itself, where there is none", map[string]string{"xdg-open": `echo "$*" > "${0%/*}/direct"`}, "direct"},
		{"itself, where the manager cannot", map[string]string{"systemd-run": "exit 1", "xdg-open": `echo "$*" > "${0%/*}/direct"`}, "direct"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := onPath(t, c.scripts)
			inConfinement(t, func() {
				if err := openTarget(t.Context(), linux, folder); err != nil {
					t.Error(err)
				}
			})
			want := folder + "\n"
			if c.used == "manager" {
				want = "--user --quiet --collect --wait --property=KillMode=process --description=Nine Lives opens a page -- xdg-open " + want
			}
			if got, err := os.ReadFile(filepath.Join(dir, c.used)); err != nil || string(got) != want {
				t.Errorf("%s got %q (%v), want %q", c.used, got, err, want)
			}
		})
	}
	if confined() {
		t.Skip("these tests themselves run confined: the free case cannot be seen")
	}
	dir := onPath(t, map[string]string{"systemd-run": `echo > "${0%/*}/manager"`, "xdg-open": "exit 0"})
	if err := openTarget(t.Context(), linux, folder); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "manager")); err == nil {
		t.Error("the manager is asked without need")
	}
}
