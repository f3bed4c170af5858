package desktop

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// settingsScheme opens a page of macOS's System Settings.
const settingsScheme = "x-apple.systempreferences"

// openCommands returns the command lines that open target on goos, the best
// first. What is not a link, a settings page or an absolute path is refused:
// a command line must never hold an option or a scheme of somebody else.
func openCommands(goos, target string) ([][]string, error) {
	file := localFile(target)
	switch {
	case file != "":
		if err := checkPath(goos, file); err != nil {
			return nil, err
		}
		target = file
	default:
		if err := checkLink(goos, target); err != nil {
			return nil, err
		}
	}
	switch goos {
	case mac:
		return [][]string{{"open", target}}, nil
	case windows:
		return [][]string{windowsOpen(file, target)}, nil
	case linux:
		return [][]string{{"xdg-open", target}, {"gio", "open", target}}, nil
	}
	return nil, fmt.Errorf("%w on %s", ErrTarget, goos)
}

// windowsOpen uses no shell: "&" in a link stays an "&". Explorer itself shows
// what has no extension, which a folder rarely has.
func windowsOpen(file, target string) []string {
	if file != "" && !strings.Contains(file[strings.LastIndexAny(file, `\/`)+1:], ".") {
		return []string{"explorer.exe", target}
	}
	return []string{"rundll32.exe", "url.dll,FileProtocolHandler", target}
}

// windowsLine is the raw command line of [windowsOpen]'s arguments. A path is
// quoted (explorer takes a comma for its end, and no path holds a quote); the
// rest must not be (rundll32 reads it its own way), and a link has no blanks.
func windowsLine(args []string) string {
	last := len(args) - 1
	if localFile(args[last]) == "" {
		return strings.Join(args, " ")
	}
	return strings.Join(args[:last], " ") + ` "` + args[last] + `"`
}

// localFile is the path that target means, or "" if it is a link.
func localFile(target string) string {
	if rest, ok := strings.CutPrefix(target, "file://"); ok {
		rest, err := url.PathUnescape(strings.TrimPrefix(rest, "localhost"))
		if err != nil || !strings.HasPrefix(rest, "/") {
			return ""
		}
		if isDrivePath(rest[1:]) {
			return strings.ReplaceAll(rest[1:], "/", `\`)
		}
		return rest
	}
	if strings.HasPrefix(target, "/") || strings.HasPrefix(target, `\\`) || isDrivePath(target) {
		return target
	}
	return ""
}

// isDrivePath tells whether the text begins like C:\ or C:/.
func isDrivePath(s string) bool {
	if len(s) < 3 || s[1] != ':' || s[2] != '\\' && s[2] != '/' {
		return false
	}
	letter := s[0] | 0x20
	return letter >= 'a' && letter <= 'z'
}

// checkPath wants an absolute path in goos's own form.
func checkPath(goos, file string) error {
	native := strings.HasPrefix(file, "/")
	if goos == windows {
		native = isDrivePath(file) || strings.HasPrefix(file, `\\`)
		if strings.ContainsAny(file, `"<>|*?`) {
			return fmt.Errorf("a character that no path has: %w", ErrTarget)
		}
	}
	if !native {
		return fmt.Errorf("a path of another system: %w", ErrTarget)
	}
	if !utf8.ValidString(file) || strings.ContainsFunc(file, unicode.IsControl) {
		return fmt.Errorf("a path with control characters: %w", ErrTarget)
	}
	return nil
}

// checkLink wants a link that our own texts may hold.
func checkLink(goos, target string) error {
	if strings.ContainsFunc(target, notInLinks) {
		return fmt.Errorf("a character that no link has: %w", ErrTarget)
	}
	u, err := url.Parse(target)
	if err != nil || u.User != nil {
		return fmt.Errorf("not a plain link: %w", ErrTarget)
	}
	switch {
	case u.Scheme == "https" && u.Hostname() != "":
		return nil
	case u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	case u.Scheme == settingsScheme && goos == mac:
		return nil
	}
	return ErrTarget
}

// notInLinks is what RFC 3986 leaves out of a link.
func notInLinks(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("-._~:/?#[]@!$&'()*+,;=%", r)
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
