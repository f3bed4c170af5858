#!/bin/sh
# notarize.sh IMAGE: sends the image to Apple, waits, and staples the ticket to
# it. Needs an app signed with a Developer ID, and an account stored once by
#
#   xcrun notarytool store-credentials NAME
#
# whose NAME is in $NOTARY_PROFILE, and if it was put into another keychain than
# the usual one, that in $NOTARY_KEYCHAIN.
set -eu

: "${NOTARY_PROFILE:?notarize: name the profile that xcrun notarytool store-credentials made}"
xcrun notarytool submit "$1" --keychain-profile "$NOTARY_PROFILE" ${NOTARY_KEYCHAIN:+--keychain "$NOTARY_KEYCHAIN"} --wait
xcrun stapler staple "$1"
spctl --assess --type open --context context:primary-signature --verbose "$1"
