package samplephone

import "time"

// Step is a moment at which something can go wrong.
type Step string

// The steps of a reading, in their order.
const (
	AnyStep      Step = "" // every answer, but not the handshake
	List         Step = "list"
	Listen       Step = "listen"
	Record       Step = "record"
	Connect      Step = "connect"
	QueryType    Step = "query-type"
	StartSession Step = "start-session"
	Handshake    Step = "handshake"
	GetValue     Step = "get-value"
	StopSession  Step = "stop-session"
)

// Steps are all steps but [AnyStep].
func Steps() []Step {
	return []Step{List, Listen, Record, Connect, QueryType, StartSession, Handshake, GetValue, StopSession}
}

// How says in which way an answer goes wrong.
type How string

// The ways. In the handshake [HangUp] and [Silence] are what they say; all
// others send bytes that are no TLS.
const (
	HangUp     How = "hang-up"     // the connection closes instead of an answer
	Silence    How = "silence"     // no answer, ever: the phone fell asleep
	Oversized  How = "oversized"   // the header claims 2 GB, a few bytes follow, then silence
	Flood      How = "flood"       // the header claims 2 GB, and they come
	Undersized How = "undersized"  // the header claims less than a header, or nothing
	CutOff     How = "cut-off"     // half of the answer, then the connection closes
	Garbage    How = "garbage"     // a whole frame of bytes that are no plist
	Deep       How = "deep"        // a plist of arrays in arrays
	WrongTypes How = "wrong-types" // every single value of the answer has another type than it should
	WrongShape How = "wrong-shape" // every dictionary, list and data of the answer is something else
	Dribble    How = "dribble"     // the right answer, byte by byte
	SayError   How = "say-error"   // Fault.Error instead of an answer
)

// Hows are all ways.
func Hows() []How {
	return []How{HangUp, Silence, Oversized, Flood, Undersized, CutOff, Garbage, Deep, WrongTypes, WrongShape, Dribble, SayError}
}

// Fault is something that goes wrong, on every connection anew.
type Fault struct {
	At    Step
	After int // answers of this step on the same connection that go well before
	How   How

	Error  string        // for SayError on the phone, such as "SessionInactive"; empty: "InvalidRequest"
	Number uint64        // for SayError of the daemon: its Result; 0: 1, bad command
	Pause  time.Duration // for Dribble, between two bytes; zero: a millisecond
}

// tally counts the answers on a connection, to know which one goes wrong.
type tally struct {
	byStep map[Step]int
	all    int
}

// next counts an answer and finds the fault that spoils it, if one does.
func (t *tally) next(step Step, faults []Fault) (Fault, bool) {
	if t.byStep == nil {
		t.byStep = map[Step]int{}
	}
	before, all := t.byStep[step], t.all
	t.byStep[step]++
	t.all++
	for _, f := range faults {
		if f.At == step && before >= f.After || f.At == AnyStep && step != Handshake && all >= f.After {
			return f, true
		}
	}
	return Fault{}, false
}
