package phone

import (
	options "flag" // flag is a field of our messages
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"time"

	"ninelives/internal/samplephone"
)

var long = options.Bool("long", false, "ten thousand readings instead of two hundred")

// held is what a process holds.
type held struct {
	goroutines, descriptors int
	heap                    uint64
}

// heldNow counts after what has ended had the time to go away.
func heldNow(t *testing.T, hoped held) (h held) {
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
func descriptors(t *testing.T) int {
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
// the other or the daemon does what it should not. Neither goroutines nor open
// files nor memory may grow.
func TestReadingsLeaveNothingBehind(t *testing.T) {
	readings := 200
	if *long {
		readings = 10_000
	}
	const most = 2 << 20 // bytes that the heap may grow by
	anna, ben := anna(), samplephone.IPad("Ben's iPad")
	ben.WiFi = true
	d := newDesk(t, anna, ben)
	patience := 60 * time.Millisecond // a sleeping phone costs as much; on a busy computer more is needed
	d.read()
	d.source.Ask()
	began := time.Now()
	d.read()
	patience = max(patience, 5*time.Since(began))
	random := rand.New(rand.NewPCG(1, 2))
	answered, failed := 0, 0
	live := func(n int) {
		for range n {
			d.spoil(random, anna.UDID, ben.UDID)
			d.source.Ask()
			d.wait(time.Minute)
			phones, err := d.readWithin(patience)
			if err != nil {
				failed++
			}
			for _, p := range phones {
				if p.Trouble == "" {
					answered++
				}
			}
			d.daemon.Forget()
			d.keptSecrets(d.log.take())
		}
	}
	live(readings / 10)
	before := heldNow(t, held{})
	live(readings * 9 / 10)
	after := heldNow(t, before)
	t.Logf("after a tenth %+v; after %d %+v; phones answered %d times, %d readings failed", before, readings, after, answered, failed)
	if after.goroutines > before.goroutines || after.descriptors > before.descriptors {
		t.Errorf("%+v have become %+v", before, after)
	}
	if after.heap > before.heap+most {
		t.Errorf("%d bytes of heap have become %d", before.heap, after.heap)
	}
	if answered < readings/2 {
		t.Errorf("phones answered %d times, %d readings failed", answered, failed)
	}
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
	d.daemon.Fail()
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
