package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/bits"
	"path/filepath"
	"sync"
	"time"

	"ninelives/internal/health"
)

// volumePatience is for all volumes together, as they are asked side by side: a
// disk that has to spin up needs some seconds.
const volumePatience = 10 * time.Second

// Volumes tells the room on the disks that hold the backups.
type Volumes struct {
	folders  func() []string
	room     func(path string) (free, total int64, err error)
	patience time.Duration

	mu     sync.Mutex
	asking map[string]bool // the folders whose volume has not answered yet
}

// NewVolumes gives the source for the folders that the function names at each
// Read: places of backups, and device folders in them that are links. It must
// not touch a disk itself.
func NewVolumes(folders func() []string) *Volumes {
	return &Volumes{folders: folders, room: roomAt, patience: volumePatience, asking: map[string]bool{}}
}

// Where gives the first folder.
func (v *Volumes) Where() string {
	if all := v.folders(); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Read asks the volume of each folder once, at the end of all links, and gives
// those that answer, in the order of the folders. A volume that is absent,
// refuses or hangs is left out: nothing is known of it.
//
// When no volume answers, the error tells why, and wraps
// [health.ErrNoPermission] or [health.ErrTimedOut]; that none is there is no
// error. One that hangs is left alone, and not asked again until it comes back.
func (v *Volumes) Read(ctx context.Context) ([]health.Volume, error) {
	ctx, cancel := context.WithTimeout(ctx, v.patience)
	defer cancel()
	var volumes []health.Volume
	var trouble error
	for _, pending := range v.askAll() {
		volume, err := pending.wait(ctx)
		switch {
		case err == nil:
			volumes = append(volumes, volume)
		case !errors.Is(err, fs.ErrNotExist) && trouble == nil:
			trouble = explain(err)
		}
	}
	if len(volumes) > 0 {
		return volumes, nil
	}
	return nil, trouble
}

// reply is what the volume of a folder said.
type reply struct {
	volume health.Volume
	err    error
}

// question is one that a volume was asked; nil: it has not answered an earlier
// one yet.
type question chan reply

// askAll asks the volume of every folder, each on its own.
func (v *Volumes) askAll() []question {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []question
	seen := map[string]bool{}
	for _, folder := range v.folders() {
		switch {
		case seen[folder]:
			continue
		case v.asking[folder]:
			all = append(all, nil)
		default:
			v.asking[folder] = true
			all = append(all, v.ask(folder))
		}
		seen[folder] = true
	}
	return all
}

// ask looks for the volume of a folder, for as long as it takes.
func (v *Volumes) ask(folder string) question {
	q := make(question, 1)
	go func() {
		r := reply{volume: health.Volume{Path: folder}}
		var path string
		if path, r.err = filepath.EvalSymlinks(folder); r.err == nil {
			r.volume.Free, r.volume.Total, r.err = v.room(path)
		}
		v.mu.Lock()
		delete(v.asking, folder)
		v.mu.Unlock()
		q <- r
	}()
	return q
}

// wait gives the answer, if it comes in time or is there already.
func (q question) wait(ctx context.Context) (health.Volume, error) {
	if q == nil {
		return health.Volume{}, fmt.Errorf("%w: the look before this one still hangs", health.ErrTimedOut)
	}
	r, err := soon(ctx, q)
	if err != nil {
		return health.Volume{}, fmt.Errorf("%w: %w", health.ErrTimedOut, err)
	}
	return r.volume, r.err
}

// explain finds the kind of an error, and takes the path out of it, which may
// hold the UDID of a device.
func explain(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: %w", health.ErrNoPermission, err)
	}
	return fmt.Errorf("host: room for backups: %w", err)
}

// roomAt, in room_<os>.go, gives the bytes that this person may still fill on
// the volume of a path, and the bytes of all of it.

// size gives the bytes of so many blocks; a volume that claims to be larger
// than can be told is as large as can be told.
func size(blocks, block uint64) int64 {
	high, low := bits.Mul64(blocks, block)
	if high > 0 || low > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(low)
}
