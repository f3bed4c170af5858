package sample

import "encoding/binary"

// pageSize is that of real manifests.
const pageSize = 4096

// database is the list of the backup's files, Manifest.db or Manifest.mbdb.
func (f Folder) database() ([]entry, error) {
	if f.NoDatabase || f.firstRun() {
		return nil, nil
	}
	file := entry{name: "Manifest.db", at: f.ManifestDate}
	if f.Database == MBDB {
		file.name = "Manifest.mbdb"
	}
	switch {
	case f.EmptyDatabase:
	case f.Database == MBDB:
		file.data = mbdb()
	case f.Database == Noise, f.Encrypted && f.Database != SQLite:
		file.data = noise(f.UDID+"database", 2*pageSize+16) // AES rounds up by a block
	default:
		file.data = sqlitePage()
	}
	return []entry{file}, nil
}

// sqlitePage is a whole SQLite database without a table: a header and an empty
// first page. As in real manifests it asks for a write-ahead log, which a
// reader that opens it carelessly leaves behind.
func sqlitePage() []byte {
	page := make([]byte, pageSize)
	copy(page, "SQLite format 3\x00")
	put16 := func(at int, v uint16) { binary.BigEndian.PutUint16(page[at:], v) }
	put32 := func(at int, v uint32) { binary.BigEndian.PutUint32(page[at:], v) }
	put16(16, pageSize)
	page[18], page[19] = 2, 2                 // written, read with a write-ahead log
	page[21], page[22], page[23] = 64, 32, 32 // fractions of a payload, fixed
	put32(24, 1)                              // changes
	put32(28, 1)                              // pages
	put32(44, 4)                              // schema format
	put32(56, 1)                              // UTF-8
	put32(60, 2)                              // user version, as Apple's
	put32(92, 1)                              // the change that the version is of
	put32(96, 3046000)                        // SQLite 3.46.0
	page[100] = 13                            // a leaf of a table
	put16(105, pageSize)                      // its cells begin at the end: none
	return page
}

// mbdb is the list of an old backup, with one folder in it.
func mbdb() []byte {
	const none = 0xffff // the length of a text that is not there
	out := []byte("mbdb\x05\x00")
	text := func(s string) {
		out = binary.BigEndian.AppendUint16(out, uint16(len(s)))
		out = append(out, s...)
	}
	text("HomeDomain")
	text("Library")
	for range 3 { // link target, hash, key
		out = binary.BigEndian.AppendUint16(out, none)
	}
	out = binary.BigEndian.AppendUint16(out, 0o40755)
	return append(out, make([]byte, 8+4+4+4+4+4+8+1+1)...) // inode, owner, times, size, class, properties
}
