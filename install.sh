#!/usr/bin/env bash
# Attendant: sets itself up on a Debian machine, then does what you asked. `./install.sh --help` lists what.
#
# Every step looks first and acts only when something is missing, so the second run starts in seconds. Nothing is
# asked. What set-up says goes to stderr: stdout belongs to the command (`./install.sh demo --json | jq`).
#
#   in the checkout      .venv/                                 the Python environment, dev tools included
#   in the cache         ${XDG_CACHE_HOME:-~/.cache}/attendant  uv, and the llama.cpp wheel built for this machine
#   with the user's data ~/.local/share/attendant/models        model files (or under ATTENDANT_HOME)
set -Eeuo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/attendant
VENV=$HERE/.venv
UV_VERSION=0.13.9
CUDA=no # --cuda

RUN_PACKAGES=(python3 python3-venv python3-dev build-essential cmake git ca-certificates libgomp1 libportaudio2)
# real SIP peers, a real scraper, and a sound card that is none
TEST_PACKAGES=(kamailio baresip-core sip-tester prometheus pipewire pipewire-bin pipewire-alsa wireplumber dbus-daemon)
SOURCE_PACKAGES=(swig libssl-dev libopus-dev libspeex-dev libspeexdsp-dev libsrtp2-dev libgsm1-dev uuid-dev xz-utils)

# One environment for everything, dev tools always included: `demo` after `test` then finds nothing to change,
# and the 60 MB are little beside the models. Only `system` installs without them.
export UV_PROJECT_ENVIRONMENT=$VENV
export UV_SYSTEM_CERTS=1 # believe the certificates the machine believes
export PIP_DISABLE_PIP_VERSION_CHECK=1
unset VIRTUAL_ENV

usage() {
    cat <<'TEXT'
Attendant: a telephone receptionist in a box.

usage: ./install.sh [--cuda] COMMAND

  demo [OPTIONS]      set up, then call the box and watch it answer (options: ./install.sh demo --help)
  test [PYTEST ARGS]  set up, then run the whole test suite
  setup               set up and stop
  check               say what is here and what would be done; changes nothing, exit status 1 if something is missing
  system [--plan NAME] [--dry-run]
                      install under /opt/attendant with a service user and systemd units (needs root); a plan of
                      hardware/plans gives each process its cores and memory, `none` takes that back
  uninstall [--purge] [--dry-run]
                      take the system installation off; settings, calls and models stay unless --purge
  sip-from-source [--source FILE]
                      build PJSIP 2.17: more than 4 calls at once, Opus, TLS 1.3 (about 4 minutes); .venv has it
                      then, and a `system` that is installed afterwards

  --cuda              build llama.cpp for an NVIDIA GPU (Jetson, or a PC with the CUDA toolkit installed)
  -h, --help          this text
TEXT
}

# --- talking --------------------------------------------------------------------------------------

say() { printf '%s\n' "$*" >&2; }
step() { printf '==> %s\n' "$*" >&2; }
die() { # MESSAGE REMEDY
    printf 'install.sh: %s\n            %s\n' "$1" "${2:-}" >&2
    exit 69 # EX_UNAVAILABLE
}
# Whatever else fails is at least named; those who end with 69 have said why.
trap '[ $? = 69 ] || say "install.sh: line $LINENO: failed: $BASH_COMMAND"' ERR
have() { command -v "$1" >/dev/null 2>&1; }

# --- Debian packages ------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }

missing_packages() { # NAME... : prints those that are not installed
    local name
    for name in "$@"; do installed "$name" || printf '%s ' "$name"; done
}

as_root() { # COMMAND... : runs it as root without asking anything
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        die "root is needed for: $*" "Run that once as root (or with sudo), then run this again."
    fi
}

