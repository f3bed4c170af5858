# A release: everything that can be made on this system, for all systems, with
# checksums and a list of what is in it. The same commit gives the same bytes.

RELEASE  := $(patsubst v%,%,$(VERSION))
# Of a tool of its own, so not in go.mod.
CYCLONEDX := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

.PHONY: release
release: ## all artefacts of VERSION=x.y.z for the three systems, checksums and parts list, into dist/
	@case '$(RELEASE)' in [0-9]*.[0-9]*.[0-9]*) ;; *) echo 'name the version: make release VERSION=1.2.3'; exit 2;; esac
	rm -rf dist
	set -e; for arch in amd64 arm64; do $(MAKE) packages ARCH=$$arch; done
	$(MAKE) zip installer
	$(MAKE) $(if $(filter Darwin,$(shell uname -s)),dmg APP_DIR=dist,app-archive)
	$(MAKE) source parts
	cd dist && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | sed 's,^\./,,' | tr '\n' '\0' | xargs -0 sha256sum > SHA256SUMS
	@cat dist/SHA256SUMS

# Without a Mac there is no menu bar in it: for trying, not for people.
.PHONY: app-archive
app-archive: app-skeleton
	@mkdir -p dist
	$(TAR) -C '$(APP_DIR)' -cf - 'Nine Lives.app' | gzip -9n > 'dist/ninelives-$(RELEASE)-macos-commandline.tar.gz'

.PHONY: source
source: ## the source of this commit, into dist/
	@mkdir -p dist
	git archive --format=tar --prefix='ninelives-$(RELEASE)-source/' HEAD | gzip -9n > 'dist/ninelives-$(RELEASE)-source.tar.gz'

.PHONY: parts
parts: ## the modules that the program is made of (CycloneDX), into dist/
	@mkdir -p dist
	set -e; for os in linux darwin windows; do \
		$(GO) run -exec "env GOOS=$$os GOARCH=amd64 CGO_ENABLED=0" $(CYCLONEDX) app -json -noserial -notimestamp -std -main cmd/ninelives -output "dist/ninelives-$(RELEASE)-$$os.cdx.json" .; \
	done

# Needs the image of a Mac and the source in dist, as their checksums go in.
.PHONY: homebrew
homebrew: ## Homebrew's cask and formula of the release at SITE=https://…, into dist/
	@case '$(SITE)' in https://*) ;; *) echo 'name where releases lie: make homebrew VERSION=1.2.3 SITE=https://…'; exit 2;; esac
	@for file in 'NineLives-$(RELEASE).dmg' 'ninelives-$(RELEASE)-source.tar.gz'; do \
		test -f "dist/$$file" || { echo "dist/$$file is not there: make dmg APP_DIR=dist on a Mac, and make source"; exit 2; }; \
	done
	$(GO) run ./packaging/macos -homebrew -version '$(RELEASE)' -site '$(SITE)' -out dist 'dist/NineLives-$(RELEASE).dmg' 'dist/ninelives-$(RELEASE)-source.tar.gz'
	mv dist/Casks/nine-lives.rb dist/Formula/ninelives.rb dist/
	rmdir dist/Casks dist/Formula

# Twice from copies of its own, in other folders: the checksums must agree.
.PHONY: release-twice
release-twice: ## make a release twice, and compare every byte
	@set -e; rm -rf build/twice; for copy in 'one' 'the other one'; do \
		git clone -q . "build/twice/$$copy"; \
		$(MAKE) -C "build/twice/$$copy" release VERSION='$(VERSION)' >/dev/null; \
	done; \
	cmp 'build/twice/one/dist/SHA256SUMS' 'build/twice/the other one/dist/SHA256SUMS' && echo 'both have the same bytes'
