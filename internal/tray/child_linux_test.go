package tray

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/systray"
	"go.uber.org/goleak"

	"ninelives/internal/view"
)

// systray runs once in a process, and only from main: each test on a real bus
// starts this test binary anew as the program named in childEnv.
const childEnv = "NINELIVES_TEST_TRAY"

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "":
		goleak.VerifyTestMain(m)
	case "ours":
		oursMain()
	case "bare":
		bareMain()
	}
}

// order is what a test asks of the child, over its standard input.
type order struct {
	Verb    string // show, burst, storm, end
	Icon    view.Icon
	Tooltip string
	Menu    []view.Item
	Times   int
	Hasty   bool // in the first order: draw without a rest
}

// event is what the child tells, a line of JSON for each.
type event struct {
	What    string // ready, host, clicked, taken, goroutines, ended
	Text    string
	Command view.Command
	Number  int
}

// oursMain is a program with our tray and nothing else.
func oursMain() {
	var mu sync.Mutex
	tell := func(e event) {
		mu.Lock()
		defer mu.Unlock()
		_ = json.NewEncoder(os.Stdout).Encode(e)
	}
	ctx, cancel := context.WithCancel(context.Background())
	tr := New(Options{
		OS:          runtime.GOOS,
		Name:        "Nine Lives",
		Log:         slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Icon:        picturePNG,
		Clicked:     func(c view.Command) { tell(event{What: "clicked", Command: c}) },
		HostChanged: func(s HostState) { tell(event{What: "host", Text: s.String()}) },
	})
	orders := gob.NewDecoder(os.Stdin)
	var first order
	if orders.Decode(&first) == nil && first.Verb == "show" {
		if first.Hasty {
			tr.refresh = 0
		}
		tr.Show(view.View{Icon: first.Icon, Tooltip: first.Tooltip, Menu: first.Menu})
	}
	go func() {
		defer cancel()
		obey(tr, orders, tell)
	}()
	err := tr.Run(ctx, func() { tell(event{What: "ready"}) })
	text := "nil"
	for _, known := range []error{ErrNoBus, ErrBusLost, ErrNoCgo} {
		if errors.Is(err, known) {
			text = known.Error()
		}
	}
	tell(event{What: "ended", Text: text})
}

func obey(tr *Tray, orders *gob.Decoder, tell func(event)) {
	for {
		var o order
		if err := orders.Decode(&o); err != nil || o.Verb == "end" {
			return
		}
		v := view.View{Icon: o.Icon, Tooltip: o.Tooltip, Menu: o.Menu}
		switch o.Verb {
		case "show":
			tr.Show(v)
			for len(tr.next) > 0 { // until the owner has taken it
				time.Sleep(time.Millisecond)
			}
			tell(event{What: "taken"})
		case "burst":
			for i := range o.Times {
				v.Menu = slices.Clone(v.Menu) // a view that was shown must not be changed
				v.Menu[1].Label = fmt.Sprint("view ", i+1)
				tr.Show(v)
				time.Sleep(5 * time.Millisecond)
			}
		case "storm":
			storm(tr, v, o.Times)
			tell(event{What: "goroutines", Number: runtime.NumGoroutine()})
		}
	}
}

// storm shows the view and an empty one by turns, each of them drawn.
func storm(tr *Tray, v view.View, times int) {
	for i := range times {
		if i%2 == 0 {
			tr.Show(view.View{Icon: view.IconProblem, Menu: v.Menu[:1]})
		} else {
			tr.Show(v)
		}
		for len(tr.next) > 0 {
			time.Sleep(10 * time.Microsecond)
		}
	}
}

// bareMain is the least that fyne.io/systray can do, for comparison.
func bareMain() {
	systray.SetTitle("bare")
	systray.SetIcon(picturePNG(view.IconOK))
	systray.Run(func() { systray.AddMenuItem("Quit", "") }, nil)
}

// picturePNG is a stand-in for the real icons, another size for each.
func picturePNG(icon view.Icon) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 48, 20+len(icon)))
	for i := range 40 {
		img.Set(i, i/2, color.NRGBA{R: 0xff, A: 0xff})
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}
