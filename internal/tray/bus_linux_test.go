package tray

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/google/go-cmp/cmp"

	"ninelives/internal/view"
)

func typicalOrder() order {
	return order{Icon: view.IconProblem, Tooltip: "1 of 2 devices needs attention: Ben's iPad", Menu: typical()}
}

// onDesktop runs the child on a bus of its own, with a host that has its icon.
func onDesktop(t *testing.T) (h *host, p *program, item string) {
	t.Helper()
	address, _ := startBus(t)
	h = newHost(t, address)
	h.appear()
	p = start(t, address, typicalOrder())
	return h, p, h.waitItem()
}

func TestIconTooltipAndMenuReachTheHost(t *testing.T) {
	t.Parallel()
	h, p, item := onDesktop(t)
	p.wait("ready")
	for name, want := range map[string]any{"Id": "Nine Lives", "Title": "Nine Lives", "Status": "Active", "ItemIsMenu": true} {
		if got := h.property(item, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if tip := h.property(item, "ToolTip").([]any)[2]; tip != typicalOrder().Tooltip {
		t.Errorf("the tooltip is %q", tip)
	}
	pixmap := h.property(item, "IconPixmap").([][]any)[0]
	if want := int32(20 + len(view.IconProblem)); pixmap[1] != want || len(pixmap[2].([]byte)) != int(48*want*4) {
		t.Errorf("the icon is %v by %v, want the one of a problem, %d high", pixmap[0], pixmap[1], want)
	}
	got, _ := h.menu(item)
	if diff := cmp.Diff(typicalPicture, got); diff != "" {
		t.Error(diff)
	}
}

func TestAClickArrivesAsItsCommand(t *testing.T) {
	t.Parallel()
	h, p, item := onDesktop(t)
	_, ids := h.menu(item)
	for _, label := range []string{"Quit Nine Lives", "Snooze for 1 day", "     All nine fixes…"} {
		h.click(item, ids[label])
		if got, want := p.wait("clicked").Command, (view.Command{Verb: "click", Arg: label}); got != want {
			t.Errorf("the click on %q came as %v", label, got)
		}
	}
	other := typical()
	other[1] = item2("     Try first: Restart it…", "restart")
	other[0].Children = append(other[0].Children, item2("New line", "new"))
	p.show(other)
	h.signal("LayoutUpdated")
	waitMenu(t, h, item, "New line")
	_, ids = h.menu(item)
	for label, arg := range map[string]string{"     Try first: Restart it…": "restart", "New line": "new"} {
		h.click(item, ids[label])
		if got := p.wait("clicked").Command.Arg; got != arg {
			t.Errorf("the click on %q came as %q", label, got)
		}
	}
}

func item2(label, arg string) view.Item {
	return view.Item{Label: label, Command: view.Command{Verb: "click", Arg: arg}}
}

// waitMenu reads the menu until it says that.
func waitMenu(t *testing.T, h *host, item, text string) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if picture, _ := h.menu(item); strings.Contains(picture, text) {
			return
		}
	}
	t.Fatalf("the menu never said %q", text)
}

func TestOnTheBusOnlyWhatChangedIsSent(t *testing.T) {
	t.Parallel()
	h, p, item := onDesktop(t)
	h.menu(item)
	p.wait("ready")
	h.signal("NewToolTip") // all is said once more, two seconds after the start
	time.Sleep(200 * time.Millisecond)
	for len(h.signals) > 0 {
		<-h.signals
	}

	again := typicalOrder()
	again.Verb = "show"
	p.order(again)
	p.wait("taken")
	older := typicalOrder()
	older.Verb, older.Menu[0].Label = "show", "✖ Ben's iPad: 13 days, limit 7"
	p.order(older)
	last := older
	last.Tooltip = "the end"
	p.wait("taken")
	p.order(last)

	var menu, others []string
	var ids []int32
	for _, s := range h.signal("NewToolTip") {
		if s.Name == "com.canonical.dbusmenu.ItemsPropertiesUpdated" {
			for _, props := range s.Body[0].([][]any) {
				ids = append(ids, props[0].(int32))
			}
		}
		if strings.HasSuffix(string(s.Path), "/menu") {
			menu = append(menu, s.Name)
		} else {
			others = append(others, s.Name)
		}
	}
	_, labels := h.menu(item)
	if want := []int32{labels["✖ Ben's iPad: 13 days, limit 7"]}; !slices.Equal(ids, want) {
		t.Errorf("items %v were sent, want %v", ids, want)
	}
	if len(menu) != 3 { // systray says each change in three ways
		t.Errorf("the menu cost %d messages: %v", len(menu), menu)
	}
	if len(others) != 2 {
		t.Errorf("a new tooltip cost %v", others)
	}
}

