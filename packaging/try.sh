#!/usr/bin/env bash
# Try a self-contained zip where there is nothing else: no Python, no other program, no network.
# Usage: bash packaging/try.sh aiguard-linux-x86_64.zip
# With the rights for it the program runs in a root folder of its own that holds the C library alone; else without PATH.
set -euo pipefail
zip=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$zip" "$work" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    archive.extractall(sys.argv[2])
PY
chmod +x "$work/aiguard/aiguard"

alone=(env -i PATH= LANG=C.UTF-8)
if unshare -n true 2>/dev/null; then
    alone=(unshare -n "${alone[@]}")
fi
if [[ $(id -u) == 0 ]]; then
    # What every Linux has: the parts of its C library, at their places.
    for library in $(ldd "$work/aiguard/aiguard" | grep -o '/[^ ]*'); do
        for part in "$library" "$(dirname "$library")"/lib{m,dl,pthread,rt,util}.so.[0-9]; do
            [[ ! -e $part ]] || install -D "$(realpath "$part")" "$work$part"
        done
    done
    mkdir -p "$work/tmp"
    chroot=$(command -v chroot)
    run() { "${alone[@]}" "$chroot" "$work" /aiguard/aiguard "$@"; }
    place=/aiguard/examples
else
    run() { "${alone[@]}" "$work/aiguard/aiguard" "$@"; }
    place=$work/aiguard/examples
fi

run --version
run pack test
found=0
run check "$place" --format concise >/dev/null || found=$?
[[ $found == 1 ]] || { echo "aiguard check examples: exit $found, wanted 1" >&2; exit 1; }
run scan "$place" --quiet --format html >/dev/null || [[ $? == 1 ]]
