#!/bin/sh
# sign.sh APP
#
# Signs the app, on a Mac: with the identity that $IDENTITY names ("Developer
# ID Application: …"; "-" for ad hoc), else with a certificate that is made
# once for this person and used for every later version. macOS remembers whom it
# gave Full Disk Access by the signature; of an ad hoc one it remembers the
# exact bytes, so that the next version would have to be allowed anew.
set -eu

app=$1
own="Nine Lives (made on this Mac)"
keychain=${KEYCHAIN:-$(security default-keychain -d user | sed 's/^ *"//; s/"$//')}

# make_certificate puts a certificate for signing programs into the keychain.
make_certificate() {
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	cat >"$dir/request" <<-END
		[req]
		distinguished_name = name
		x509_extensions = use
		prompt = no
		[name]
		CN = $own
		[use]
		basicConstraints = critical, CA:false
		keyUsage = critical, digitalSignature
		extendedKeyUsage = critical, codeSigning
	END
	password=$(openssl rand -hex 16)
	openssl req -x509 -newkey rsa:2048 -nodes -days 7300 -config "$dir/request" -keyout "$dir/key" -out "$dir/certificate" 2>"$dir/said" || {
		cat "$dir/said" >&2 # its dots are worth reading only then
		exit 1
	}
	# The keychain reads the older ciphers only, which OpenSSL 3 has to be told;
	# Apple's own openssl does not know the word.
	older=
	openssl pkcs12 -help 2>&1 | grep -q -- -legacy && older=-legacy
	openssl pkcs12 -export $older -name "$own" -inkey "$dir/key" -in "$dir/certificate" -passout "pass:$password" -out "$dir/both"
	security import "$dir/both" -k "$keychain" -P "$password" -T /usr/bin/codesign >/dev/null
	echo "sign: made the certificate \"$own\" in $keychain; keep it for later versions" >&2
}

identity=${IDENTITY:-}
if [ -z "$identity" ]; then
	identity=$own
	# A certificate whose key is gone signs nothing: only both are an identity.
	# Without -v, as that leaves out what nobody made trusted, such as ours.
	security find-identity -p codesigning "$keychain" | grep -qF "\"$own\"" || make_certificate
fi

# Apple notarises only what carries a timestamp of Apple's; nobody else gets one.
stamp=--timestamp=none
case $identity in "Developer ID"*) stamp=--timestamp ;; esac

codesign --force --options runtime $stamp --sign "$identity" "$app"
codesign --verify --strict --verbose=2 "$app"
echo "sign: macOS will know this app by:" >&2
codesign --display --requirements - "$app"
