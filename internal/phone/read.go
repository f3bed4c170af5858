package phone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"ninelives/internal/health"
)

const (
	sessionLimit = 10 * time.Second // for all that is talked with one phone, unless Options say otherwise
	mostPhones   = 64               // asked side by side
)

// handset is one phone in the daemon's list, however many ways lead to it.
type handset struct {
	udid
	cable, wifi id // under which number; zero: not in this way
}

// way gives how a phone is asked: by cable rather than over Wi-Fi.
func (h handset) way() (id, health.Transport) {
	if h.cable != 0 {
		return h.cable, health.ByCable
	}
	return h.wifi, health.ByWiFi
}

// seen is what a phone says or said, listed as it is now.
func (h handset) seen(phone health.Phone, now time.Time) health.Phone {
	phone.Device.ID, phone.SeenAt = h.id(), now
	if h.wifi != 0 {
		phone.WiFiAt = now
	}
	return phone
}

// handsets brings the ways to the same phone together. What has no UDID of a
// phone's form, such as one that is being restored, is none.
func handsets(list []attached) []handset {
	var all []handset
	at := map[string]int{} // by plain UDID in lower case
	for _, a := range list {
		u, is := udidOf(a.Properties.SerialNumber)
		if !is || a.DeviceID == 0 {
			continue
		}
		key := strings.ToLower(u.plain)
		i, known := at[key]
		if !known {
			i = len(all)
			at[key] = i
			all = append(all, handset{udid: u})
		}
		if a.Properties.byWiFi() {
			all[i].wifi = a.DeviceID
		} else {
			all[i].cable = a.DeviceID
		}
	}
	return all
}

// Read lists the phones and asks those that were not asked in the last
// quarter of an hour, side by side, within 13 seconds; the others keep the
// answers that they gave. More than 64 take longer: those that are not reached
// by the end of ctx come first the next time. A phone that does not answer is in
// the list, with its trouble. The error is about the daemon, and of the kind
// health.ErrNotFound (it does not run: on Linux it only does while a phone is
// connected), health.ErrNoPermission, health.ErrTimedOut or health.ErrMalformed.
func (s *Source) Read(ctx context.Context) ([]health.Phone, error) {
	phones, err := s.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("phone: %s: %w", s.Where(), err)
	}
	return phones, nil
}

func (s *Source) read(ctx context.Context) ([]health.Phone, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: an earlier reading is under way", health.ErrTimedOut)
	}
	list, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	phones := s.askAll(ctx, handsets(list))
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil, fmt.Errorf("given up: %w", ctx.Err())
	}
	return phones, nil
}

// askAll gives what each phone says, or said lately, in the order of their IDs.
func (s *Source) askAll(ctx context.Context, all []handset) []health.Phone {
	now := s.clock()
	due, rest := s.due(all, now)
	phones := make([]health.Phone, len(due), len(all))
	places := make(chan struct{}, mostPhones)
	var wg sync.WaitGroup
	for i, h := range due {
		waited := len(places) == mostPhones
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
		}
		if isOver(ctx) { // also when both were possible
			phones[i] = notReached(h, now)
			continue
		}
		wg.Go(func() {
			defer func() { <-places }()
			phones[i] = s.visit(ctx, h, now, waited)
		})
	}
	wg.Wait()
	s.sayNotReached(phones)
	for _, h := range rest {
		phones = append(phones, s.recall(h, now))
	}
	slices.SortFunc(phones, func(a, b health.Phone) int { return cmp.Compare(a.Device.ID, b.Device.ID) })
	return phones
}

// visit asks one phone and remembers it. One that had to wait, and was cut short
// by the end of ctx, was not reached: it cannot help that others sleep.
func (s *Source) visit(ctx context.Context, h handset, now time.Time, waited bool) health.Phone {
	v := s.ask(ctx, h, now)
	switch {
	case waited && !v.told && isOver(ctx):
		return notReached(h, now)
	case !errors.Is(ctx.Err(), context.Canceled):
		s.remember(v)
	}
	return v.phone
}

// isOver reports whether the time of ctx is over. A connection that has the same
// time may end a moment before ctx says so.
func isOver(ctx context.Context) bool {
	until, limited := ctx.Deadline()
	return ctx.Err() != nil || limited && !time.Now().Before(until)
}

func notReached(h handset, now time.Time) health.Phone {
	return h.seen(health.Phone{Trouble: health.NotReached}, now)
}

func (s *Source) sayNotReached(phones []health.Phone) {
	n := 0
	for _, p := range phones {
		if p.Trouble == health.NotReached {
			n++
		}
	}
	if n > 0 {
		s.log.Warn("no time to ask all phones", "source", "phone", "phones", len(phones), "not_reached", n)
	}
}

// ask asks one phone, and gives what is to be known of the visit. What it told of
// its backups, the first thing it is asked, is kept even if it falls asleep or is
// unplugged in the middle of the rest.
func (s *Source) ask(ctx context.Context, h handset, now time.Time) visit {
	device, by := h.way()
	phone, err := s.interview(ctx, h.udid, device, by)
	if err != nil {
		if phone.CloudAt.IsZero() {
			phone = health.Phone{}
		}
		phone.Trouble = troubleOf(err, by, s.hungUp(h))
		s.log.Info("a phone did not answer to the end", "source", "phone", "device", h.id(), "trouble", phone.Trouble, "told", !phone.CloudAt.IsZero(), "err", err)
	}
	return visit{
		at: now, cable: h.cable, phone: h.seen(phone, now),
		told: err == nil || !phone.CloudAt.IsZero(), hungUp: errors.Is(err, errHungUp),
	}
}

// interview holds one session with a phone.
func (s *Source) interview(ctx context.Context, u udid, device id, by health.Transport) (phone health.Phone, err error) {
	defer guard(&err)
	ctx, cancel := context.WithTimeout(ctx, s.session)
	defer cancel()
	record, err := s.pairRecord(ctx, u)
	if err != nil {
		return phone, err
	}
	err = s.with(ctx, func(conn net.Conn) error {
		if err := connect(conn, device); err != nil {
			return err
		}
		session, other, err := start(ctx, conn, record, by)
		if other {
			s.log.Warn("the phone shows another certificate than the pair record", "source", "phone", "device", u.id(), "transport", by)
		}
		if err != nil {
			return err
		}
		phone.Transport, phone.At = by, s.clock()
		if err := (&interview{session, s.now, &phone}).hold(); err != nil {
			return err
		}
		session.stop()
		return nil
	})
	return phone, err
}
