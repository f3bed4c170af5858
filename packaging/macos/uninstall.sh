#!/bin/sh
# Removes Nine Lives from this Mac for this person:
#
#   sh "/Applications/Nine Lives.app/Contents/Resources/uninstall.sh" [--data] [--keep-data]
#
# Settings, memory and history are removed only when asked for: by --data, or
# by answering y. Backups are never touched.
set -eu

answer=ask
for word in "$@"; do
	case $word in
	--data) answer=y ;;
	--keep-data) answer=n ;;
	*)
		echo "uninstall: $word: want --data or --keep-data" >&2
		exit 64
		;;
	esac
done

app=$(cd "$(dirname "$0")/../.." && pwd)
case $app in
*/"Nine Lives.app") ;;
*)
	echo "uninstall: this must be the copy inside Nine Lives.app" >&2
	exit 1
	;;
esac

# The login item first: launchd would start again what is ended before.
launchctl bootout "gui/$(id -u)/ninelives.agent" 2>/dev/null || true
rm -f "$HOME/Library/LaunchAgents/ninelives.agent.plist"
pkill -x -U "$(id -u)" ninelives || true
# It saves what it knows before it is gone, into what is removed below.
for _ in 1 2 3 4 5 6 7 8 9 10; do
	pgrep -x -U "$(id -u)" ninelives >/dev/null || break
	sleep 0.3
done

# Takes Full Disk Access and everything else that was granted away again.
if tccutil reset All ninelives.monitor >/dev/null 2>&1; then
	echo "Its permissions were taken away."
else
	echo "To take its permission away: System Settings > Privacy & Security > Full Disk Access, choose Nine Lives, press the minus."
fi

# Where the icon stands in the menu bar, which AppKit notes. The running
# preferences service would write the file again if it were only removed.
defaults delete ninelives.monitor >/dev/null 2>&1 || true
rm -f "$HOME/Library/Preferences/ninelives.monitor.plist"

data="$HOME/Library/Application Support/Nine Lives"
logs="$HOME/Library/Logs/Nine Lives"
if [ "$answer" = ask ]; then
	answer=n
	if [ -t 0 ]; then
		printf 'Remove its settings and history too? They are in\n  %s\n[y/N] ' "$data"
		read -r answer || answer=n
	fi
fi
case $answer in
[yY]*) rm -rf "$data" "$logs" ;;
*) [ ! -d "$data" ] || echo "Settings and history stay in $data" ;;
esac

if rm -rf "$app" 2>/dev/null; then
	echo "Nine Lives is removed."
else
	echo "Move $app to the Bin; this account may not."
	exit 1
fi
