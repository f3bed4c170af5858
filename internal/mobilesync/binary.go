package mobilesync

import "encoding/binary"

// maxObjects bounds the objects of a binary property list; 5,600 apps make
// 34,000.
const maxObjects = 1 << 19

// binaryPlist is a binary property list as its trailer describes it.
type binaryPlist struct {
	raw     []byte
	offsets int // bytes of an offset
	refs    int // bytes of a reference
	count   int // objects
	table   int // where the table of offsets starts, and the objects end
	heights []uint16
}

// object is one object: its references, if it is a collection, and its bytes.
type object struct {
	refsAt, refs int
	size         int
}

// checkBinary refuses a binary property list that would cost more memory or
// time than its size: objects that lie outside of their part of the file or
// upon each other, and collections that are nested too deeply or within
// themselves.
func checkBinary(raw []byte) error {
	p, err := readTrailer(raw)
	if err != nil {
		return err
	}
	total := 0
	for i := range p.count {
		o, err := p.object(i)
		if err != nil {
			return err
		}
		// In an honest file every object has its own bytes.
		if total += o.size; total > p.table-len("bplist00") {
			return errBroken
		}
	}
	p.heights = make([]uint16, p.count)
	top := binary.BigEndian.Uint64(raw[len(raw)-16:])
	if top >= uint64(p.count) {
		return errBroken
	}
	_, err = p.height(int(top), 1)
	return err
}

// readTrailer reads the last 32 bytes, which say where everything is.
func readTrailer(raw []byte) (*binaryPlist, error) {
	const header, trailer = 8, 32
	if len(raw) < header+1+trailer {
		return nil, errBroken
	}
	t := raw[len(raw)-trailer:]
	p := &binaryPlist{raw: raw, offsets: int(t[6]), refs: int(t[7])}
	count, table := binary.BigEndian.Uint64(t[8:]), binary.BigEndian.Uint64(t[24:])
	end := uint64(len(raw) - trailer)
	switch {
	case p.offsets < 1 || p.offsets > 8 || p.refs < 1 || p.refs > 8:
		return nil, errBroken
	case count == 0 || table <= header || table > end:
		return nil, errBroken
	case count > maxObjects:
		return nil, errTooLarge
	case table+count*uint64(p.offsets) != end:
		return nil, errBroken
	}
	p.count, p.table = int(count), int(table)
	return p, nil
}

// endless is more than any place or length in a file that we read, and can be
// multiplied a little without overflow.
const endless = 2 * maxPlist

// number reads a big-endian number of n bytes, at most 8, at the place at.
func (p *binaryPlist) number(at, n int) int {
	var wide [8]byte
	copy(wide[8-n:], p.raw[at:at+n])
	return int(min(binary.BigEndian.Uint64(wide[:]), endless))
}

// object reads the head of object i.
func (p *binaryPlist) object(i int) (object, error) {
	at := p.number(p.table+i*p.offsets, p.offsets)
	if at < len("bplist00") || at >= p.table {
		return object{}, errBroken
	}
	kind, low := p.raw[at]>>4, int(p.raw[at]&0x0F)
	o := object{size: 1}
	switch kind {
	case 0x0: // null, false, true
	case 0x1, 0x2: // integer, real
		o.size += 1 << low
	case 0x3: // date
		o.size += 8
	case 0x8: // UID
		o.size += low + 1
	case 0x4, 0x5, 0x6, 0xA, 0xC, 0xD:
		return p.lengthy(kind, at)
	default:
		return object{}, errBroken
	}
	if at+o.size > p.table {
		return object{}, errBroken
	}
	return o, nil
}

// lengthy reads the head of an object that states its length: data, a text or
// a collection.
func (p *binaryPlist) lengthy(kind byte, at int) (object, error) {
	length, start := int(p.raw[at]&0x0F), at+1
	if length == 0x0F {
		width := 1 << (p.raw[start] & 0x0F)
		if p.raw[start]>>4 != 0x1 || width > 8 || start+1+width > p.table {
			return object{}, errBroken
		}
		length = p.number(start+1, width)
		start += 1 + width
	}
	o := object{refsAt: start}
	switch kind {
	case 0x6: // UTF-16
		length *= 2
	case 0xA, 0xC: // array, set
		o.refs = length
	case 0xD: // keys, then values
		o.refs = 2 * length
	}
	if o.refs > 0 {
		length = o.refs * p.refs
	}
	if length > p.table-start {
		return object{}, errBroken
	}
	o.size = start - at + length
	return o, nil
}

const underWay = ^uint16(0) // the height of a collection that is being measured

// height gives how many collections object i is made of from top to bottom, 1
// for a plain value; level is how deep i itself lies.
func (p *binaryPlist) height(i, level int) (int, error) {
	switch {
	case i >= p.count || p.heights[i] == underWay:
		return 0, errBroken
	case p.heights[i] == 0:
		if err := p.measure(i, level); err != nil {
			return 0, err
		}
	}
	if level+int(p.heights[i]) > maxDepth+2 {
		return 0, errTooDeep
	}
	return int(p.heights[i]), nil
}

func (p *binaryPlist) measure(i, level int) error {
	if level > maxDepth+1 {
		return errTooDeep
	}
	o, err := p.object(i)
	if err != nil {
		return err
	}
	p.heights[i] = underWay
	tallest := 0
	for n := range o.refs {
		h, err := p.height(p.number(o.refsAt+n*p.refs, p.refs), level+1)
		if err != nil {
			return err
		}
		tallest = max(tallest, h)
	}
	p.heights[i] = uint16(tallest + 1)
	return nil
}
