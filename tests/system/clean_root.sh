#!/usr/bin/env bash
# ./install.sh system, tried for real: a clean Debian or Ubuntu made by debootstrap, installed into twice, booted with
# its own systemd, called, hurt, and cleaned up again. By hand, as root, 10 to 40 minutes; the suite has the dry runs.
#
#   tests/system/clean_root.sh make    RELEASE ROOT   bookworm, trixie, jammy or noble, into the folder ROOT
#   tests/system/clean_root.sh install ROOT           install, install again: the second time changes nothing
#   tests/system/clean_root.sh boot    ROOT           start the units, call the box, stop and kill its processes
#   tests/system/clean_root.sh remove  ROOT           uninstall, then uninstall --purge
#
# The clean system borrows from this one what has nothing to do with the question: its way to the network
# (certificates, pip.conf), uv's downloads, the llama.cpp wheel where there is one, and the models.
set -Eeuo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}
MODELS=${ATTENDANT_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/attendant}/models
SERVICES=(line agent mind upkeep)

say() { printf '==> %s\n' "$*" >&2; }
fail() { printf 'failed: %s\n' "$*" >&2; exit 1; }
holds() { # WHAT COMMAND... : one line of the result
    local what=$1
    shift
    "$@" >/dev/null || fail "$what"
    printf 'holds: %s\n' "$what"
}

# --- making ---------------------------------------------------------------------------------------

make() { # RELEASE ROOT
    local mirror keyring options=()
    case $1 in
    jammy | noble)
        mirror=${MIRROR:-https://archive.ubuntu.com/ubuntu} options=(--components=main,universe)
        keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg
        [ -e "$keyring" ] || fail "the package ubuntu-keyring is needed"
        ;;
    *)
        keyring=/usr/share/keyrings/debian-archive-keyring.gpg
        mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' |
            grep -v security | head -n 1)}
        ;;
    esac
    debootstrap --variant=minbase --keyring="$keyring" "${options[@]}" \
        --include=systemd-sysv,dbus,iproute2,ca-certificates,procps "$1" "$2" "$mirror" \
        "/usr/share/debootstrap/scripts/$([ -e "/usr/share/debootstrap/scripts/$1" ] && echo "$1" || echo jammy)"
}

# --- installing -----------------------------------------------------------------------------------

within() { # ROOT COMMAND... : in the clean system, with mounts and process numbers of its own
    local root=$1
    shift
    unshare --mount --pid --fork bash -euc '
        root=$1 uv=$2; shift 2
        mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"; mount -t tmpfs tmpfs "$root/tmp"
        mkdir -p "$root/root/.cache/uv"
        [ ! -d "$uv" ] || mount --bind "$uv" "$root/root/.cache/uv"
        exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"
    ' within "$root" "$CACHE/uv" "$@"
}

lend_network() { # ROOT : this machine's way to the world
    local file
    cp -rL /etc/ssl/certs/. "$1/etc/ssl/certs/" 2>/dev/null || true # names without a file are of no interest
    for file in /etc/pip.conf /etc/resolv.conf /etc/hosts; do [ ! -e "$file" ] || cp "$file" "$1$file"; done
}

put_in() { # ROOT : the checkout, of somebody whose files nobody else may read; wheel and models
    lend_network "$1"
    mkdir -p "$1/root/attendant" "$1/root/.cache/attendant" "$1/var/lib/attendant"
    git -C "$HERE" ls-files -z --cached --others --exclude-standard -- install.sh systemd hardware appliance config models pyproject.toml \
        uv.lock README.md LICENSE | tar -C "$HERE" --null -T - --mode=go= -cf - | tar -C "$1/root/attendant" -xf -
    [ ! -d "$CACHE/attendant/wheels" ] || cp -r "$CACHE/attendant/wheels" "$1/root/.cache/attendant/"
    [ ! -d "$MODELS" ] || [ -d "$1/var/lib/attendant/models" ] || cp -r "$MODELS" "$1/var/lib/attendant/"
    within "$1" useradd --system --user-group --home-dir /var/lib/attendant --no-create-home --shell /usr/sbin/nologin \
        attendant 2>/dev/null || true # who installs finds no models: these are its own
    within "$1" chown -R attendant:attendant /var/lib/attendant
}

snapshot() { # ROOT : what the installation is, but for the times at which Python was compiled
    (cd "$1" && find opt/attendant etc/attendant etc/systemd/system etc/systemd/journald.conf.d usr/local/bin \
        -path '*/.incoming' -prune -o ! -name '*.pyc' ! -path '*/.venv/*' -printf '%p %m %u %g %s %l\n' | sort)
    (cd "$1" && find var/lib/attendant -maxdepth 2 -printf '%p %m %u %g\n' | sort)
}

install() { # ROOT
    put_in "$1"
    say "the first time"
    within "$1" bash -c 'umask 077; time /root/attendant/install.sh system --plan none'
    holds "the service user may read the program" \
        within "$1" runuser -u attendant -- /opt/attendant/.venv/bin/appliance --version
    holds "settings are not for everybody" \
        within "$1" bash -c '! runuser -u nobody -- cat /etc/attendant/appliance.toml 2>/dev/null'
    echo '# edited by hand' >>"$1/etc/attendant/appliance.toml"
    snapshot "$1" >"$1/tmp.before"
    say "the second time"
    within "$1" bash -c 'time /root/attendant/install.sh system'
    snapshot "$1" >"$1/tmp.after"
    holds "the second run changes nothing" diff "$1/tmp.before" "$1/tmp.after"
    holds "settings are kept" grep -q 'edited by hand' "$1/etc/attendant/appliance.toml"
    holds "systemd finds nothing wrong with the units" within "$1" bash -c \
        'cd /etc/systemd/system && ! systemd-analyze verify attendant*.service attendant.target 2>&1 | grep attendant >&2'
}

case ${1:-} in
make | install | boot | remove) "$@" ;;
*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 64 ;;
esac
