package store

import (
	"strings"
	"time"

	"ninelives/internal/health"
)

// The file of the history begins with its version; a line is a day of a device
// as it was known then. Lines of the same day add up, in whatever order: nothing
// that was true of a day becomes untrue. So a line may be missing, or stand
// there twice, and the others are as good as before.
//
//	2026-11-20 a627f939 wbz
const (
	historyVersion = 1
	historyName    = "Nine Lives history "
	historyHeader  = historyName + "1\n" +
		"# day, device, its worst state (k ok, u unknown, w warning, c critical, - not looked); b backup, o outage at Apple, z snoozed\n"
)

// marks are what is known of a day: the worst state in the lowest bits, in the
// order of urgency, and a bit for each thing that happened. Zero knows nothing.
type marks uint8

const (
	stateMarks marks = 0b111
	backupMark marks = 1 << (iota + 2)
	outageMark
	snoozedMark
)

const (
	stateLetters = "-kuwc"
	otherLetters = "boz"
)

// statesByUrgency are the states in the order of their letters.
var statesByUrgency = [len(stateLetters) - 1]health.State{health.OK, health.Unknown, health.Warning, health.Critical}

// marksOf are the marks of a day on which a device was seen in a state.
func marksOf(s health.State) marks {
	for i, state := range statesByUrgency {
		if s == state {
			return marks(i + 1)
		}
	}
	return marksOf(health.Unknown)
}

// plus adds up what is known of a day.
func (m marks) plus(o marks) marks {
	return max(m&stateMarks, o&stateMarks) | (m|o)&^stateMarks
}

// tell writes the marks into a record.
func (m marks) tell(d *health.DayRecord) {
	if state := m & stateMarks; state > 0 {
		d.Looked, d.Worst = true, statesByUrgency[state-1]
	}
	d.Backup, d.Outage, d.Snoozed = m&backupMark > 0, m&outageMark > 0, m&snoozedMark > 0
}

// appendLine writes one line.
func appendLine(text []byte, device string, day int, m marks) []byte {
	text = append(timeOf(day).AppendFormat(text, time.DateOnly), ' ')
	text = append(text, device...)
	text = append(text, ' ', stateLetters[m&stateMarks])
	for i := range otherLetters {
		if m&(backupMark<<i) > 0 {
			text = append(text, otherLetters[i])
		}
	}
	return append(text, '\n')
}

// Where the parts of a line are.
const (
	dateEnd  = len(time.DateOnly)
	idLength = 8
	idEnd    = dateEnd + 1 + idLength
)

// parseLine reads one line without its end. It takes nothing but what
// appendLine writes: a line that was damaged must not become another day.
func parseLine(line []byte) (device []byte, day int, m marks, ok bool) {
	if len(line) < idEnd+2 || line[dateEnd] != ' ' || line[idEnd] != ' ' {
		return nil, 0, 0, false
	}
	device = line[dateEnd+1 : idEnd]
	day, ok = parseDate(line[:dateEnd])
	state := strings.IndexByte(stateLetters, line[idEnd+1])
	if !ok || state < 0 || !isID(string(device)) {
		return nil, 0, 0, false
	}
	m = marks(state)
	next := 0
	for _, letter := range line[idEnd+2:] {
		i := strings.IndexByte(otherLetters[next:], letter)
		if i < 0 {
			return nil, 0, 0, false
		}
		m |= backupMark << (next + i)
		next += i + 1
	}
	return device, day, m, true
}
