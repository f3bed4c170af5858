# What is made for Windows. All of it is made on any system; the Makefile
# includes this file.

WINDOWS         := build/windows
WINDOWS_VERSION := $(or $(shell echo '$(VERSION)' | sed -nE 's/^v?([0-9]+\.[0-9]+\.[0-9]+).*/\1/p'),0.0.0)
DIST            ?= dist
WINDOWS_NAME    := ninelives-$(patsubst v%,%,$(VERSION))-windows-amd64

# Icon, version and manifest get into an .exe as an object file that `go build`
# finds beside the source. go-winres makes it: pure Go, the same bytes each
# time, and run by its exact version it stays out of go.mod. A writer of our own
# would be 300 lines of a format that this tool has right; windres would need a
# compiler for Windows.
WINRES := env -u GOOS -u GOARCH $(GO) run github.com/tc-hib/go-winres@v0.3.3

# Times in what is packed are the commit's, so that a build can be repeated.
PACKED_AT := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)

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
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o '$(WINDOWS)/ninelives.exe' ./cmd/ninelives; \
	$(GO) build -trimpath -ldflags '-s -w -H windowsgui' -o '$(WINDOWS)/Nine Lives.exe' ./packaging/windows/starter

.PHONY: zip
zip: windows ## the zip for Windows, into dist
	$(GO) run ./packaging/windows zip -at '$(PACKED_AT)' '$(DIST)/$(WINDOWS_NAME).zip' '$(WINDOWS)/Nine Lives.exe' '$(WINDOWS)/ninelives.exe' LICENSE

# Needs makensis (Debian's nsis). The same bytes each time: it takes its time
# from SOURCE_DATE_EPOCH, and those of the files are set beforehand.
.PHONY: installer
installer: windows ## the installer for Windows, into dist (needs makensis)
	@mkdir -p '$(DIST)'
	@cp LICENSE '$(WINDOWS)/LICENSE.txt'
	@TZ=UTC touch -d "@$(PACKED_AT)" '$(WINDOWS)'/*
	SOURCE_DATE_EPOCH='$(PACKED_AT)' makensis -V2 -NOCD -DVERSION='$(VERSION)' -DNUMBER='$(WINDOWS_VERSION).0' -DFROM='$(WINDOWS)' \
		-DOUT='$(DIST)/$(WINDOWS_NAME)-setup.exe' packaging/windows/installer.nsi

# Filled by a release, which knows where its files will be downloaded from.
.PHONY: winget
winget: ## the manifest for winget, of the installer in dist, into '$(DIST)/winget' (DOWNLOADS=https://… names its folder)
	$(GO) run ./packaging/windows winget -version '$(WINDOWS_VERSION)' -date "$$(TZ=UTC date -d '@$(PACKED_AT)' +%F)" \
		-from '$(DOWNLOADS)' '$(DIST)/$(WINDOWS_NAME)-setup.exe' '$(DIST)/winget'
