# Building: CMake presets with ccache, and the pages with npm.

# A heavy translation unit takes up to 700 MB; more jobs than memory would swap.
build_jobs() {
    local by_memory by_cpu
    by_memory=$(($(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1000000))
    by_cpu=$(nproc)
    echo $((by_memory < 1 ? 1 : by_memory < by_cpu ? by_memory : by_cpu))
}

# Paths below the checkout are cached relative to it, so that one cache serves every checkout.
use_ccache() {
    export CCACHE_DIR=${CCACHE_DIR:-$cache/ccache} CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root} CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=time_macros
    export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
}

# Models come first: cmake needs the headers of ONNX Runtime that lie with them.
# A folder that is configured already learns of files that are new, so that a new test program is in the list that follows.
configure() {
    local preset=$1
    if [ -e "build/$preset/build.ninja" ] && ninja -C "build/$preset" build.ninja >"build/$preset/configure.log" 2>&1; then return 0; fi
    fetch_models
    mkdir -p "build/$preset"
    cmake --preset "$preset" >"build/$preset/configure.log" 2>&1 || { cat "build/$preset/configure.log" >&2; die "cmake failed"; }
}

# build PRESET [TARGET...]: targets that the preset does not know are left out, none means all.
build() {
    local preset=$1 target targets=() known
    shift
    use_ccache
    configure "$preset"
    say "building ($preset)"
    if [ $# -gt 0 ]; then
        known=$(ninja -C "build/$preset" -t targets all | sed -n 's/: phony$//p; s/: CXX_EXECUTABLE_LINKER.*//p')
        for target in "$@"; do
            if grep -qxF "$target" <<<"$known"; then targets+=("$target"); fi
        done
        [ ${#targets[@]} -gt 0 ] || die "no target of this name: $*"
    fi
    NINJA_STATUS='[%f/%t %es] ' nice ninja -C "build/$preset" -j "$(build_jobs)" "${targets[@]}"
}

newer_than() { [ ! -e "$1" ] || [ -n "$(find "${@:2}" \( -name node_modules -o -name dist \) -prune -o -newer "$1" -print -quit)" ]; }

# npm_install FOLDER: npm ci where package-lock.json is newer than what is installed.
npm_install() {
    local folder=$1
    export npm_config_cache=${npm_config_cache:-$cache/npm} npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false
    install_packages node
    newer_than "$folder/node_modules/.package-lock.json" "$folder/package-lock.json" || return 0
    npm --prefix "$folder" ci --no-progress --loglevel=error
    touch "$folder/node_modules/.package-lock.json"
}

# pages/dist, when a source is newer than the last build. The stamp stays out of dist, which is served as it is.
build_pages() {
    local stamp=pages/node_modules/.pages-built
    [ -e pages/package.json ] || return 0
    [ ! -d pages/dist ] || newer_than "$stamp" pages || return 0
    say "pages"
    npm_install pages
    npm --prefix pages run --silent build
    touch "$stamp"
}