func TestABurstOfViewsIsDrawnAtOnceAndOnceMore(t *testing.T) {
	t.Parallel()
	h, p, item := onDesktop(t)
	h.menu(item)
	h.signal("NewToolTip")
	o := typicalOrder()
	o.Verb, o.Times = "burst", 50
	p.order(o)
	drawn := 0
	for end := ""; end != "view 50"; drawn++ {
		for _, s := range h.signal("ItemsPropertiesUpdated") {
			if s.Name == "com.canonical.dbusmenu.ItemsPropertiesUpdated" {
				end = s.Body[0].([][]any)[0][1].(map[string]dbus.Variant)["label"].Value().(string)
			}
		}
	}
	if drawn > 10 { // 2, but for a machine that stops in between
		t.Errorf("50 views were drawn %d times", drawn)
	}
	t.Logf("50 views, drawn %d times", drawn)
}

func TestAHostThatComesLaterGetsTheIcon(t *testing.T) {
	t.Parallel()
	address, _ := startBus(t)
	p := start(t, address, typicalOrder())
	if got := p.wait("host").Text; got != "absent" {
		t.Errorf("without a host its state is %s", got)
	}
	h := newHost(t, address)
	h.appear()
	if got := p.wait("host").Text; got != "present" {
		t.Errorf("with a host its state is %s", got)
	}
	item := h.waitItem()
	if picture, _ := h.menu(item); picture != typicalPicture {
		t.Errorf("the late host got the menu\n%s", picture)
	}
}

func TestAHostThatRestartsGetsTheIcon(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(*host, string){
		"at once": func(*host, string) {},
		"after notifications were closed on the shared connection": func(h *host, item string) {
			for id := range uint32(30) {
				h.notifyClosed(item, id)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, p, item := onDesktop(t)
			p.wait("ready")
			h.property(item, "Id")
			before(h, item)
			for range 2 {
				h.vanish()
				for p.wait("host").Text != "absent" {
				}
				h.appear()
				if again := h.waitItem(); again != item {
					t.Errorf("%s registered, not %s", again, item)
				}
				for p.wait("host").Text != "present" {
				}
			}
		})
	}
}

func TestHostileLabelsLeaveTheMenuAlive(t *testing.T) {
	t.Parallel()
	h, p, item := onDesktop(t)
	hostile := typical()
	for _, name := range []string{
		"a\x00b", "\xff\xfe\xc3", "\u202egpj", "my_phone_", strings.Repeat("é", 5000), "<b>&amp;</b>", "\ufffe\uffff", "a\nb\tc", "", "\u2068\u2068",
	} {
		hostile = slices.Insert(hostile, 0, item2(name+": late", "x"), under(name, item2(name, "y")))
	}
	p.order(order{Verb: "show", Tooltip: "\x00\xff" + strings.Repeat("_", 5000), Menu: hostile})
	p.wait("taken")
	waitMenu(t, h, item, "my_phone_: late")
	picture, _ := h.menu(item)
	for _, want := range []string{"ab: late\n", "\ufffd: late\n", "gpj: late\n", "<b>&amp;</b>: late\n", "a b c: late\n", "é: late\n"} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %q in the menu:\n%s", want, picture)
		}
	}
}

