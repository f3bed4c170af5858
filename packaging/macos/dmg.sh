#!/bin/sh
# dmg.sh APP IMAGE: a disk image with the app and where to drag it; on a Mac.
set -eu

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$1" "$stage/"
ln -s /Applications "$stage/Applications"
hdiutil create -quiet -ov -volname "Nine Lives" -srcfolder "$stage" -format ULMO "$2"
case ${IDENTITY:-} in
"Developer ID"*) codesign --timestamp --sign "$IDENTITY" "$2" ;;
esac
echo "$2"
