# Shared by the lints: each is one rule, run as `tests/lint/RULE [ROOT]` (ROOT: the checkout), prints FILE:LINE: why and ends with 1 where it is broken.
# shellcheck shell=bash
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"
broken=0

refuse() { printf '%s\n' "$*"; broken=1; }

# files FOLDER... -- NAME...: what is there, without builds, packages and the lints' own examples.
files() {
    local folders=() names=()
    while [ "$1" != -- ]; do [ ! -e "$1" ] || folders+=("$1"); shift; done
    shift
    [ ${#folders[@]} -gt 0 ] || return 0
    while [ $# -gt 0 ]; do names+=(-o -name "$1"); shift; done
    find "${folders[@]}" \( -name node_modules -o -name build -o -name dist -o -name .git -o -path '*tests/lint' \) -prune -o -type f \( "${names[@]:1}" \) -print |
        sed 's,^\./,,' | sort
}

# refuse_pattern WHY PATTERN FILE...: every line of the files that matches the Perl pattern is refused.
refuse_pattern() {
    local why=$1 pattern=$2 line
    shift 2
    [ $# -gt 0 ] || return 0
    while IFS= read -r line; do refuse "${line%%:*}:$(cut -d: -f2 <<<"$line"): $why"; done < <(grep -nHP -e "$pattern" "$@" || true)
}

finish() { exit "$broken"; }
