package mobilesync

import (
	"errors"
	"io/fs"
	"time"

	"ninelives/internal/health"
)

// piece is what was found where a file should be.
type piece int

const (
	missing piece = iota
	empty
	unreadable // there, but cut off, foreign, or no file at all
	denied
	absent // its volume is not connected
	readable
)

// pieceOf tells from the error of reading a file what was found.
func pieceOf(err error) piece {
	switch {
	case err == nil:
		return readable
	case errors.Is(err, errEmpty):
		return empty
	case errors.Is(err, fs.ErrNotExist):
		return missing
	case errors.Is(err, fs.ErrPermission):
		return denied
	case isAbsent(err):
		return absent
	default:
		return unreadable
	}
}

// found is a file of a backup: what is there, its file time, and what it says
// if it is readable.
type found[T any] struct {
	piece piece
	at    time.Time // zero: there is none
	value T
}

// evidence is all that a device folder says about the backup in it.
type evidence struct {
	status   found[statusFile]
	manifest found[manifestFile]
	info     found[infoFile]
	database found[database]
}

// encrypted reports whether the backup in place is encrypted.
func (e evidence) encrypted() health.Answer { return health.Answer(e.manifest.value.IsEncrypted) }

// flaws says what makes the backup in place impossible to restore, and what,
// less than that, makes it no proof.
func (e evidence) flaws() (damage, weak health.Flaw) {
	switch e.manifest.piece {
	case readable:
	case missing:
		return health.ManifestMissing, health.NoFlaw
	case empty:
		return health.ManifestEmpty, health.NoFlaw
	default:
		return health.ManifestUnreadable, health.NoFlaw
	}
	switch e.database.piece {
	case missing:
		return health.DatabaseMissing, health.NoFlaw
	case empty:
		return health.DatabaseEmpty, health.NoFlaw
	default: // its header decides
	}
	switch {
	case e.encrypted() == health.No && e.database.value.SQLite == health.No:
		return health.DatabaseNotSQLite, health.NoFlaw
	case e.encrypted() == health.Yes && e.database.value.SQLite == health.Yes && !e.manifest.value.Lockdown.plainDatabase():
		return health.NoFlaw, health.DecryptedCopy
	default:
		return health.NoFlaw, health.NoFlaw
	}
}

// nothing reports whether there is no file at all to go by.
func (e evidence) nothing() bool {
	return e.status.piece != readable && e.manifest.piece != readable && e.info.piece != readable && e.database.piece != readable
}
