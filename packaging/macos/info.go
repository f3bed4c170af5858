package main

import (
	"regexp"

	"howett.net/plist"
)

// oldestSystem is the oldest macOS that programs of this Go run on.
const oldestSystem = "12.0"

// usageTexts are what macOS shows when it asks whether the app may look at a
// place. There is none for Full Disk Access, which macOS never asks for.
var usageTexts = map[string]string{
	"NSRemovableVolumesUsageDescription": "Nine Lives looks whether the backups on this drive are complete and new enough. It never changes them.",
	"NSNetworkVolumesUsageDescription":   "Nine Lives looks whether the backups on this server are complete and new enough. It never changes them.",
	"NSDocumentsFolderUsageDescription":  "Nine Lives looks whether the backups in this folder are complete and new enough. It never changes them.",
	"NSDesktopFolderUsageDescription":    "Nine Lives looks whether the backups in this folder are complete and new enough. It never changes them.",
	"NSDownloadsFolderUsageDescription":  "Nine Lives looks whether the backups in this folder are complete and new enough. It never changes them.",
}

// infoPlist is what the app says about itself to macOS.
func infoPlist(version string) ([]byte, error) {
	number := number(version)
	keys := map[string]any{
		"CFBundleDevelopmentRegion":     "en",
		"CFBundleDisplayName":           "Nine Lives",
		"CFBundleExecutable":            executable,
		"CFBundleIconFile":              iconName,
		"CFBundleIdentifier":            identifier,
		"CFBundleInfoDictionaryVersion": "6.0",
		"CFBundleName":                  "Nine Lives",
		"CFBundlePackageType":           "APPL",
		"CFBundleShortVersionString":    number,
		"CFBundleSignature":             "????",
		"CFBundleSupportedPlatforms":    []string{"MacOSX"},
		"CFBundleVersion":               number,
		"LSApplicationCategoryType":     "public.app-category.utilities",
		"LSMinimumSystemVersion":        oldestSystem,
		"LSUIElement":                   true, // in the menu bar, not in the Dock
		"NSHighResolutionCapable":       true,
		"NSHumanReadableCopyright":      "MIT licence",
		"NSPrincipalClass":              "NSApplication",
	}
	for key, text := range usageTexts {
		keys[key] = text
	}
	return plist.MarshalIndent(keys, plist.XMLFormat, "\t")
}

var threeNumbers = regexp.MustCompile(`^v?(\d+\.\d+\.\d+)`)

// number gives the three numbers that macOS takes for a version. What git says
// of an untagged tree has none.
func number(version string) string {
	if m := threeNumbers.FindStringSubmatch(version); m != nil {
		return m[1]
	}
	return "0.0.0"
}
