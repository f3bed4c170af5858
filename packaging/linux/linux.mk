# Packages for Linux, into dist/: what every format holds is staged once, below
# build/linux/ARCH. Times are SOURCE_DATE_EPOCH and names are sorted, so that
# the same source gives the same bytes.

ARCH  ?= $(shell $(GO) env GOARCH)
# Of a tool of its own, so not in go.mod. Newer ones cannot be had from the
# module proxy.
NFPM  := $(GO) run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.0
STAGE := build/linux/$(ARCH)
# What is between two releases sorts after the first, what leads to one before it.
PACKAGE_VERSION := $(shell echo '$(VERSION)' | sed -E 's/^([^0-9])/0~\1/; /^[0-9a-f]+(-dirty)?$$/s/^/0~/; s/-dirty$$/+dirty/; s/^([0-9.]+)-([A-Za-z])/\1~\2/; s/-/+/g')
TARBALL := ninelives-$(PACKAGE_VERSION)-linux-$(ARCH)
HOST    := GOOS= GOARCH= GOARM= $(GO)
STAMP   := touch -h -d @$(SOURCE_DATE_EPOCH)
TAR     := tar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime=@$(SOURCE_DATE_EPOCH) --format=ustar

.PHONY: packages deb rpm tarball stage-linux
packages: deb rpm tarball ## .deb, .rpm and tarball for Linux, into dist/ (ARCH=arm64 for that)

deb rpm: stage-linux
	@mkdir -p dist
	VERSION='$(PACKAGE_VERSION)' ARCH='$(ARCH)' STAGE='$(STAGE)' $(NFPM) package --config packaging/linux/nfpm.yaml --packager $@ --target dist/

tarball: stage-linux # bin and share, for ~/.local: files only, for tar gives folders that are there the modes of those it holds
	@rm -rf $(STAGE)/$(TARBALL) && mkdir -p $(STAGE)/$(TARBALL)/share/systemd dist
	cp -r $(STAGE)/bin $(STAGE)/share $(STAGE)/$(TARBALL)
	cp -r $(STAGE)/user $(STAGE)/$(TARBALL)/share/systemd
	sed -i 's,/usr/bin/,%h/.local/bin/,' $(STAGE)/$(TARBALL)/share/systemd/user/ninelives.service
	(cd $(STAGE) && find $(TARBALL) ! -type d) | LC_ALL=C sort | $(TAR) --no-recursion --verbatim-files-from -C $(STAGE) --files-from=- -cf - | gzip -9n > dist/$(TARBALL).tar.gz

stage-linux:
	@rm -rf $(STAGE) && mkdir -p $(STAGE)/bin $(STAGE)/user $(addprefix $(STAGE)/share/,man/man1 applications \
		bash-completion/completions zsh/site-functions fish/vendor_completions.d doc/ninelives/examples)
	GOOS=linux GOARCH=$(ARCH) CGO_ENABLED=0 $(GOBUILD) -o $(STAGE)/bin/ninelives ./cmd/ninelives
	CGO_ENABLED=0 GOOS= GOARCH= $(GOBUILD) -o build/linux/describe ./cmd/ninelives
	build/linux/describe man > $(STAGE)/share/man/man1/ninelives.1
	build/linux/describe completion bash > $(STAGE)/share/bash-completion/completions/ninelives
	build/linux/describe completion zsh > $(STAGE)/share/zsh/site-functions/_ninelives
	build/linux/describe completion fish > $(STAGE)/share/fish/vendor_completions.d/ninelives.fish
	$(HOST) run ./packaging/icons -hicolor $(STAGE)/share/icons/hicolor
	cp packaging/linux/ninelives.desktop $(STAGE)/share/applications
	cp packaging/linux/ninelives.service $(STAGE)/user
	cp packaging/linux/strict.conf $(STAGE)/share/doc/ninelives/examples
	cp packaging/linux/copyright $(STAGE)/share/doc/ninelives
	GOOS=linux GOARCH=$(ARCH) packaging/linux/notices > $(STAGE)/share/doc/ninelives/third-party
	cp CHANGELOG.md $(STAGE)/share/doc/ninelives/changelog
	printf 'ninelives (%s-1) unstable; urgency=medium\n\n  * What is new for those who use it stands in changelog.gz.\n\n -- %s  %s\n' \
		'$(PACKAGE_VERSION)' "$$(sed -n 's/^maintainer: //p' packaging/linux/nfpm.yaml)" "$$(LC_ALL=C date -Ru -d @$(SOURCE_DATE_EPOCH))" > $(STAGE)/changelog.Debian
	gzip -9n $(STAGE)/changelog.Debian $(STAGE)/share/man/man1/ninelives.1 $(addprefix $(STAGE)/share/doc/ninelives/,third-party changelog)
	chmod -R u=rwX,go=rX $(STAGE)
	find $(STAGE) -exec $(STAMP) {} +
