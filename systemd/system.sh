# Installs Attendant for a whole machine, and takes it off again. Sourced by ../install.sh.
# shellcheck shell=bash

PREFIX=/opt/attendant
ETC=/etc/attendant
STATE=/var/lib/attendant
UNITS=/etc/systemd/system
JOURNAL=/etc/systemd/journald.conf.d/attendant.conf
COMMAND_LINK=/usr/local/bin/appliance
DRY_RUN=no
PLAN='' # as installed before
PURGE=no

run() { # COMMAND... : does it, or with --dry-run says it
    if [ "$DRY_RUN" = yes ]; then
        printf '  %s\n' "$*"
    else
        "$@"
    fi
}

systemd_runs() { [ -d /run/systemd/system ]; }

need_root() {
    [ "$DRY_RUN" = yes ] || [ "$(id -u)" = 0 ] || die "this needs root." "Run it as root or with sudo."
}

# --- install --------------------------------------------------------------------------------------

system() { # [--plan NAME] [--dry-run]
    while [ $# -gt 0 ]; do
        case $1 in
        --dry-run) DRY_RUN=yes ;;
        --plan) PLAN=${2:-} && known_plan "$PLAN" && shift ;;
        --plan=*) PLAN=${1#*=} && known_plan "$PLAN" ;;
        *) die "system: what is $1?" "./install.sh --help lists the options." ;;
        esac
        shift
    done
    need_root
    umask 022 # what root installs here, the service user reads
    step "Attendant, into $PREFIX"
    say_release
    bring_tools
    add_user
    copy_tree
    make_environment
    place_settings
    run runuser -u attendant -- env HOME=$STATE ATTENDANT_HOME=$STATE "$PREFIX/.venv/bin/appliance" models pull
    place_units
    [ "$DRY_RUN" = yes ] || say_what_is_next
}

say_release() { # where it was not tried it may still work
    local ID='' VERSION_ID=''
    # shellcheck source=/dev/null
    [ ! -r /etc/os-release ] || source /etc/os-release
    case $ID-$VERSION_ID in
    debian-12 | debian-13 | ubuntu-22.04 | ubuntu-24.04) ;;
    *) say "    made for Debian 12 and 13, Ubuntu 22.04 and 24.04; this is ${ID:-something else} $VERSION_ID" ;;
    esac
}

bring_tools() {
    if [ "$DRY_RUN" = yes ]; then
        say "    nothing is done; these are the steps:"
        run ensure_packages "${RUN_PACKAGES[@]}"
        run ensure_wheel "$(wheel_key)"
        return
    fi
    ensure_packages "${RUN_PACKAGES[@]}"
    mkdir -p "$CACHE"
    ensure_uv
    ensure_wheel
}

add_user() {
    id attendant >/dev/null 2>&1 ||
        run useradd --system --user-group --home-dir $STATE --no-create-home --shell /usr/sbin/nologin attendant
    run install -d -o attendant -g attendant -m 0750 $STATE
}

copy_tree() { # what git knows of, or everything but what is made here; replaced as a whole
    local incoming=$PREFIX/.incoming
    run rm -rf "$incoming"
    run install -d -m 0755 $PREFIX "$incoming"
    run unpack_tree "$incoming"
    run swap_in "$incoming"
}

unpack_tree() { # FOLDER : readable for all, whatever the checkout is
    local readable=--mode=u+rwX,go+rX,go-w
    if [ -e "$HERE/.git" ] && have git; then
        git -c safe.directory="$HERE" -C "$HERE" ls-files -z |
            tar -C "$HERE" --null -T - --ignore-failed-read $readable -cf - 2>/dev/null
    else
        tar -C "$HERE" --exclude=.venv --exclude='.*_cache' --exclude=__pycache__ $readable -cf - .
    fi | tar -C "$1" --no-same-owner -xf -
}

swap_in() { # FOLDER : its entries take the place of those beside it
    local entry
    find "$1" -mindepth 1 -maxdepth 1 -print0 | while IFS= read -r -d '' entry; do
        rm -rf "${PREFIX:?}/${entry##*/}"
        mv "$entry" "$PREFIX/"
    done
    rmdir "$1"
}

make_environment() { # a Python of its own, where the service user can reach it, when Debian's does not fit
    export UV_PYTHON_INSTALL_DIR=$PREFIX/python UV_LINK_MODE=copy
    run install_into "$PREFIX/.venv" "$PREFIX" --no-dev --compile-bytecode
    run ln -sfn "$PREFIX/.venv/bin/appliance" $COMMAND_LINK
}

