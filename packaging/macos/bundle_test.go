package main

import (
	"bytes"
	"debug/macho"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVersionIsThreeNumbersForMacOS(t *testing.T) {
	for version, want := range map[string]string{
		"v1.2.3": "1.2.3", "1.20.3": "1.20.3", "v1.2.3-4-gabcdef-dirty": "1.2.3", "dev": "0.0.0", "c28519b": "0.0.0", "": "0.0.0", "1.2": "0.0.0",
	} {
		if got := number(version); got != want {
			t.Errorf("%q: %s, want %s", version, got, want)
		}
	}
}

func TestOnlyOneProgramForEachProcessorIsTaken(t *testing.T) {
	for name, binaries := range map[string][][]byte{
		"none":         nil,
		"no program":   {[]byte("#!/bin/sh"), []byte("")},
		"cut off":      {{0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1}, nil},
		"one, twice":   {header(0x0c), header(0x0c)},
		"only one":     {header(0x07)},
		"one too many": {header(0x07), header(0x0c), header(0x0c)},
	} {
		if _, err := universal(binaries); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	first, err := universal([][]byte{header(0x0c), header(0x07)})
	if err != nil {
		t.Fatal(err)
	}
	if second, err := universal([][]byte{header(0x07), header(0x0c)}); err != nil || string(first) != string(second) {
		t.Errorf("the order of the arguments shows (%v)", err)
	}
	fat, err := macho.NewFatFile(bytes.NewReader(first))
	if err != nil || len(fat.Arches) != 2 {
		t.Fatalf("%+v, %v", fat, err)
	}
	for i, a := range fat.Arches {
		if a.Offset != uint32(i+1)<<14 || a.Align != 14 || a.Size != 32 {
			t.Errorf("%v lies at %d, aligned by %d, of %d bytes", a.Cpu, a.Offset, a.Align, a.Size)
		}
	}
}

// header is the least that is a Mach-O file for a processor.
func header(cpu byte) []byte {
	return []byte{0xcf, 0xfa, 0xed, 0xfe, cpu, 0, 0, 1, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
}

func TestNothingOfAnOlderAppStays(t *testing.T) {
	app := filepath.Join(t.TempDir(), appName)
	old := filepath.Join(app, "Contents", "old")
	if err := os.MkdirAll(old, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := write(app, map[string]file{"Contents/PkgInfo": {[]byte("x"), 0o644}}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old file is there: %v", err)
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	dir := t.TempDir()
	if err := build(bundle{}, "", dir, nil); err == nil || !strings.Contains(err.Error(), "-icon") {
		t.Errorf("no icon: %v", err)
	}
	if err := build(bundle{}, "", dir, []string{filepath.Join(dir, "none")}); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("no binary: %v", err)
	}
}
