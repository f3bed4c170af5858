package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ninelives/internal/health"
	"ninelives/internal/sample"
)

func lea(age time.Duration) sample.Folder {
	f := kim(age)
	f.UDID, f.Name = "00008110-0000000000000002", "Lea's phone"
	return f
}

var kimID, leaID = health.IDOf(kim(0).UDID), health.IDOf(lea(0).UDID)

// eitherWay tells a story with JavaScript and without.
func eitherWay(t *testing.T, story func(t *testing.T, l *life), backups func() []sample.Folder) {
	for name, on := range map[string]bool{"with JavaScript": true, "without JavaScript": false} {
		t.Run(name, func(t *testing.T) {
			l := live(t, backups()...)
			l.scripts(on)
			story(t, l)
			l.content()
		})
	}
}

func TestStoryOfTheFirstStart(t *testing.T) {
	l := live(t)
	l.until("!!document.querySelector('.top.welcome h1')", "true")
	l.shows("What to do now")
	if n := l.eval("document.querySelectorAll('.steps > li').length"); n == "0" {
		t.Error("no step leads on")
	}
	l.backup(kim(time.Hour))
	l.click("Settings")
	l.until("location.pathname", "/settings")
	l.fill("#backups-folders", l.folder())
	l.save()
	l.keeps(l.folder())
	l.click("Overview")
	l.until("document.querySelector('.card.ok h2')?.innerText", "Kim's phone")
	l.content()
}

func TestStoryFromLateToGreen(t *testing.T) {
	eitherWay(t, func(t *testing.T, l *life) {
		l.until("document.querySelector('#device-"+kimID+".warning header b')?.innerText", "needs attention")
		l.click("Kim's phone")
		l.until("location.pathname", "/device/"+kimID)
		l.shows("The nine fixes")
		title := l.eval("document.querySelector('.nine li a').innerText")
		l.clickOn("document.querySelector('.nine li a')")
		l.until("document.querySelector('.fix h1')?.innerText", title)
		l.shows("needs attention")

		l.click("Done, check again")
		l.shows("Checked at once: no new backup is proven yet.")
		l.backup(kim(time.Minute))
		l.click("Done, check again")
		l.shows("It worked: Kim's phone is backed up again.")
		l.shows("There is nothing to mend here any more.")
		l.click("To the overview")
		l.until("document.querySelector('#device-"+kimID+".ok header b')?.innerText", "fine")
		l.until("document.querySelectorAll('.warning, .critical').length", "0")
	}, func() []sample.Folder { return []sample.Folder{kim(10 * day)} })
}

func TestStoryOfAFixThatDidNotHelp(t *testing.T) {
	eitherWay(t, func(t *testing.T, l *life) {
		first := l.eval("document.querySelector('.try h3').innerText")
		l.click("Show me how")
		l.until("document.querySelector('.fix h1')?.innerText", first)
		l.click("Did not help")
		l.shows("Noted that this did not help. Try next: ")
		next := l.eval("document.querySelector('#notice').innerText.split('Try next: ')[1].slice(0, -1)")
		if next == first || next == "" {
			t.Fatalf("after %q comes %q", first, next)
		}
		l.until("document.querySelector('.after .soft a').innerText", next) // the way on
		l.open("/device/" + kimID)
		l.until("document.querySelector('.nine li h3').innerText", next)
		l.open("/")
		l.until("document.querySelector('.try h3').innerText", next)
		l.open("/device/" + kimID)
		l.until(fmt.Sprintf("[...document.querySelectorAll('.nine li')].findIndex(e => e.innerText.includes(%q) && e.querySelector('.tried')) > 0", first), "true")
	}, func() []sample.Folder { return []sample.Folder{kim(10 * day)} })
}

