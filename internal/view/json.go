package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode"
	"unicode/utf16"

	"ninelives/internal/health"
)

// schemaVersion changes when a field changes its meaning or goes; additions
// keep it.
const schemaVersion = 1

type jsonReport struct {
	SchemaVersion int            `json:"schema_version"`
	CheckedAt     *string        `json:"checked_at"`
	State         health.State   `json:"state"`
	Summary       string         `json:"summary"`
	Devices       []jsonDevice   `json:"devices"`
	Obstacles     []jsonObstacle `json:"obstacles"`
	Sources       []jsonSource   `json:"sources"`
}

type jsonDevice struct {
	ID                   string       `json:"id"`
	Name                 string       `json:"name"`
	Model                string       `json:"model"`
	ProductType          string       `json:"product_type"`
	OSVersion            string       `json:"os_version"`
	State                health.State `json:"state"`
	Why                  string       `json:"why"`
	LastGood             *string      `json:"last_good"`
	AgeSeconds           *int64       `json:"age_seconds"`
	WarnAfterSeconds     *int64       `json:"warn_after_seconds"`
	CriticalAfterSeconds *int64       `json:"critical_after_seconds"`
	Ignored              bool         `json:"ignored"`
	Routes               []jsonRoute  `json:"routes"`
	Fixes                []jsonFix    `json:"fixes"`
}

type jsonRoute struct {
	Kind        health.RouteKind  `json:"kind"`
	State       health.RouteState `json:"state"`
	LastGood    *string           `json:"last_good"`
	LastAttempt *string           `json:"last_attempt"`
	Weak        bool              `json:"weak"`
	Encrypted   *bool             `json:"encrypted"`
	Path        string            `json:"path"`
	ToldAt      *string           `json:"told_at"` // when the device told of it; null: read on this computer
	Why         string            `json:"why"`
}

type jsonFix struct {
	Number int         `json:"number"`
	Code   health.Code `json:"code"`
	Title  string      `json:"title"`
	Odds   string      `json:"odds"`
	Why    string      `json:"why"`
	Tried  *jsonTrial  `json:"tried"`
}

// jsonTrial is the last time that a fix was tried since the last proven
// backup; failed also when a night has shown nothing.
type jsonTrial struct {
	At     *string `json:"at"`
	Failed bool    `json:"failed"`
}

type jsonObstacle struct {
	Code   health.ObstacleCode `json:"code"`
	Device string              `json:"device"`
	Title  string              `json:"title"`
	Remedy string              `json:"remedy"`
}

type jsonSource struct {
	Kind   health.SourceKind `json:"kind"`
	Where  string            `json:"where"`
	State  string            `json:"state"`
	ReadAt *string           `json:"read_at"`
	Detail string            `json:"detail"`
}

// JSON is the report for programs: one document of the schema in the README,
// schema_version 1. Times are RFC 3339 in UTC, null when there is none; ages
// are those at the moment of the report; lists are never null.
func JSON(r health.Report) ([]byte, error) {
	doc := jsonReport{
		SchemaVersion: schemaVersion,
		CheckedAt:     moment(r.At),
		State:         r.State,
		Summary:       summary(r),
		Devices:       each(r.Devices, func(v health.Verdict) jsonDevice { return jsonDeviceOf(v, r.At) }),
		Obstacles: each(r.Obstacles, func(o health.Obstacle) jsonObstacle {
			return jsonObstacle{Code: o.Code, Device: o.Device, Title: o.Title, Remedy: o.Remedy}
		}),
		Sources: each(r.Sources, func(s health.SourceState) jsonSource {
			return jsonSource{Kind: s.Kind, Where: s.Where, State: s.State(), ReadAt: moment(s.ReadAt), Detail: s.Detail}
		}),
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("view: report as JSON: %w", err)
	}
	return visible(b.Bytes()), nil
}

func jsonDeviceOf(v health.Verdict, at time.Time) jsonDevice {
	return jsonDevice{
		ID: v.ID, Name: v.Name, Model: v.Model, ProductType: v.ProductType, OSVersion: v.OSVersion,
		State: v.State, Why: v.Why, Ignored: v.Ignored,
		LastGood:             moment(v.LastGood),
		AgeSeconds:           ageSeconds(v.LastGood, at),
		WarnAfterSeconds:     seconds(v.Limits.WarnAfter),
		CriticalAfterSeconds: seconds(v.Limits.CriticalAfter),
		Routes:               each(v.Routes, jsonRouteOf),
		Fixes:                each(v.Fixes, jsonFixOf),
	}
}

func jsonFixOf(o health.Opinion) jsonFix {
	j := jsonFix{Number: o.Number, Code: o.Code, Title: titleOf(o.Code), Odds: o.Odds.String(), Why: o.Why}
	if o.Tried != nil {
		j.Tried = &jsonTrial{At: moment(o.Tried.At), Failed: o.Tried.Failed}
	}
	return j
}

func jsonRouteOf(r health.Route) jsonRoute {
	j := jsonRoute{
		Kind: r.Kind, State: r.State, Weak: r.Weak, Path: r.Path, ToldAt: moment(r.ToldAt), Why: r.Why,
		LastGood: moment(r.LastGood), LastAttempt: moment(r.LastAttempt),
	}
	if j.State == "" {
		j.State = health.RouteUnknown
	}
	if r.Encrypted != health.DontKnow {
		yes := r.Encrypted == health.Yes
		j.Encrypted = &yes
	}
	return j
}

// each maps a list; the result is empty, never nil, so that it is [] in JSON.
func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

// moment is a time in UTC to the second; nil when there is none, or none that
// RFC 3339 can write.
func moment(t time.Time) *string {
	t = t.UTC()
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return nil
	}
	s := t.Format(time.RFC3339)
	return &s
}

// ageSeconds is how old a date is; one slightly ahead has the age 0.
func ageSeconds(date, at time.Time) *int64 {
	if date.IsZero() || at.IsZero() {
		return nil
	}
	n := int64(max(0, at.Sub(date)) / time.Second)
	return &n
}

func seconds(d time.Duration) *int64 {
	if d <= 0 {
		return nil
	}
	n := int64(d / time.Second)
	return &n
}

// visible escapes what JSON allows but a terminal obeys or does not show, such
// as C1 controls and marks that turn the direction of text. Outside of strings
// there is nothing of the kind but line ends.
func visible(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for _, r := range string(doc) {
		if r == '\n' || !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) {
			out = append(out, string(r)...)
			continue
		}
		if r > 0xffff {
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
			continue
		}
		out = fmt.Appendf(out, `\u%04x`, r)
	}
	return out
}
