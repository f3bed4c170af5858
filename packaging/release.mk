# A release: everything that can be made on this system, for all systems, with
# checksums and a list of what is in it. The same commit gives the same bytes.

# Of a tool of its own, so not in go.mod.
CYCLONEDX := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

.PHONY: release
release: ## all artefacts of VERSION=x.y.z for the three systems, checksums and parts list, into dist/
	@test "$$(uname -s)" != Darwin || { echo 'make release needs the tools of GNU: run it on Linux; on a Mac: make dmg'; exit 2; }
	@echo '$(VERSION)' | grep -qxE '[0-9]+\.[0-9]+\.[0-9]+(-[A-Za-z][0-9A-Za-z.]*)?' || { echo 'name the version: make release VERSION=1.2.3, or 1.2.3-rc.1'; exit 2; }
	rm -rf dist
	set -e; for arch in amd64 arm64; do $(MAKE) packages ARCH=$$arch; done
	$(MAKE) zip installer
	$(MAKE) app-archive source parts
	$(if $(DOWNLOADS),$(if $(findstring -,$(VERSION)),@echo 'a candidate is nothing for winget',$(MAKE) winget))
	$(MAKE) sums

# GitHub would turn the ~ of a candidate's packages into a dot, and the sums
# would be of files that nobody finds. What is in folders is not downloaded.
.PHONY: sums
sums: ## the checksums of the files in dist/
	set -e; cd dist; for file in *~*; do if test -e "$$file"; then mv "$$file" "$$(echo "$$file" | tr '~' .)"; fi; done
	cd dist && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum > SHA256SUMS
	@cat dist/SHA256SUMS

# Without a Mac there is no menu bar in it: for trying, not for people.
.PHONY: app-archive
app-archive: app-skeleton
	@mkdir -p dist
	$(TAR) --sort=name -C '$(APP_DIR)' -cf - 'Nine Lives.app' | gzip -9n > 'dist/ninelives-$(VERSION)-macos-commandline.tar.gz'

.PHONY: source
source: ## the source of this commit, into dist/
	@mkdir -p dist
	git archive --format=tar --prefix='ninelives-$(VERSION)-source/' HEAD | gzip -9n > 'dist/ninelives-$(VERSION)-source.tar.gz'

.PHONY: parts
parts: ## the modules that the program is made of (CycloneDX), into dist/
	@mkdir -p dist
	set -e; for os in linux darwin windows; do \
		$(GO) run -exec "env GOOS=$$os GOARCH=amd64 CGO_ENABLED=0" $(CYCLONEDX) app -json -noserial -notimestamp -std -main cmd/ninelives -output "dist/ninelives-$(VERSION)-$$os.cdx.json" .; \
	done

# Needs the image of a Mac and the source in dist, as their checksums go in.
.PHONY: homebrew
homebrew: ## Homebrew's cask and formula of the release at SITE=https://…, into dist/
	@case '$(SITE)' in https://*) ;; *) echo 'name where releases lie: make homebrew VERSION=1.2.3 SITE=https://…'; exit 2;; esac
	@for file in 'NineLives-$(VERSION).dmg' 'ninelives-$(VERSION)-source.tar.gz'; do \
		test -f "dist/$$file" || { echo "dist/$$file is not there: make dmg APP_DIR=dist on a Mac, and make source"; exit 2; }; \
	done
	$(GO) run ./packaging/macos -homebrew -version '$(VERSION)' -site '$(SITE)' -out dist 'dist/NineLives-$(VERSION).dmg' 'dist/ninelives-$(VERSION)-source.tar.gz'
	mv dist/Casks/nine-lives.rb dist/Formula/ninelives.rb dist/
	rmdir dist/Casks dist/Formula

# Twice from copies of its own, in other folders, for people of other habits: the
# checksums must agree.
.PHONY: release-twice
release-twice: ## make a release twice, and compare every byte
	@set -e; rm -rf build/twice; mkdir -p build/twice; \
	for copy in 'one' 'the other one'; do git clone -q . "build/twice/$$copy"; done; \
	(umask 022; export TZ=UTC; $(MAKE) -C build/twice/one release VERSION='$(VERSION)' >/dev/null); \
	(umask 077; export TZ=Pacific/Auckland LC_ALL=C; $(MAKE) -C 'build/twice/the other one' release VERSION='$(VERSION)' >/dev/null); \
	cmp 'build/twice/one/dist/SHA256SUMS' 'build/twice/the other one/dist/SHA256SUMS' && echo 'both have the same bytes'
