#!/bin/sh
# keychain.sh KEYCHAIN
#
# Puts the certificate of a release ($CERTIFICATE: a .p12 in base64, with its
# $CERTIFICATE_PASSWORD) into a new keychain that is for codesign alone, and
# prints, as lines for $GITHUB_ENV, the keychain and the identity in it. Nothing
# secret is printed.
set -eu
umask 077

keychain=$1
: "${CERTIFICATE:?keychain: a .p12 in base64}" "${CERTIFICATE_PASSWORD:?keychain: the password of the .p12}"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
printf '%s' "$CERTIFICATE" | openssl base64 -d -A >"$dir/both.p12"
password=$(openssl rand -hex 16)
{
	security create-keychain -p "$password" "$keychain"
	security set-keychain-settings -lut 21600 "$keychain" # Apple may take hours
	security unlock-keychain -p "$password" "$keychain"
	security import "$dir/both.p12" -f pkcs12 -k "$keychain" -P "$CERTIFICATE_PASSWORD" -T /usr/bin/codesign
	# Without this codesign would ask somebody who is not there.
	security set-key-partition-list -S apple-tool:,apple:,codesign: -s -k "$password" "$keychain"
	# codesign looks only into keychains of the list; the usual ones stay in it.
	security list-keychains -d user | sed 's/^ *"//; s/"$//' | tr '\n' '\0' | xargs -0 security list-keychains -d user -s "$keychain"
} >/dev/null

# Without -v: a certificate of one's own, which nobody made trusted, does too.
identity=$(security find-identity -p codesigning "$keychain" | sed -n 's/^ *1) [0-9A-F]* "\(.*\)".*/\1/p' | head -n 1)
[ -n "$identity" ] || {
	echo "keychain: there is nothing to sign with in it: want a certificate for signing programs together with its key" >&2
	exit 1
}
printf 'SIGNING_KEYCHAIN=%s\nSIGNING_IDENTITY=%s\n' "$keychain" "$identity"
