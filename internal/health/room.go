package health

import (
	"fmt"
	"strings"
	"time"
)

// roomFor is how old a look at a disk may be and still count.
const roomFor = Day

// volumeOf gives the disk that holds a folder: what was asked about the folder
// itself, a link, before what was asked about the place that it stands in.
func (f Facts) volumeOf(path string, now time.Time) (Volume, bool) {
	var best Volume
	if !f.Volumes.Known() || age(f.Volumes.GoodAt, now) > roomFor {
		return best, false
	}
	for _, v := range f.Volumes.Value {
		if v.Total > 0 && within(path, v.Path) && len(v.Path) > len(best.Path) {
			best = v
		}
	}
	return best, best.Path != ""
}

func within(path, dir string) bool {
	rest, inside := strings.CutPrefix(path, strings.TrimRight(dir, `/\`))
	return inside && (rest == "" || rest[0] == '/' || rest[0] == '\\')
}

// full reports whether a further backup cannot come to its end: what changed
// since the last one takes a tenth of it easily, and hardly ever more than 5 GB.
func (v Volume) full(size int64) bool {
	return v.Free < max(littleSpace, min(size/10, 5*gigabyte))
}

// tight reports whether a whole backup would not fit: not every one is whole,
// so this is a word, and nothing that stands in the way.
func (v Volume) tight(size int64) bool { return v.full(size) || v.Free < size }

// roomWords says that a disk fills up, before a backup fails for it.
func (c *patient) roomWords(b Backup) string {
	v, ok := c.facts.volumeOf(b.Path, c.now)
	switch {
	case !ok || b.Archive || !v.tight(b.Size):
		return ""
	case b.Size == 0:
		return fmt.Sprintf(" Only %s are free on its disk.", bytes(v.Free))
	default:
		return fmt.Sprintf(" Only %s are free on its disk; this backup takes %s.", bytes(v.Free), bytes(b.Size))
	}
}

// bytes says a size as disks are sold, in powers of ten.
func bytes(n int64) string {
	if n < gigabyte {
		return fmt.Sprintf("%d MB", n/1_000_000)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/gigabyte)
}
