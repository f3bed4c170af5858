# What is made for Windows. All of it is made on any system; the Makefile
# includes this file.

WINDOWS         := build/windows
# A number of Windows' cannot say "candidate": only the release itself has one.
WINDOWS_VERSION := $(or $(shell echo '$(VERSION)' | grep -xE '[0-9]+\.[0-9]+\.[0-9]+'),0.0.0)
WINDOWS_NAME    := ninelives-$(VERSION)-windows-amd64

# Icon, version and manifest get into an .exe as an object file that `go build`
# finds beside the source. go-winres makes it: pure Go, the same bytes each
# time, and run by its exact version it stays out of go.mod. A writer of our own
# would be 300 lines of a format that this tool has right; windres would need a
# compiler for Windows.
WINRES := env -u GOOS -u GOARCH $(GO) run github.com/tc-hib/go-winres@v0.3.3

.PHONY: windows
windows: ## the two .exe for Windows with icon, version and manifest, into build/windows
	@rm -rf '$(WINDOWS)' && mkdir -p '$(WINDOWS)'
	$(GO) run ./packaging/icons -app-ico '$(WINDOWS)/app.ico'
	@set -e; trap 'rm -f cmd/ninelives/*.syso packaging/windows/starter/*.syso' EXIT; \
	for dir in cmd/ninelives packaging/windows/starter; do \
		$(WINRES) make --in packaging/windows/winres.json --arch amd64 --out $$dir/made \
			--file-version '$(WINDOWS_VERSION).0' --product-version '$(VERSION)'; \
	done; \
	export GOOS=windows GOARCH=amd64 CGO_ENABLED=0; \
	$(GOBUILD) -o '$(WINDOWS)/ninelives.exe' ./cmd/ninelives; \
	$(GOBUILD) -ldflags '-s -w -H windowsgui' -o '$(WINDOWS)/Nine Lives.exe' ./packaging/windows/starter

.PHONY: zip
zip: windows ## the zip for Windows, into dist
	$(GO) run ./packaging/windows zip -at '$(SOURCE_DATE_EPOCH)' 'dist/$(WINDOWS_NAME).zip' '$(WINDOWS)/Nine Lives.exe' '$(WINDOWS)/ninelives.exe' LICENSE

# Needs makensis (Debian's nsis). The same bytes each time: it takes its time
# from SOURCE_DATE_EPOCH, and those of the files are set beforehand.
.PHONY: installer
installer: windows ## the installer for Windows, into dist (needs makensis)
	@mkdir -p dist
	@cp LICENSE '$(WINDOWS)/LICENSE.txt'
	@TZ=UTC touch -d "@$(SOURCE_DATE_EPOCH)" '$(WINDOWS)'/*
	makensis -V2 -NOCD -DVERSION='$(VERSION)' -DNUMBER='$(WINDOWS_VERSION).0' -DFROM='$(WINDOWS)' \
		-DOUT='dist/$(WINDOWS_NAME)-setup.exe' packaging/windows/installer.nsi

# Filled by a release, which knows where its files will be downloaded from. It
# refuses what is no release.
.PHONY: winget
winget: ## the manifest for winget, of the installer in dist, into dist/winget (DOWNLOADS=https://… names the folder on the web)
	$(GO) run ./packaging/windows winget -version '$(VERSION)' -date "$$(TZ=UTC date -d '@$(SOURCE_DATE_EPOCH)' +%F)" \
		-from '$(DOWNLOADS)' 'dist/$(WINDOWS_NAME)-setup.exe' dist/winget