ensure_packages() { # NAME...
    if ! have dpkg-query; then
        say "    This is no Debian; these must be here under whatever name: $*"
        return
    fi
    local missing
    read -ra missing <<<"$(missing_packages "$@")"
    [ ${#missing[@]} -gt 0 ] || return 0
    step "Debian packages: ${missing[*]}"
    as_root apt-get update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null >&2 ||
        die "apt-get could not install them." "See the lines above; then run this again."
    keep_quiet "${missing[@]}"
}

# Debian 12 has no Asterisk. A later Debian's own packages, unpacked under the cache and never installed: they run
# there with their own libraries (tests/servers/asterisk.py), without root.
ASTERISK=$CACHE/asterisk

ensure_asterisk() { # tests that need it are skipped, with this reason, when it cannot be had
    [ -x "$ASTERISK/usr/sbin/asterisk" ] && return
    local mirror room=$CACHE/asterisk.packages
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null |
        grep -v security | head -n 1) || true
    [ -n "$mirror" ] || { say "    no Debian mirror is known here: tests against Asterisk are skipped"; return 0; }
    step "Asterisk from Debian's unstable release, into $ASTERISK (100 MB to fetch)"
    rm -rf "$room" "$ASTERISK.new"
    if fetch_asterisk "$mirror" "$room" >&2; then
        mv -T "$ASTERISK.new" "$ASTERISK"
    else
        say "    it could not be fetched: tests against Asterisk are skipped"
    fi
    rm -rf "$room" "$ASTERISK.new"
}

fetch_asterisk() { # MIRROR FOLDER : with package lists of its own, the machine's stay as they are
    local lists=$2/var/lib/apt/lists archives=$2/var/cache/apt/archives package
    mkdir -p "$lists/partial" "$archives/partial" "$2/etc/apt/apt.conf.d" "$2/etc/apt/preferences.d" "$2/var/lib/dpkg" &&
        : >"$2/var/lib/dpkg/status" &&
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $1 sid main" >"$2/etc/apt/sources.list" ||
        return
    local apart=(-q -y -o "Dir=$2" -o "Dir::State::status=$2/var/lib/dpkg/status" -o APT::Install-Recommends=false
        -o "APT::Sandbox::User=$(id -un)" -o Dpkg::Use-Pty=0)
    apt-get "${apart[@]}" update && apt-get "${apart[@]}" --download-only install asterisk || return
    for package in "$archives"/*.deb; do dpkg-deb -x "$package" "$ASTERISK.new" || return; done
}

keep_quiet() { # the test suite starts its own Kamailio and Prometheus: Debian's must not sit on their ports
    [ -d /run/systemd/system ] || return 0
    local name
    for name in kamailio prometheus; do
        case " $* " in *" $name "*) as_root systemctl disable --now "$name" >&2 2>&1 || true ;; esac
    done
}

# --- Python and uv --------------------------------------------------------------------------------

python_fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; }

find_python() { # prints an interpreter of a version we run on, or the version uv shall fetch
    local name # Debian's own first: it stays, and the service user may run it
    for name in /usr/bin/python3 python3.11 python3.12 python3; do
        if have "$name" && python_fits "$name"; then
            command -v "$name"
            return
        fi
    done
    echo 3.12
}

ensure_python() { # the one find_python names, where that is not here
    local python
    python=$(find_python)
    [ -x "$python" ] || "$UV" python install --quiet "$python" >&2 ||
        die "this system's Python is none of 3.11 and 3.12, and $python could not be fetched from GitHub." \
            "Check the network, name a mirror in UV_PYTHON_INSTALL_MIRROR, or put python$python (with venv) on the PATH."
}

ensure_uv() { # sets UV and PIP_PYTHON
    local home=$CACHE/uv-$UV_VERSION
    UV=$home/bin/uv PIP_PYTHON=$home/bin/python
    [ -x "$UV" ] && "$UV" --version >/dev/null 2>&1 && return
    step "uv $UV_VERSION, into $home"
    rm -rf "$home"
    python3 -m venv "$home" || die "python3 cannot make environments." "Install python3-venv."
    "$PIP_PYTHON" -m pip install --quiet "uv==$UV_VERSION" >&2 ||
        die "uv could not be fetched from PyPI." "Check the network, or name your mirror in PIP_INDEX_URL."
}

# --- llama.cpp, built once for this machine -------------------------------------------------------

cpu_has() { local flag; for flag in "$@"; do grep -qwm1 "$flag" /proc/cpuinfo || return 1; done; }

cpu_features() {
    case $(uname -m) in
    x86_64)
        if cpu_has avx avx2 fma f16c bmi2 avx512f avx512_vnni avx512vbmi avx512_bf16; then
            echo avx512
        elif cpu_has avx avx2 fma f16c bmi2; then
            echo avx2
        else
            echo baseline
        fi
        ;;
    *) uname -m ;;
    esac
}

# GGML_NATIVE stays off: on Sapphire Rapids it segfaults at the first decode (llama.cpp issue 20824).
cmake_args() { # FEATURES
    local on=ON
    printf '%s ' -DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF -DGGML_NATIVE=OFF -DGGML_CCACHE=OFF
    [ "$1" = baseline ] && on=OFF
    case $1 in
    avx512 | avx2 | baseline)
        printf '%s ' -DGGML_AVX=$on -DGGML_AVX2=$on -DGGML_FMA=$on -DGGML_F16C=$on -DGGML_BMI2=$on
        ;;
    esac
    [ "$1" = avx512 ] &&
        printf '%s ' -DGGML_AVX512=ON -DGGML_AVX512_VBMI=ON -DGGML_AVX512_VNNI=ON -DGGML_AVX512_BF16=ON
    [ "$CUDA" = yes ] && printf '%s ' -DGGML_CUDA=ON
    return 0
}

llama_version() { sed -n '/^name = "llama-cpp-python"$/{n;s/^version = "\(.*\)"$/\1/p;}' "$HERE/uv.lock"; }

wheel_key() {
    local device=cpu
    [ "$CUDA" = yes ] && device=cuda
    echo "llama-cpp-python-$(llama_version)-$(cpu_features)-$device"
}

cached_wheel() { # prints its path, or nothing
    local folder
    folder=$CACHE/wheels/$(wheel_key)
    [ ! -d "$folder" ] || find "$folder" -name '*.whl' | head -n 1
}

ensure_wheel() { # sets WHEEL
    WHEEL=$(cached_wheel)
    [ -z "$WHEEL" ] || return 0
    local key folder log
    key=$(wheel_key) folder=$CACHE/wheels/$(wheel_key) log=$CACHE/$(wheel_key).log
    step "llama.cpp for this machine ($key): built once, 2 to 10 minutes; log: $log"
    rm -rf "$folder.new" && mkdir -p "$folder.new"
    # the hash of the source comes from uv.lock, through uv's own export
    (cd "$HERE" && "$UV" export --quiet --frozen --no-emit-project --no-header --no-annotate) |
        sed -n '/^llama-cpp-python==/,/[^\\]$/p' >"$folder.new/requirement.txt"
    # no pip cache: pip would hand out a wheel that was built with other flags
    CMAKE_ARGS=$(cmake_args "$(cpu_features)") CMAKE_BUILD_PARALLEL_LEVEL=$(nproc) watched "$log" \
        "$PIP_PYTHON" -m pip wheel -v --no-cache-dir --no-deps --require-hashes --no-binary llama-cpp-python \
        -r "$folder.new/requirement.txt" -w "$folder.new" ||
        die "llama.cpp could not be built; the log ends above, all of it is in $log" \
            "Short of memory? Close programs, or add swap, and run this again."
    rm -rf "$folder" && mv "$folder.new" "$folder"
    WHEEL=$(cached_wheel)
}

watched() { # LOG COMMAND... : runs it, shows how long it has taken and how far it is; its end when it fails
    local log=$1 child status=0 started=$SECONDS shown=-30
    shift
    "$@" >"$log" 2>&1 </dev/null &
    child=$!
    trap 'kill "$child" 2>/dev/null' EXIT
    while kill -0 "$child" 2>/dev/null; do
        local passed=$((SECONDS - started)) files
        files=$(grep -oE '\[ *[0-9]+/[0-9]+\]' "$log" 2>/dev/null | tail -n 1 || true)
        if [ -t 2 ]; then
            printf '\r    %d:%02d  %s ' $((passed / 60)) $((passed % 60)) "${files:-at work}" >&2
        elif [ $((passed - shown)) -ge 30 ]; then
            say "    $((passed / 60)):$(printf %02d $((passed % 60)))  ${files:-at work}"
            shown=$passed
        fi
        sleep 0.5
    done
    wait "$child" || status=$?
    trap - EXIT
    [ -t 2 ] && printf '\n' >&2
    [ "$status" = 0 ] || tail -n 25 "$log" >&2
    return "$status"
}

# --- the environment ------------------------------------------------------------------------------

stamp() { # changes with everything .venv is made from
    { cat "$HERE/uv.lock" "$HERE/pyproject.toml" && echo "$HERE $(wheel_key) $UV_VERSION"; } | sha256sum | cut -d' ' -f1
}

environment_is_ready() {
    [ "$(cat "$VENV/.attendant-setup" 2>/dev/null)" = "$(stamp)" ] &&
        (cd / && PYTHONDONTWRITEBYTECODE=1 "$VENV/bin/python" -c 'import appliance, llama_cpp.llama_cpp' 2>/dev/null)
}

ensure_environment() {
    environment_is_ready && return
    ensure_uv
    ensure_wheel
    step "Python environment, into $VENV"
    install_into "$VENV" "$HERE"
    stamp >"$VENV/.attendant-setup"
}

install_into() { # VENV PROJECT [uv sync OPTIONS...]
    local venv=$1 project=$2 built_here=(--no-install-package llama-cpp-python)
    shift 2
    pjsip_has_a_wheel || built_here+=(--no-install-package pjsua2-python)
    ensure_python
    (cd "$project" && UV_PROJECT_ENVIRONMENT=$venv "$UV" sync --frozen --python "$(find_python)" \
        "${built_here[@]}" "$@") >&2 ||
        die "the Python packages could not be installed." "See the lines above; then run this again."
    # its own dependencies are in uv.lock and installed already
    "$UV" pip install --quiet --python "$venv/bin/python" --no-deps --reinstall "$WHEEL" >&2
    take_pjsip "$venv"
}

ensure_models() { # SET...
    local set options=()
    for set in "$@"; do options+=(--profile "$set"); done
    step "Models: $*"
    "$VENV/bin/appliance" models pull "${options[@]}" >&2
}

set_up() { # SET... : everything a command needs, once at a time
    mkdir -p "$CACHE"
    (
        flock 9
        ensure_environment
        ensure_models "$@"
    ) 9>"$CACHE/set-up.lock"
}

# --- commands -------------------------------------------------------------------------------------

demo() {
    local set=default argument previous=
    for argument in "$@"; do
        case $previous$argument in --profilesmall | *--profile=small) set=small ;; esac
        previous=$argument
    done
    ensure_packages "${RUN_PACKAGES[@]}"
    set_up "$set" demo
    exec "$VENV/bin/appliance" demo "$@"
}

run_tests() { # every check is run; the last lines are pytest's, the exit status is everybody's
    ensure_packages "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
    ensure_asterisk
    set_up small default demo desk
    cd "$HERE"
    PATH=$VENV/bin:$PATH
    local status=0 check
    for check in "ruff format --check ." "ruff check ." "mypy" "lint-imports"; do
        step "$check"
        $check >&2 || { say "    failed: $check"; status=1; }
    done
    step "pytest $*"
    python -m pytest "$@" || status=$?
    exit "$status"
}

check() {
    local lacking=0 name python
    report() { # OK|-- WHAT
        printf '%-8s %s\n' "$1" "$2"
        [ "$1" = present ] || lacking=1
    }
    for name in "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}"; do
        if ! have dpkg-query || installed "$name"; then report present "$name"; else
            report missing "$name (apt-get install would bring it)"
        fi
    done
    if [ -x "$ASTERISK/usr/sbin/asterisk" ]; then report present "Asterisk for the tests"; else
        report missing "Asterisk for the tests (would be fetched from Debian, 100 MB)"
    fi
    python=$(find_python)
    if [ -x "$python" ]; then report present "$python"; else report missing "Python 3.11 or 3.12 (uv would fetch $python)"; fi
    if [ -x "$CACHE/uv-$UV_VERSION/bin/uv" ]; then report present "uv $UV_VERSION"; else
        report missing "uv $UV_VERSION (would be fetched from PyPI)"
    fi
    if [ -n "$(cached_wheel)" ]; then report present "$(wheel_key)"; else
        report missing "$(wheel_key) (would be built, 2 to 10 minutes)"
    fi
    if ! environment_is_ready; then
        report missing "$VENV (would be made)"
        report missing "models (would be fetched: 1.5 GB)"
    else
        report present "$VENV"
        check_models
    fi
    exit "$lacking"
}

check_models() {
    local name status
    while read -r status name; do
        case $status in verified | present) report present "$name" ;; *) report missing "$name (would be fetched)" ;; esac
    done < <(PYTHONDONTWRITEBYTECODE=1 "$VENV/bin/appliance" models list --json | "$VENV/bin/python" -c '
import json, sys
for model in json.load(sys.stdin)["models"]:
    print(model["status"], model["name"])')
}

# --- PJSIP from source ----------------------------------------------------------------------------

PJSIP_URL=https://github.com/pjsip/pjproject/archive/refs/tags/2.17.tar.gz
PJSIP_SHA256=(
    065fe06c06788d97c35f563796d59f00ce52fe9558a52d7b490a042a966facce # the project's own release
    6860c2f7604b4eee75f38151a9ef69774eb3f0c5286fc1d14bc1db2dc5a9e8aa # Debian's copy, without non-free codecs
)

pjsip_has_a_wheel() { [ "$(uname -m)" = x86_64 ]; } # on PyPI

pjsip_key() { # VENV
    echo "pjsua2-2.17-$(uname -m)-$("$1/bin/python" -c 'import sys; print("cp%d%d" % sys.version_info[:2])')"
}

built_pjsip() { # VENV : prints the wheel that was built for its Python, or nothing
    local folder
    folder=$CACHE/wheels/$(pjsip_key "$1")
    [ ! -d "$folder" ] || find "$folder" -name '*.whl' | head -n 1
}

take_pjsip() { # VENV : the one built here, if there is one or has to be
    if pjsip_has_a_wheel && [ -z "$(built_pjsip "$1")" ]; then return; fi
    if [ -z "$(built_pjsip "$1")" ]; then make_pjsip "$1" ''; fi
    # PyPI's is the same module under another name
    "$UV" pip uninstall --quiet --python "$1/bin/python" pjsua2-python >&2
    "$UV" pip install --quiet --python "$1/bin/python" --no-deps --reinstall "$(built_pjsip "$1")" >&2
}

make_pjsip() { # VENV SOURCE-OR-NOTHING : leaves a wheel in the cache
    local source folder=$CACHE/pjsip-2.17 log=$CACHE/pjsip-2.17.log
    ensure_packages "${SOURCE_PACKAGES[@]}"
    source=$(pjsip_source "$2" "$1")
    rm -rf "$folder" && mkdir -p "$folder"
    tar -xf "$source" -C "$folder" --strip-components=1
    configure_pjsip "$folder"
    step "PJSIP 2.17 for this machine: about 4 minutes; log: $log"
    watched "$log" build_pjsip "$folder" "$1" || die "PJSIP could not be built." "All of the log: $log"
    rm -rf "$folder"
}

sip_from_source() { # [--source FILE]
    local source=''
    case ${1:-} in
    --source) source=${2:?--source needs a FILE} ;;
    '') ;;
    *) die "sip-from-source: what is $1?" "./install.sh --help lists the options." ;;
    esac
    ensure_packages "${RUN_PACKAGES[@]}"
    mkdir -p "$CACHE"
    (flock 9 && ensure_environment) 9>"$CACHE/set-up.lock"
    ensure_uv
    make_pjsip "$VENV" "$source"
    take_pjsip "$VENV"
    "$VENV/bin/python" -c 'import pjsua2; print("    pjsua2", pjsua2.Endpoint().libVersion().full)' >&2
    step "Ready; 'setup' and 'system' take it from now on. PyPI's wheel comes back with:"
    say "    rm -r $CACHE/wheels/$(pjsip_key "$VENV") $VENV && ./install.sh setup"
}

pjsip_source() { # FILE-OR-NOTHING VENV : prints a file whose content is known
    local file=${1:-$CACHE/pjproject-2.17.tar.gz} sum known
    if [ -z "$1" ] && [ ! -e "$file" ]; then
        step "PJSIP 2.17, from its own release on GitHub"
        "$2/bin/python" - "$PJSIP_URL" "$file.part" >&2 <<'PYTHON' ||
import sys, httpx, pathlib
from appliance.weights.download import Downloads, GrowingFile, SourceError, new_client
try:
    with new_client() as client, GrowingFile(pathlib.Path(sys.argv[2])) as file:
        Downloads(client).fetch(sys.argv[1], file, lambda _bytes: None)
except SourceError as error:
    sys.exit(f"    {error}")
PYTHON
            die "the source could not be fetched." "Fetch $PJSIP_URL yourself and name it with --source FILE."
        mv "$file.part" "$file"
    fi
    sum=$(sha256sum "$file" | cut -d' ' -f1)
    for known in "${PJSIP_SHA256[@]}"; do [ "$sum" != "$known" ] || { echo "$file"; return; }; done
    die "$file is not PJSIP 2.17 (sha256 $sum)." "Fetch it from $PJSIP_URL"
}

configure_pjsip() { # FOLDER
    cat >"$1/pjlib/include/pj/config_site.h" <<'HEADER'
#define PJSUA_MAX_CALLS 64
#define PJSUA_MAX_ACC 32
#define PJSUA_MAX_CONF_PORTS 512
#define PJ_IOQUEUE_MAX_HANDLES 512
HEADER
    # Debian's copy lacks this file, its Makefile names it all the same
    [ -e "$1/pjmedia/src/pjmedia-videodev/bdimad_dev.c" ] || sed -i 's/bdimad_dev\.o//' "$1/pjmedia/build/Makefile"
}

pjsip_options() { # FOLDER : what to build; what Debian's copy does not bundle comes from the system or stays out
    printf '%s ' --enable-epoll --disable-video --disable-sound --enable-libwebrtc-aec3 --with-external-srtp
    [ -d "$1/third_party/resample" ] ||
        printf '%s ' --enable-speex-resample --with-external-speex --with-external-gsm --disable-libwebrtc \
            --disable-ilbc-codec --disable-g7221-codec
}

build_pjsip() { # FOLDER VENV : every step only if the one before it worked (set -e sleeps under `||`)
    local options wheels
    wheels=$CACHE/wheels/$(pjsip_key "$2")
    read -ra options <<<"$(pjsip_options "$1")"
    cd "$1" &&
        CFLAGS='-O2 -fPIC' CXXFLAGS='-O2 -fPIC' ./configure "${options[@]}" &&
        make dep &&
        make -j"$(nproc)" &&
        cd pjsip-apps/src/swig/python &&
        "$UV" pip install --python "$2/bin/python" --target "$1/build-tools" setuptools wheel &&
        ln -s "$2/bin/python" "$1/python" && # make knows no spaces in names, a checkout may
        PYTHONPATH=$1/build-tools make wheel PYTHON_EXE="$1/python" &&
        mkdir -p "$wheels" &&
        mv dist/*.whl "$wheels/"
}

main() {
    { : <&0; } 2>/dev/null || exec </dev/null # stdin may be closed
    while [ $# -gt 0 ]; do
        case $1 in
        --cuda) CUDA=yes ;;
        -h | --help | help) usage && exit ;;
        *) break ;;
        esac
        shift
    done
    local command=${1:-}
    [ $# -eq 0 ] || shift
    case $command in
    demo) demo "$@" ;;
    test) run_tests "$@" ;;
    setup)
        ensure_packages "${RUN_PACKAGES[@]}"
        set_up default demo
        step "Ready. Try: ./install.sh demo"
        ;;
    check) check ;;
    system | uninstall)
        # shellcheck source=systemd/system.sh
        source "$HERE/systemd/system.sh"
        "$command" "$@"
        ;;
    sip-from-source) sip_from_source "$@" ;;
    *)
        usage >&2
        exit 64
        ;;
    esac
}

main "$@"
