package tray

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// mostOfBare is how many times the bare library's time we may take until the
// icon is registered.
const mostOfBare = 8

// BenchmarkStartToIcon takes the time from the start of a process until its
// icon is registered with the host: a program with our tray and a full menu,
// and beside it one with nothing but fyne.io/systray and one line.
func BenchmarkStartToIcon(b *testing.B) {
	address, _ := startBus(b)
	h := newHost(b, address)
	h.appear()
	var ours, bare time.Duration
	for b.Loop() {
		ours += timeToIcon(b, h, func() func() {
			p := start(b, address, typicalOrder())
			return p.kill
		})
		bare += timeToIcon(b, h, func() func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childEnv+"=bare", "DBUS_SESSION_BUS_ADDRESS="+address)
			if err := cmd.Start(); err != nil {
				b.Fatal(err)
			}
			return func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
		})
	}
	ratio := float64(ours) / float64(bare)
	b.ReportMetric(float64(ours.Microseconds())/1000/float64(b.N), "ms/ours")
	b.ReportMetric(float64(bare.Microseconds())/1000/float64(b.N), "ms/bare")
	b.ReportMetric(ratio, "ours/bare")
	if ratio > mostOfBare {
		b.Errorf("our icon takes %.1f times as long as the bare library's; at most %d are allowed", ratio, mostOfBare)
	}
}

func timeToIcon(b *testing.B, h *host, start func() (kill func())) time.Duration {
	begun := time.Now()
	kill := start()
	h.waitItem()
	took := time.Since(begun)
	kill()
	return took
}

// BenchmarkDraw is the cost of one view for our own process: a view that says
// the same, and one in which an age has changed. No bus is asked.
func BenchmarkDraw(b *testing.B) {
	for name, labels := range map[string][]string{"same": {"12 days"}, "an age changed": {"12 days", "13 days"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			m, p := newPaper("linux")
			items := typical()
			for i := 0; b.Loop(); i++ {
				items[0].Label = labels[i%len(labels)]
				m.draw(items)
				p.sent = p.sent[:0]
			}
		})
	}
}
