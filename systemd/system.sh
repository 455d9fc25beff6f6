# Installs Attendant for a whole machine, and takes it off again. Sourced by ../install.sh.
# shellcheck shell=bash

PREFIX=/opt/attendant
ETC=/etc/attendant
STATE=/var/lib/attendant
UNITS=/etc/systemd/system
COMMAND_LINK=/usr/local/bin/appliance
DRY_RUN=no

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

system() {
    [ "${1:-}" != --dry-run ] || DRY_RUN=yes
    need_root
    step "Attendant, into $PREFIX"
    if [ "$DRY_RUN" = yes ]; then
        say "    nothing is done; these are the steps:"
        run ensure_packages "${RUN_PACKAGES[@]}"
        run ensure_wheel "$(wheel_key)"
    else
        ensure_packages "${RUN_PACKAGES[@]}"
        mkdir -p "$CACHE"
        ensure_uv
        ensure_wheel
    fi
    add_user
    copy_tree
    make_environment
    place_settings
    run runuser -u attendant -- env HOME=$STATE ATTENDANT_HOME=$STATE "$PREFIX/.venv/bin/appliance" models pull
    place_units
    [ "$DRY_RUN" = no ] || return 0
    step "Ready. Edit $ETC/appliance.toml, put the extension's password into $ETC/sip_password (mode 600), then:"
    say "    systemctl enable --now attendant.target"
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

unpack_tree() { # FOLDER
    if [ -e "$HERE/.git" ]; then
        git -c safe.directory="$HERE" -C "$HERE" ls-files -z |
            tar -C "$HERE" --null -T - --ignore-failed-read -cf - 2>/dev/null
    else
        tar -C "$HERE" --exclude=.venv --exclude='.*_cache' --exclude=__pycache__ -cf - .
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

place_units() {
    local unit
    for unit in "$HERE"/systemd/attendant*.{target,service}; do
        run install -m 0644 "$unit" $UNITS/
    done
    run install -D -m 0644 "$HERE/systemd/attendant-.service.d/common.conf" \
        $UNITS/attendant-.service.d/common.conf
    run install -D -m 0644 "$HERE/systemd/attendant-agent.service.d/never-given-up.conf" \
        $UNITS/attendant-agent.service.d/never-given-up.conf
    if systemd_runs; then
        run systemctl daemon-reload
    else
        say "    systemd does not run here: the units are in $UNITS for when it does"
    fi
}

# --- uninstall ------------------------------------------------------------------------------------

uninstall() {
    local purge=no
    while [ $# -gt 0 ]; do
        case $1 in
        --purge-data) purge=yes ;;
        --dry-run) DRY_RUN=yes ;;
        *) die "uninstall: what is $1?" "./install.sh --help lists the options." ;;
        esac
        shift
    done
    need_root
    step "Attendant, off $PREFIX"
    ! systemd_runs || run systemctl disable --now attendant.target 'attendant-*.service' 2>/dev/null || true
    run rm -rf $PREFIX $UNITS/attendant.target $UNITS/attendant-{line,agent,mind,feed,sync,errands}.service \
        $UNITS/attendant-.service.d $UNITS/attendant-agent.service.d
    [ "$(readlink $COMMAND_LINK)" != "$PREFIX/.venv/bin/appliance" ] || run rm -f $COMMAND_LINK
    ! systemd_runs || run systemctl daemon-reload
    if [ "$purge" = yes ]; then
        run rm -rf $STATE $ETC "$CACHE"
        ! id attendant >/dev/null 2>&1 || run userdel attendant
    else
        say "    kept: $STATE (calls, recordings, models) and $ETC; --purge-data removes them and $CACHE"
    fi
    say "    not touched: $HERE with its .venv, and your own data in ${XDG_DATA_HOME:-$HOME/.local/share}/attendant"
}
