# Sourced by ./demo, ./test and `just`: builds .venv from pinned, hashed requirements.
# Needs Python 3.11 or newer and nothing else; whatever is missing is named with the way to get it.

set -eu
cd "$(dirname "$0")"
case "$0" in */.ci/*) cd .. ;; esac

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Backfile needs Python 3.11, 3.12 or 3.13, and found none of them."
    say "  Install one (Debian, Ubuntu: apt-get install python3 python3-venv) and start again."
    exit 2
}

make_venv() {
    python=$(find_python)
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "Installing $package ..."
            apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >&2
            "$python" -m venv .venv
        else
            say "Python cannot make a virtual environment here."
            say "  Install it with: sudo apt-get install $package"
            exit 2
        fi
    fi
}

# prepare_venv FILE: .venv holds exactly what FILE pins, and Backfile itself.
prepare_venv() {
    stamp="$(cat "$1" pyproject.toml | cksum) $(pwd)"
    if [ -x .venv/bin/backfile ] && [ "$(cat .venv/.stamp 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys' 2>/dev/null || make_venv
    say "Preparing .venv (first time: some minutes, about 300 MB of downloads) ..."
    if [ ! -x .venv/bin/uv ]; then
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt >&2
    fi
    export VIRTUAL_ENV="$PWD/.venv"
    # Compiled now, once: every process that starts would else compile what it imports where it may not write.
    .venv/bin/uv pip sync -q --compile-bytecode --require-hashes "$1" >&2
    .venv/bin/uv pip install -q --no-deps --no-build-isolation -e . >&2
    printf '%s\n' "$stamp" >.venv/.stamp
}
