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

# --- running --------------------------------------------------------------------------------------

# systemd as process 1 of the clean system, with a network of its own in which nothing but loopback is. What could
# reach this machine's kernel (clock, modules, sysctl) it may not.
start_systemd() { # ROOT : sets INIT, its number out here
    CGROUP=/sys/fs/cgroup$([ -d /sys/fs/cgroup/unified ] && echo /unified || true)/attendant-clean-root-$$
    mkdir "$CGROUP"
    bash -c 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"' - "$CGROUP" \
        unshare --mount --pid --fork --uts --ipc --net --cgroup bash -euc '
        root=$1
        ip link set lo up
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"; mount --bind -o ro "$root/proc/sys" "$root/proc/sys"
        mount -t sysfs -o ro sysfs "$root/sys"; mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
        mount -t tmpfs tmpfs "$root/run"; mount -t tmpfs tmpfs "$root/tmp"; mount -t tmpfs -o mode=755 tmpfs "$root/dev"
        for name in null zero full random urandom tty; do touch "$root/dev/$name"; mount --bind "/dev/$name" "$root/dev/$name"; done
        mkdir "$root/dev/shm" "$root/dev/pts"; mount -t tmpfs tmpfs "$root/dev/shm"; mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
        ln -s pts/ptmx "$root/dev/ptmx"
        mkdir -p "$root/run/outside"
        cd "$root" && pivot_root . run/outside && umount -l /run/outside
        exec /usr/bin/env -i container=clean-root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            setpriv --bounding-set -sys_time,-sys_module,-sys_boot,-sys_rawio,-mknod --inh-caps -all \
            /lib/systemd/systemd --log-target=journal
    ' boot "$1" </dev/null >"$1/boot.log" 2>&1 &
    UNSHARED=$!
    trap stop_systemd EXIT
    until_true 60 pgrep -P "$UNSHARED"
    INIT=$(pgrep -P "$UNSHARED")
    until_true 120 bash -c "nsenter --target $INIT --all --root --wd systemctl is-system-running | grep -qE 'starting|running|degraded'"
}

be_patient() { # PATIENT=yes, on a machine that others use: only the line has its own times, the rest is not hurried
    local process
    for process in agent mind upkeep sync errands feed; do
        inside mkdir -p "/run/systemd/system/attendant-$process.service.d"
        printf '[Service]\nWatchdogSec=120\nTimeoutStartSec=1200\nNice=19\n' | inside tee \
            "/run/systemd/system/attendant-$process.service.d/patient.conf" >/dev/null
    done
    inside systemctl daemon-reload
}

stop_systemd() {
    kill -9 "$INIT" 2>/dev/null || true # all of the clean system goes with its process 1
    wait "$UNSHARED" 2>/dev/null || true
    find "$CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || true
}

inside() { nsenter --target "$INIT" --all --root --wd /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

until_true() { # SECONDS COMMAND...
    local limit=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$limit" ] || fail "waited in vain for: $*"
        sleep 0.2
    done
}

of_unit() { inside systemctl show --value --property "$2" "attendant-$1.service"; } # PROCESS PROPERTY
is_active() { [ "$(of_unit "$1" ActiveState)" = active ]; }
was_restarted() { [ "$(of_unit "$1" NRestarts)" -gt "$2" ] && is_active "$1"; } # PROCESS BEFORE
within_sandbox() { inside nsenter --target "$(of_unit "$1" MainPID)" --mount "${@:2}"; } # PROCESS COMMAND...

boot() { # ROOT
    rm -f "$1/etc/systemd/system/multi-user.target.wants/attendant.target"
    start_systemd "$1"
    [ -z "${PATIENT:-}" ] || be_patient
    inside systemctl enable --now attendant.target || true
    local process before
    for process in "${SERVICES[@]}"; do
        until_true 1200 is_active "$process"
        printf 'holds: %s is ready, as itself: %s, %s\n' "$process" "$(of_unit "$process" User)" "$(of_unit "$process" StatusText)"
    done
    holds "what has nothing to do ends as a success" \
        [ "$(of_unit feed Result) $(of_unit sync Result) $(of_unit errands Result)" = "success success success" ]
    holds "the line is real-time" bash -c "chrt -p $(outside line) | grep -q SCHED_RR"
    holds "the agent has no network" \
        [ "$(inside nsenter --target "$(of_unit agent MainPID)" --net ip -o link | wc -l)" = 1 ]
    holds "the system is read-only to the line" within_sandbox line bash -c '! touch /opt/attendant/x 2>/dev/null'
    call_it "$1"
    inside sed -i '/^\[observe\]/,/^\[/s/^port = 0/port = 9560/' /etc/attendant/appliance.toml
    inside systemctl restart attendant-observe.service
    holds "observe sees every process" sees_all
    for process in "${SERVICES[@]}"; do
        before=$(of_unit "$process" NRestarts)
        kill -9 "$(outside "$process")"
        until_true 300 was_restarted "$process" "$before"
        printf 'holds: %s is back after kill -9\n' "$process"
    done
    for process in line agent; do
        before=$(of_unit "$process" NRestarts)
        kill -STOP "$(outside "$process")"
        until_true 300 was_restarted "$process" "$before"
        printf 'holds: %s that stands still counts as dead\n' "$process"
    done
    call_it "$1"
    inside journalctl --no-pager -o cat -u 'attendant-*' >"$1/attendant.log"
    inside systemctl stop attendant.target
    for process in "${SERVICES[@]}"; do
        holds "$process stops with the target, and was not killed for it" [ "$(of_unit "$process" Result)" = success ]
    done
}

outside() { # PROCESS : its number out here
    local pid status
    pid=$(of_unit "$1" MainPID)
    status=$(grep -lE "^NSpid:.*[[:space:]]$pid\$" /proc/[0-9]*/status 2>/dev/null | head -n 1)
    echo "${status//[!0-9]/}"
}

call_it() { # ROOT : from its own loopback, with the caller of this checkout
    nsenter --target "$INIT" --net "$HERE/.venv/bin/python" - <<'PYTHON'
from appliance.bench.dialer import Dialer

with Dialer("sip:box@127.0.0.1:5060") as dialer:
    assert dialer.wait_agent(limit_ms=60_000), dialer.events
    print("holds: the box answers and greets")
PYTHON
}

sees_all() {
    nsenter --target "$INIT" --net python3 - "${SERVICES[@]}" <<'PYTHON'
import sys, urllib.request

with urllib.request.urlopen("http://127.0.0.1:9560/metrics", timeout=60) as answer:
    told = answer.read().decode()
missing = [name for name in sys.argv[1:] if f'attendant_memory_bytes{{process="{name}"}}' not in told]
assert not missing, missing
PYTHON
}

remove() { # ROOT
    within "$1" /root/attendant/install.sh uninstall
    holds "the program and its units are gone" within "$1" bash -c \
        '! ls -d /opt/attendant /etc/systemd/system/attendant* /usr/local/bin/appliance /etc/systemd/journald.conf.d/attendant.conf 2>/dev/null'
    holds "settings, calls and models are kept" within "$1" ls /etc/attendant/appliance.toml /var/lib/attendant/models
    within "$1" /root/attendant/install.sh uninstall --purge
    holds "nothing is left" within "$1" bash -c '! ls -d /etc/attendant /var/lib/attendant 2>/dev/null && ! id attendant 2>/dev/null'
}

case ${1:-} in
make | install | boot | remove) "$@" ;;
*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 64 ;;
esac
