package phone

import (
	"context"
	options "flag" // flag is a field of our messages
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"time"

	"ninelives/internal/samplephone"
)

var long = options.Bool("long", false, "ten thousand readings instead of a thousand; so does NINELIVES_LONG=1")

// held is what a process holds.
type held struct {
	goroutines, descriptors int
	heap                    uint64
}

// heldNow counts after what has ended had the time to go away.
func heldNow(t testing.TB, hoped held) (h held) {
	t.Helper()
	for range 100 {
		h.goroutines, h.descriptors = runtime.NumGoroutine(), descriptors(t)
		if h.goroutines <= hoped.goroutines && h.descriptors <= hoped.descriptors {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	runtime.GC()
	runtime.GC() // what the first one only marked as unused
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.heap = m.HeapAlloc
	return h
}

// descriptors counts the open files; 0 where the system does not tell.
func descriptors(t testing.TB) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}

// TestReadingsLeaveNothingBehind asks two phones over and over, while one or
// the other or the daemon does what it should not, and others come and go and
// are watched. Neither goroutines nor open files nor memory may grow.
//
// Two halves are compared after a start: what is only made room for once grows
// in one of them, what leaks grows in both.
func TestReadingsLeaveNothingBehind(t *testing.T) {
	spoilt, fine := 100, 400 // readings in each half: those in which something sleeps take long
	if *long || os.Getenv("NINELIVES_LONG") == "1" {
		spoilt, fine = 4_000, 1_000
	}
	const most = 200 // bytes that the heap may grow by for each phone that is asked
	l := newLife(t)
	l.live(spoilt/5, true)
	l.live(fine/5, false)
	start := heldNow(t, held{})
	middle, first := l.half(spoilt, fine, start)
	end, second := l.half(spoilt, fine, middle)
	t.Logf("%+v; then %+v; then %+v; %d and %d bytes a phone; %+v", start, middle, end, first, second, l.counts)
	if end.goroutines > start.goroutines || end.descriptors > start.descriptors {
		t.Errorf("%+v have become %+v", start, end)
	}
	if min(first, second) > most {
		t.Errorf("each phone that is asked leaves %d bytes, and again %d", first, second)
	}
	if l.answered < 2*fine || l.away == 0 {
		t.Errorf("%+v", l.counts)
	}
	if n := len(l.source.visits); n > 2*int(again/time.Minute) {
		t.Errorf("%d phones are remembered", n)
	}
}

type counts struct{ asked, answered, failed, away int }

// life is a desk at which time goes by.
type life struct {
	*desk
	counts
	random           *rand.Rand
	anna, ben, other string // UDIDs; the other one is somebody else every time
	patience         time.Duration
}

func newLife(t *testing.T) *life {
	anna, ben, other := anna(), samplephone.IPad("Ben's iPad"), samplephone.IOS27("Somebody's iPhone")
	ben.WiFi, other.Cable = true, false
	l := &life{
		desk: newDesk(t, anna, ben, other), random: rand.New(rand.NewPCG(1, 2)),
		anna: anna.UDID, ben: ben.UDID, other: other.UDID,
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); l.source.Watch(ctx, func() {}) }()
	t.Cleanup(func() { cancel(); <-done })
	l.read()
	l.source.Ask()
	began := time.Now()
	l.read()
	l.patience = max(60*time.Millisecond, 5*time.Since(began)) // a sleeping phone costs as much; on a busy computer more is needed
	return l
}

// half lives for a while, and gives what is held then and how many bytes each
// phone that was asked has left behind.
func (l *life) half(spoilt, fine int, before held) (after held, each int64) {
	asked := l.asked
	l.live(spoilt, true)
	l.live(fine, false)
	after = heldNow(l.t, before)
	return after, (int64(after.heap) - int64(before.heap)) / int64(l.asked-asked)
}

// live lets readings happen, a minute each.
func (l *life) live(readings int, spoilt bool) {
	for n := range readings {
		l.daemon.Fail()
		l.pass(n)
		if spoilt {
			l.spoil(l.random, l.anna, l.ben)
		}
		l.source.Ask()
		l.wait(time.Minute)
		limit := 20 * time.Second
		if spoilt {
			limit = l.patience
		}
		phones, err := l.readWithin(limit)
		if err != nil {
			l.failed++
		}
		l.asked += len(phones)
		for _, p := range phones {
			if p.Trouble == "" {
				l.answered++
			}
		}
		l.daemon.Forget()
		l.keptSecrets(l.log.take())
	}
	for _, udid := range []string{l.anna, l.ben} {
		l.change(udid, func(p *samplephone.Phone) { p.Faults, p.Trust = nil, samplephone.Trusted })
	}
}

// pass lets somebody come in two readings of three, and go again.
func (l *life) pass(n int) {
	l.change(l.other, func(p *samplephone.Phone) { p.Cable = false })
	if n%3 == 0 {
		l.away++
		return
	}
	l.change(l.other, func(p *samplephone.Phone) {
		p.Cable, p.Listed = true, fmt.Sprintf("00008140-%016X", n%100)
	})
}

// spoil lets something go wrong in two readings of three.
func (d *desk) spoil(random *rand.Rand, udids ...string) {
	fault := func() []samplephone.Fault {
		if random.IntN(3) == 0 {
			return nil
		}
		steps, hows := samplephone.Steps(), samplephone.Hows()
		return []samplephone.Fault{{At: steps[random.IntN(len(steps))], After: random.IntN(5), How: hows[random.IntN(len(hows))], Pause: time.Nanosecond}}
	}
	if random.IntN(20) == 0 {
		d.daemon.Fail(fault()...)
	}
	for _, udid := range udids {
		d.change(udid, func(p *samplephone.Phone) {
			p.Faults, p.Trust = fault(), samplephone.Trusted
			if random.IntN(20) == 0 {
				p.Trust = samplephone.DroppedEarly
			}
		})
	}
}

// BenchmarkReading asks one phone on the cable. The issue allows it ten
// requests and 50 ms.
func BenchmarkReading(b *testing.B) {
	d := newDesk(b, anna())
	for b.Loop() {
		d.source.Ask()
		if phones, err := d.source.Read(b.Context()); err != nil || len(phones) != 1 || phones[0].Trouble != "" {
			b.Fatal(phones, err)
		}
	}
	toPhone, toDaemon := 0, 0
	for _, r := range d.daemon.Requests() {
		switch r.Of {
		case "lockdown":
			toPhone++
		case "usbmuxd":
			toDaemon++
		}
	}
	b.ReportMetric(float64(toPhone)/float64(b.N), "requests/op")
	b.ReportMetric(float64(toDaemon)/float64(b.N), "daemon-requests/op")
	if each := b.Elapsed() / time.Duration(b.N); each > 50*time.Millisecond {
		b.Errorf("a reading took %v", each)
	}
	if toPhone > mostRequests*b.N {
		b.Errorf("%d requests in %d readings", toPhone, b.N)
	}
}