place_settings() { # never overwritten
    run install -d -o root -g attendant -m 0750 $ETC
    [ -e $ETC/appliance.toml ] ||
        run install -o root -g attendant -m 0640 "$HERE/config/appliance.toml" $ETC/appliance.toml
}

say_what_is_next() {
    if systemd_runs && systemctl --quiet is-active attendant.target; then
        step "Ready. The box still runs what was there before; when nobody is on the line:"
        say "    systemctl restart attendant.target"
    else
        step "Ready. Edit $ETC/appliance.toml, put the extension's password into $ETC/sip_password (mode 600), then:"
        say "    systemctl enable --now attendant.target"
    fi
}

# --- units ----------------------------------------------------------------------------------------

place_units() {
    local source drop_in
    for source in "$HERE"/systemd/attendant*.{target,service}; do
        run install -m 0644 "$source" $UNITS/
    done
    for source in "$HERE"/systemd/attendant-*.service.d/*.conf; do
        drop_in=$UNITS/${source#"$HERE/systemd/"}
        run install -D -m 0644 "$source" "$drop_in"
    done
    [ "$CUDA" = no ] || run install -D -m 0644 "$HERE/hardware/cuda.conf" $UNITS/attendant-mind.service.d/cuda.conf
    [ -z "$PLAN" ] || place_plan "$HERE/hardware/plans/$PLAN.plan"
    run install -D -m 0644 "$HERE/systemd/journald.conf" $JOURNAL
    if systemd_runs; then
        run systemctl daemon-reload
        run systemctl try-restart systemd-journald.service
    else
        say "    systemd does not run here: the units are in $UNITS for when it does"
    fi
}

known_plan() { # NAME
    [ -n "$1" ] && [ -f "$HERE/hardware/plans/$1.plan" ] || [ "$1" = none ] ||
        die "there is no plan called ${1:-nothing}." "Known: $(plans), none; see hardware/README.md."
}

plans() { (cd "$HERE/hardware/plans" && printf '%s ' *.plan) | sed 's/\.plan / /g; s/ $//'; }

place_plan() { # FILE : a drop-in for each process, `rest` for those not named; the plan `none` takes them away
    local process processors policy megabytes unit
    run rm -f $UNITS/attendant-*.service.d/plan.conf
    [ -f "$1" ] || return 0
    while read -r process processors policy megabytes; do
        case $process in '' | '#'* | cores | memory_mb) continue ;; esac
        for unit in "$HERE/systemd/attendant-"*.service; do
            unit=${unit##*/}
            [ "$process" != rest ] && [ "$unit" != "attendant-$process.service" ] && continue
            [ "$process" = rest ] && grep -qw "^${unit:10:-8}" "$1" && continue
            run write_plan "$unit" "$processors" "$policy" "$megabytes"
        done
    done <"$1"
}

write_plan() { # UNIT PROCESSORS protect|limit MEGABYTES
    local folder=$UNITS/$1.d memory=MemoryMax
    [ "$3" = limit ] || memory=MemoryLow
    install -d -m 0755 "$folder"
    printf '# From hardware/plans; ./install.sh system --plan none takes it away.\n[Service]\nCPUAffinity=%s\n%s=%sM\n' \
        "$2" "$memory" "$4" >"$folder/plan.conf"
}

# --- uninstall ------------------------------------------------------------------------------------

uninstall() { # [--purge] [--dry-run]
    while [ $# -gt 0 ]; do
        case $1 in
        --purge) PURGE=yes ;;
        --dry-run) DRY_RUN=yes ;;
        *) die "uninstall: what is $1?" "./install.sh --help lists the options." ;;
        esac
        shift
    done
    need_root
    step "Attendant, off $PREFIX"
    ! systemd_runs || run systemctl disable --now attendant.target 'attendant-*.service' 2>/dev/null || true
    run rm -rf $PREFIX $UNITS/attendant.target $UNITS/attendant-*.service $UNITS/attendant-*.service.d $JOURNAL
    [ "$(readlink $COMMAND_LINK)" != "$PREFIX/.venv/bin/appliance" ] || run rm -f $COMMAND_LINK
    ! systemd_runs || run systemctl daemon-reload
    if [ "$PURGE" = yes ]; then
        run rm -rf $STATE $ETC "$CACHE"
        ! id attendant >/dev/null 2>&1 || run userdel attendant
    else
        say "    kept: $STATE (calls, recordings, models) and $ETC; --purge removes them and $CACHE"
    fi
    say "    not touched: $HERE with its .venv, and your own data in ${XDG_DATA_HOME:-$HOME/.local/share}/attendant"
}