func TestEndIsQuick(t *testing.T) {
	t.Parallel()
	_, p, _ := onDesktop(t)
	p.wait("ready")
	begun := time.Now()
	p.order(order{Verb: "end"})
	if got := p.wait("ended").Text; got != "nil" {
		t.Errorf("an end that was asked for is %q", got)
	}
	if took := time.Since(begun); took > quitWithin {
		t.Errorf("the end took %v", took)
	}
}

func TestWithoutABusNothingIsTried(t *testing.T) {
	t.Parallel()
	p := start(t, "unix:path=/nonexistent/bus", typicalOrder())
	if got := p.wait("ended").Text; got != ErrNoBus.Error() {
		t.Errorf("Run returned %q", got)
	}
	if err := p.cmd.Wait(); err != nil || p.stderr.Len() > 0 {
		t.Errorf("the child ended with %v and said %s", err, p.stderr)
	}
}

func TestNoBusIsStartedForTheTray(t *testing.T) {
	t.Parallel()
	if found, _ := filepath.Glob(fmt.Sprintf("/run/user/%d/*bus*", os.Getuid())); len(found) > 0 {
		t.Skipf("this user has a session bus at %v, which would be found", found)
	}
	dir := t.TempDir()
	launched := filepath.Join(dir, "launched")
	script := "#!/bin/sh\n: > " + launched + "\necho DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent\n"
	if err := os.WriteFile(filepath.Join(dir, "dbus-launch"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	p := start(t, "", typicalOrder(), "PATH="+dir)
	if got := p.wait("ended").Text; got != ErrNoBus.Error() {
		t.Errorf("Run returned %q", got)
	}
	if _, err := os.Stat(launched); err == nil {
		t.Error("a bus was launched")
	}
}

func TestAnEntryOfTheHostIsKnownAsOurs(t *testing.T) {
	for _, c := range []struct {
		entry, name string
		want        bool
	}{
		{":1.42/StatusNotifierItem", ":1.42", true},
		{":1.42@/StatusNotifierItem", ":1.42", true},
		{"org.kde.StatusNotifierItem-7-1", "org.kde.StatusNotifierItem-7-1", true},
		{":1.421/StatusNotifierItem", ":1.42", false},
		{":1.4/StatusNotifierItem", ":1.42", false},
	} {
		if got := isOf(c.entry, c.name); got != c.want {
			t.Errorf("isOf(%s, %s) = %v", c.entry, c.name, got)
		}
	}
}

func TestABusThatSaysNothingIsNoBus(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = l.Close() }()
	p := start(t, "unix:path="+path, typicalOrder())
	if got := p.wait("ended").Text; got != ErrNoBus.Error() {
		t.Errorf("Run returned %q", got)
	}
}

func TestABusThatGoesAwayEndsTheTray(t *testing.T) {
	t.Parallel()
	for name, until := range map[string]func(*host, *program){
		"while the icon comes up": func(_ *host, p *program) { p.wait("host") },
		"later": func(h *host, p *program) {
			h.waitItem()
			h.signal("NewToolTip")
			p.show(nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, stop := startBus(t)
			h := newHost(t, address)
			h.appear()
			p := start(t, address, typicalOrder())
			until(h, p)
			stop()
			if got := p.wait("ended").Text; got != ErrBusLost.Error() {
				t.Errorf("Run returned %q", got)
			}
		})
	}
}

func TestAThousandViewsLeakNoGoroutines(t *testing.T) {
	t.Parallel()
	address, _ := startBus(t)
	h := newHost(t, address)
	h.appear()
	first := typicalOrder()
	first.Hasty = true
	p := start(t, address, first)
	item := h.waitItem()
	counts := make([]int, 2)
	for i := range counts {
		o := typicalOrder()
		o.Verb, o.Times = "storm", 500
		p.order(o)
		counts[i] = p.wait("goroutines").Number
	}
	if counts[1] > counts[0]+2 {
		t.Errorf("goroutines grew from %d to %d", counts[0], counts[1])
	}
	t.Logf("%d goroutines", counts[1])
	if picture, _ := h.menu(item); !strings.Contains(picture, "Quit Nine Lives") {
		waitMenu(t, h, item, "Quit Nine Lives")
	}
}
