# Format, lints, clang-tidy: what a reviewer should not have to say.

sources() { find src sandbox tests bench \( -name node_modules -o -name corpus \) -prune -o \( -name '*.cpp' -o -name '*.hpp' \) -print 2>/dev/null; }

# Sources that differ from main, and new ones; on main itself from the commit before.
changed_sources() {
    local base
    base=$(git merge-base HEAD origin/main 2>/dev/null || git merge-base HEAD main 2>/dev/null || echo HEAD)
    [ "$base" != "$(git rev-parse HEAD)" ] || base=HEAD~1
    { git diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.hpp'; git ls-files -o --exclude-standard -- '*.cpp' '*.hpp'; } | sort -u
}

check_format() {
    say "format"
    sources | xargs -r clang-format-19 --dry-run --Werror 2>"$cache/format.log" && return 0
    grep -o '^[^:]*:[0-9]*' "$cache/format.log" | cut -d: -f1 | sort | uniq -c | sort -rn | head -n 40
    echo "run: ./dev format"
    return 1
}

check_lints() {
    local lint bad=0
    say "lints"
    for lint in $(find tests/lint -maxdepth 1 -type f -perm -u+x | sort); do "$lint" || { echo "refused by $lint"; bad=1; }; done
    return $bad
}

check_scripts() {
    say "scripts"
    grep -lE '^#!.*\b(ba)?sh$' -r --exclude-dir={build,node_modules,.git} . | xargs -r shellcheck --severity=warning -x
    shellcheck --severity=warning -s bash -e SC2034,SC2154 .dev/*.bash tests/lint/lint.bash
}

# check_tidy FILE...: a header is looked at through the sources that include it.
check_tidy() {
    local files
    mapfile -t files < <(printf '%s\n' "$@" | grep -E '^(src|sandbox)/.*\.cpp$')
    say "clang-tidy over ${#files[@]} files"
    [ ${#files[@]} -gt 0 ] || return 0
    printf '%s\n' "${files[@]}" | xargs -P "$(build_jobs)" -n 1 clang-tidy-19 --quiet -p build/release 2>/dev/null
}

run_checks() {
    local bad=0 files
    install_packages build node check
    use_ccache
    configure release
    if [ "${1:-}" = --all ]; then mapfile -t files < <(sources); else mapfile -t files < <(changed_sources); fi
    check_format || bad=1
    check_lints || bad=1
    check_scripts || bad=1
    check_tidy "${files[@]}" || bad=1
    [ $bad -eq 0 ] && say "clean"
    return $bad
}

format_sources() {
    install_packages check
    sources | xargs -r clang-format-19 -i
}
