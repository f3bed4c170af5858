# Nine Lives: what a developer does here. `make` alone says so.

GO      ?= go
BINARY  := ninelives
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# A tag is v1.2.3 and the version 1.2.3: from here on, nothing knows of the v.
override VERSION := $(patsubst v%,%,$(VERSION))
COMMIT  ?= $(shell git rev-parse --short=12 HEAD 2>/dev/null)
# All dates in what is built are that of the commit, or of who packages it, so
# that the same source makes the same bytes.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
DATE    := $(shell date -u -d @$(SOURCE_DATE_EPOCH) +%FT%TZ 2>/dev/null || date -u -r $(SOURCE_DATE_EPOCH) +%FT%TZ)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.date=$(DATE)
# What git knows is in LDFLAGS; without it the program is the same from a copy
# without history.
GOBUILD := $(GO) build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)'
# Only the menu bar of macOS needs cgo; without it the program is smaller.
CGO     := $(if $(filter darwin,$(shell $(GO) env GOOS)),1,0)
ICONS   := assets/icons

.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: build
build: ## the program, into ./ninelives
	CGO_ENABLED=$(CGO) $(GOBUILD) -o $(BINARY) ./cmd/ninelives

.PHONY: run
run: build ## watch your own backups; with none on this computer, the demo
# That look asks phones, and no network.
	@if ./$(BINARY) check --feed-url http://127.0.0.1:9/ --releases-url http://127.0.0.1:9/ 2>/dev/null | grep -q 'no backups found'; then \
		echo 'No backups of an iPhone or iPad are known to this computer, so here is the demo.'; \
		exec ./$(BINARY) demo; \
	else exec ./$(BINARY) run; fi

.PHONY: demo
demo: build ## all of it on built-in sample backups; touches nothing of yours
	@exec ./$(BINARY) demo

.PHONY: test
test: ## every test that this machine can run
	$(GO) test -p 1 ./... # one package at a time: several watch real desktops and browsers

.PHONY: check
check: ## what must be green before a commit lands: format, vet for three systems, lint, race, tidy
	@test -z "$$(gofmt -l .)" || { echo 'not gofmt-ed:'; gofmt -l .; exit 1; }
	$(GO) vet ./...
	GOOS=darwin GOARCH=arm64 CGO_ENABLED=0 $(GO) vet ./...
	GOOS=darwin GOARCH=amd64 CGO_ENABLED=0 $(GO) build ./...
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 $(GO) vet ./...
	@if command -v staticcheck >/dev/null; then staticcheck ./... ; else echo 'staticcheck is not installed (make deps); skipped'; fi
	@if command -v golangci-lint >/dev/null; then golangci-lint run ./... ; else echo 'golangci-lint is not installed (make deps); skipped'; fi
	$(GO) test -race -p 1 ./... # one at a time, as `make test`
	$(GO) mod tidy -diff

.PHONY: bench
bench: ## speed and memory, each beside something to compare with in the same run
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: growth
growth: ## ten thousand readings of phones and rounds of the whole, and what they leave behind
	NINELIVES_LONG=1 $(GO) test -count=1 -v -timeout 30m -run LeaveNothingBehind ./internal/phone ./cmd/ninelives

.PHONY: fuzz
fuzz: ## each fuzz target for half a minute
	@set -e; for dir in $$($(GO) list -f '{{.Dir}}' ./...); do \
		for target in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$dir/*_test.go 2>/dev/null | cut -c6-); do \
			echo "$$dir $$target"; (cd $$dir && $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime 30s .); \
		done; \
	done

.PHONY: golden
golden: ## write the golden files anew; read the diff before you commit it
	$(GO) test ./internal/alert ./internal/view ./internal/desktop ./internal/scenarios ./packaging/gallery -update
	$(GO) test ./packaging/macos -run Schema -update

.PHONY: icons
icons: ## draw the icons anew from their description
	$(GO) run ./packaging/icons

# The app for macOS: $(1) is 1 for one with a menu bar, which takes a Mac.
APP_DIR ?= build/macos
define app
	mkdir -p '$(APP_DIR)'
	for arch in arm64 amd64; do \
		CGO_ENABLED=$(1) GOOS=darwin GOARCH=$$arch MACOSX_DEPLOYMENT_TARGET=12.0 \
			$(GOBUILD) -o "$(APP_DIR)/ninelives-$$arch" ./cmd/ninelives || exit 1; \
	done
	$(GO) run ./packaging/icons -icns '$(APP_DIR)/NineLives.icns'
	$(GO) run ./packaging/macos -version '$(VERSION)' -icon '$(APP_DIR)/NineLives.icns' -out '$(APP_DIR)' '$(APP_DIR)/ninelives-arm64' '$(APP_DIR)/ninelives-amd64'
endef

.PHONY: app-skeleton
app-skeleton: ## the app for macOS without its menu bar, unsigned; on any computer
	$(call app,0)

.PHONY: app
app: ## the app for macOS, signed with $IDENTITY or a certificate of your own; on a Mac
	$(call app,1)
	sh packaging/macos/sign.sh '$(APP_DIR)/Nine Lives.app'

.PHONY: dmg
dmg: app ## the app as a disk image; on a Mac
	sh packaging/macos/dmg.sh '$(APP_DIR)/Nine Lives.app' '$(APP_DIR)/NineLives-$(VERSION).dmg'

.PHONY: notarize
notarize: ## have Apple notarise that image, with the account of $NOTARY_PROFILE
	sh packaging/macos/notarize.sh '$(APP_DIR)/NineLives-$(VERSION).dmg'

.PHONY: gallery
gallery: ## every page in every state on one sheet, into build/gallery
	$(GO) run ./packaging/gallery

include packaging/linux/linux.mk
include packaging/windows/windows.mk
include packaging/release.mk

.PHONY: deps
deps: ## what the desktop and browser tests and the linters need (Debian, as root)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
		dbus dbus-x11 xvfb xfce4-panel dunst xdotool imagemagick x11-utils libplist-utils desktop-file-utils libglib2.0-bin chromium curl usbmuxd libimobiledevice-utils \
		lintian rpm mandoc man-db zsh fish librsvg2-bin systemd groff-base icnsutils ruby file python3 openssl \
		wine wine64 nsis icoutils libxml2-utils unzip python3-yaml binutils-mingw-w64-x86-64
	$(GO) install honnef.co/go/tools/cmd/staticcheck@v0.8.2
	$(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BINARY) $(BINARY).exe dist build
