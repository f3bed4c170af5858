// Package store keeps what outlives a run: the settings that people write and
// the memory of what was read and said.
//
// Settings are a TOML file that belongs to its reader: [ReadSettings] accepts
// nothing it does not know, and [Set] changes one key and leaves every other
// byte alone. The memory is a JSON file that belongs to the program:
// [Memory.Save] survives a kill at any moment, and [Memory.Load] sets a damaged
// file aside instead of trusting or destroying it.
package store