func TestStoryOfSilenceAndBack(t *testing.T) {
	eitherWay(t, func(t *testing.T, l *life) {
		l.click("Snooze or ignore")
		l.click("Snooze 1 day")
		l.shows("Kim's phone: Snoozed until ")
		l.click("Undo")
		l.shows("Kim's phone is no longer snoozed.")
		l.until("!!document.querySelector('.note')", "false")

		l.click("Snooze or ignore")
		l.click("Ignore this device")
		l.shows("Kim's phone is ignored from now on.")
		l.shows("Ignored devices")
		l.until("!!document.getElementById('device-"+kimID+"')", "false")
		l.click("Watch again")
		l.shows("Kim's phone is watched again.")
		l.until("!!document.getElementById('device-"+kimID+"')", "true")
	}, func() []sample.Folder { return []sample.Folder{kim(10 * day)} })
}

func TestStoryOfTheSettings(t *testing.T) {
	eitherWay(t, func(t *testing.T, l *life) {
		l.click("Settings")
		l.until("location.pathname", "/settings")
		l.until("document.readyState", "complete")
		l.fill("#warn_after", "next <Tuesday>")
		l.fill("#critical_after", "60 days")
		l.save()
		l.shows("Nothing was saved: one entry is not accepted.")
		l.until("document.querySelector('#warn_after').value", "next <Tuesday>")
		l.until("document.querySelector('#critical_after').value.startsWith('60')", "true")
		l.until("document.querySelector('#warn_after-error').innerText", "This is not a length of time. Write it like 36h, 7d or 2 weeks.")
		l.until("document.querySelector('#warn_after').getAttribute('aria-invalid')", "true")
		if text := l.settings(); text != "" {
			t.Errorf("a bad value has changed the file:\n%s", text)
		}
		l.refused()
		l.news()
		l.shows("Nothing was saved: one entry is not accepted.")
		l.fill("#warn_after", "30 days")
		l.save()
		l.shows("Saved. It holds from now on.")
		l.news()
		l.shows("Saved. It holds from now on.")
		l.keeps(`warn_after = "30d"`)
		l.keeps(`critical_after = "60d"`)
		l.click("Overview")
		l.until("document.querySelector('#device-"+kimID+".ok header b')?.innerText", "fine")
	}, func() []sample.Folder { return []sample.Folder{kim(10 * day)} })
}

func TestStoryOfAPageThatRenewsItself(t *testing.T) {
	l := live(t, kim(12*day), lea(10*day))
	l.until("document.querySelector('.card').id", "device-"+kimID)
	l.eval(`window.untouched = true`)
	l.clickOn("document.querySelector('#device-" + leaID + " summary')")
	l.clickOn("document.querySelector('#key > summary')")
	l.eval(`document.querySelector('#device-` + leaID + ` .try a').focus(); window.focused = document.activeElement`)

	l.backup(kim(time.Minute))
	out, err := l.program().Output() // a second start
	if err != nil || !strings.Contains(string(out), "running already; it was asked to check now") {
		t.Fatalf("%s: %v", out, err)
	}
	l.until("document.querySelector('#device-"+kimID+".ok header b')?.innerText", "fine")
	l.until("document.querySelector('#said').innerText.includes(\"Kim's phone: fine\")", "true")
	for what, want := range map[string]string{
		"window.untouched": "true",
		"document.activeElement === window.focused && focused.closest('article').id":                   "device-" + leaID,
		"document.querySelector('#device-" + leaID + " details').open":                                 "true",
		"document.querySelector('#key').open":                                                          "true",
		"document.querySelector('.card').id":                                                           "device-" + leaID, // the worst stands first
		"document.title.startsWith(document.querySelector('h1').innerText)":                            "true",
		"document.querySelector('#lost').hidden && !document.querySelector('#lost').checkVisibility()": "true",
	} {
		if got := l.eval(what); got != want {
			t.Errorf("%s is %s, want %s", what, got, want)
		}
	}

	// News that change nothing leave it where it is.
	const place = "scrollY + ' ' + (document.activeElement === focused) + document.querySelector('#key').open + untouched"
	was := l.eval(place)
	l.news()
	l.until(place, was)
	l.content()
}

