# shellcheck shell=bash
# What must be on the machine, and how it gets there. Sourced by the scripts.
#
#   need_swift                      Swift 6.3 or later, which apt does not have
#   need PACKAGE CHECK [ARG...]     remembers the Debian package where the check fails
#   install_needs                   installs what was remembered, or says how and exits with 2

missing=()

need_swift() {
    local version major minor
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p') || version=
    major=${version%%.*} minor=${version#*.}
    if [ -n "$version" ] && { [ "$major" -gt 6 ] || { [ "$major" = 6 ] && [ "$minor" -ge 3 ]; }; }; then
        return
    fi
    {
        if [ -n "$version" ]; then
            echo "This is Swift $version; Dripline needs Swift 6.3 or later."
        else
            echo "Swift is missing; Dripline needs Swift 6.3 or later."
        fi
        echo "apt has none: install it from https://www.swift.org/install/linux/ and put its usr/bin on PATH, then run this again."
    } >&2
    exit 2
}

need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

need_build_tools() {
    need git command -v git
    need pkg-config command -v pkg-config
    need libpq-dev pkg-config --exists libpq
    need zlib1g-dev pkg-config --exists zlib
}

# The server's programs are off PATH on Debian.
has_postgres() {
    local program
    for program in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$program" ] && return
    done
    command -v initdb && command -v pg_ctl && command -v postgres
}

has_python_venv() { python3 -c 'import ensurepip, venv'; }

need_postgres() {
    need postgresql has_postgres
}

# Runs a command as root: as we are, or by sudo where that asks no password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

install_needs() {
    [ "${#missing[@]}" = 0 ] && return
    if ! command -v apt-get >/dev/null; then
        echo "Missing here: ${missing[*]} (named as Debian's packages). Install them, then run this again." >&2
        exit 2
    fi
    if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
        echo "Missing here: ${missing[*]}. Run this, then run me again:" >&2
        echo "    sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${missing[*]}" >&2
        exit 2
    fi
    echo "Installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    case " ${missing[*]} " in
        *' postgresql '*) prevent_default_cluster ;;
    esac
    apt_install "${missing[@]}"
    missing=()
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o Dpkg::Use-Pty=0 install --yes --no-install-recommends "$@" </dev/null >/dev/null
}

# Debian's server package makes and starts a cluster of its own, which nobody here needs. A machine that has PostgreSQL's
# configuration already keeps it as it is.
prevent_default_cluster() {
    local settings=/etc/postgresql-common/createcluster.conf
    [ -e "$settings" ] && return
    apt_install postgresql-common
    [ -e "$settings" ] && as_root sed -i 's/^#* *create_main_cluster *=.*/create_main_cluster = false/' "$settings"
}
