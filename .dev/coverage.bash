# Line coverage of src/ from clang's source-based profiles. Children of a test write their own profiles; those that are killed write none.

least_coverage=85

# Merged program by program: the raw profiles of thousands of children would fill the disk. One cut off by a kill is left out.
merge_profile() {
    local folder=build/coverage/profiles/$1
    [ -n "$(find "$folder" -name '*.profraw' -print -quit 2>/dev/null)" ] || return 0
    find "$folder" -name '*.profraw' >"$folder.list"
    llvm-profdata-19 merge --sparse --failure-mode=all --input-files="$folder.list" -o "$folder.profdata" 2>>"$folder.warnings"
    rm -rf "$folder" "$folder.list"
}

# The programs whose code is counted: the product's and the tests'.
covered_objects() {
    local object
    for object in build/coverage/tests/test_* build/coverage/persona build/coverage/persona-*; do
        if [ -x "$object" ] && [ -f "$object" ]; then echo "-object=$object"; fi
    done
}

# Prints lines covered per folder of src/ and in all; fails below the least.
report_coverage() {
    local objects
    mapfile -t objects < <(covered_objects)
    llvm-profdata-19 merge --sparse -o build/coverage/all.profdata build/coverage/profiles/*.profdata
    # Absolute paths outside the checkout are libraries; the checkout's own are relative (-ffile-prefix-map).
    llvm-cov-19 export -format=lcov -summary-only -instr-profile=build/coverage/all.profdata "${objects[0]#-object=}" "${objects[@]:1}" \
        >build/coverage/lines.lcov 2>build/coverage/llvm-cov.warnings
    awk -F: -v least=$least_coverage '
        $1 == "SF" { file = $2; sub(/^.*\.\//, "", file); room = ""; if (match(file, /^src\/[a-z]+/)) room = substr(file, 5, RLENGTH - 4) }
        $1 == "LF" && room != "" { lines[room] += $2; all += $2 }
        $1 == "LH" && room != "" { hit[room] += $2; all_hit += $2 }
        END {
            for (room in lines) printf "coverage %-12s %6.1f %% of %6d lines\n", room, 100 * hit[room] / lines[room], lines[room] | "sort"
            close("sort")
            if (!all) { print "coverage: nothing of src/ was measured"; exit 1 }
            printf "coverage %-12s %6.1f %% of %6d lines (least %d %%)\n", "src", 100 * all_hit / all, all, least
            exit 100 * all_hit / all < least }' build/coverage/lines.lcov
}
