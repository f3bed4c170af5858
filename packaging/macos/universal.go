package main

import (
	"bytes"
	"cmp"
	"debug/macho"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// fatAlign is the power of two that each program in a universal file begins
// at: the pages of Apple's processors have 16 KiB.
const fatAlign = 14

// slice is the program for one kind of processor.
type slice struct {
	cpu     macho.Cpu
	sub     uint32
	content []byte
}

// universal joins programs for different processors into one file.
func universal(binaries [][]byte) ([]byte, error) {
	slices, err := slicesOf(binaries)
	if err != nil {
		return nil, err
	}
	const headerSize, entrySize = 8, 20
	header := binary.BigEndian.AppendUint32(nil, macho.MagicFat)
	header = binary.BigEndian.AppendUint32(header, uint32(len(slices)))
	end := headerSize + entrySize*len(slices)
	var body bytes.Buffer
	for _, s := range slices {
		start := aligned(end)
		for _, field := range []uint32{uint32(s.cpu), s.sub, uint32(start), uint32(len(s.content)), fatAlign} {
			header = binary.BigEndian.AppendUint32(header, field)
		}
		body.Write(make([]byte, start-end))
		body.Write(s.content)
		end = start + len(s.content)
	}
	return append(header, body.Bytes()...), nil
}

// aligned gives the next place where a program may begin.
func aligned(offset int) int { return (offset + 1<<fatAlign - 1) >> fatAlign << fatAlign }

// slicesOf reads which processor each binary is for. Their order is that of
// Apple's own tools, Intel first.
func slicesOf(binaries [][]byte) ([]slice, error) {
	var all []slice
	for i, content := range binaries {
		f, err := macho.NewFile(bytes.NewReader(content))
		if err != nil {
			return nil, fmt.Errorf("binary %d is no program for a Mac: %w", i+1, err)
		}
		all = append(all, slice{f.Cpu, f.SubCpu, content})
	}
	slices.SortFunc(all, func(a, b slice) int { return cmp.Compare(a.cpu, b.cpu) })
	var cpus []macho.Cpu
	for _, s := range all {
		cpus = append(cpus, s.cpu)
	}
	if !slices.Equal(cpus, []macho.Cpu{macho.CpuAmd64, macho.CpuArm64}) {
		return nil, errors.New("want two binaries, one for amd64 and one for arm64")
	}
	return all, nil
}