// everywhere are the pages of a program that watches Kim's phone, which is late.
var everywhere = []string{"/", "/device/" + kimID, "/device/" + kimID + "/fix/power", "/settings", "/sources", "/welcome"}

func TestStoryAtNightAndOnAPhone(t *testing.T) {
	l := live(t, kim(12*day), lea(time.Hour))
	screen := func(width, height int) {
		l.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
	}
	scheme := func(name string) {
		l.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]any{{"name": "prefers-color-scheme", "value": name}}}, nil)
	}
	paper := func() string { return l.eval("getComputedStyle(document.documentElement).backgroundColor") }
	screen(1280, 800)
	scheme("light")
	l.picture("overview.png")
	light := paper()
	scheme("dark")
	if paper() == light {
		t.Errorf("by night the page is as by day: %s", light)
	}
	l.picture("overview-dark.png")
	scheme("light")
	l.open(everywhere[2])
	l.picture("fix.png")
	screen(360, 740)
	l.call("Emulation.setScrollbarsHidden", map[string]any{"hidden": true}, nil) // as on a phone
	for _, path := range everywhere {
		l.open(path)
		l.eval(`document.querySelectorAll('details').forEach(d => d.open = true)`)
		if got := l.eval("document.documentElement.scrollWidth <= 360 && innerWidth === 360"); got != "true" {
			t.Errorf("%s is %s wide: %s", path, l.eval("document.documentElement.scrollWidth"),
				l.eval("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 360 && !e.closest('.vh')).map(e => e.outerHTML.slice(0, 100)).join('\\n')"))
		}
		if path == "/" {
			l.picture("overview-360.png")
		}
	}
	l.content()
}

func TestStoryOfAKeyboardAlone(t *testing.T) {
	l := live(t, kim(12*day), lea(time.Hour))
	const reachable = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled)`
	tab := func() { l.key("Tab", "", 9) }
	for _, path := range everywhere[:5] {
		l.open(path)
		l.until("!!document.querySelector('footer')", "true")
		var n int
		if _, err := fmt.Sscan(l.eval("(window.all = "+reachable+").length"), &n); err != nil || n < 5 {
			t.Fatalf("%s: %d places to go, %v", path, n, err)
		}
		for i := range n {
			tab()
			at := l.eval(fmt.Sprintf(`(() => {
				const e = document.activeElement, want = all[%d], s = getComputedStyle(e), r = e.getBoundingClientRect();
				if (e !== want) return 'the focus is on ' + e.outerHTML.slice(0, 150) + ', not on ' + want.outerHTML.slice(0, 150);
				if (!(parseFloat(s.outlineWidth) > 0) || s.outlineStyle === 'none') return 'no outline around ' + e.outerHTML.slice(0, 150);
				if (r.bottom < 1 || r.top >= innerHeight || r.right < 1 || r.left >= innerWidth) return 'off the screen is ' + e.outerHTML.slice(0, 150);
				const top = document.elementFromPoint(Math.max(0, Math.min(innerWidth - 1, r.x + r.width / 2)), Math.max(0, Math.min(innerHeight - 1, r.y + r.height / 2)));
				if (!e.contains(top) && !(top && top.contains(e)) && (!top || top.closest('.save, #notice'))) return 'covered is ' + e.outerHTML.slice(0, 150);
				return '';
			})()`, i))
			if at != "" {
				t.Errorf("%s, after Tab %d: %s", path, i+1, at)
				break
			}
			if i == 0 && l.eval("document.activeElement.className") != "skip" {
				t.Errorf("%s does not begin with the way to the content", path)
			}
		}
	}

	l.open("/")
	tab()
	l.key("Enter", "\r", 13)
	l.until("location.hash + document.activeElement.id", "#mainmain")
	tab()
	l.until("document.activeElement.innerText", "Check now")
	l.key("Enter", "\r", 13)
	l.shows("Checked just now. ")
	l.content()
}
