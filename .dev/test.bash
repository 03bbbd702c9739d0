# Running tests: every GoogleTest program of build/<preset>/tests, then every executable of tests/suites, each with a hard time limit.
# A suite speaks TAP (or prints node's "# pass N" lines). Results are counted case by case, from what was printed.

passed=0 failed=0 skipped=0

# sanitizer_options PRESET: a finding ends the program, and so fails the test.
sanitizer_options() {
    export ASAN_OPTIONS=halt_on_error=1:detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    # ONNX Runtime's own threads, which the sanitizer sees only half of. A test kills forks of itself, which start threads of their own.
    export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:die_after_fork=0:suppressions=$root/tests/support/races.txt
    # ONNX Runtime, which comes built, keeps 166 bytes of its logger for ever; whisper.cpp keeps what it had of a model that breaks off.
    export LSAN_OPTIONS=print_suppressions=0:suppressions=$root/tests/support/leaks.txt
    ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19 || true)
    export ASAN_SYMBOLIZER_PATH
}

# Seconds a program may take before it is killed and counts as failed.
time_limit() { if [ "$1" = release ]; then echo "${PERSONA_TEST_LIMIT:-600}"; else echo "${PERSONA_TEST_LIMIT:-1800}"; fi; }

# gtest_counts FILE STATUS: "passed failed skipped" of one program's output. A case that began and never ended is one failure;
# so is a program that failed outside its cases (a leak at exit, the time limit, a crash before the first case).
gtest_counts() {
    awk -v status="$2" '
        /\[ +RUN +\]/ { running = 1 }
        /\[ +OK +\] .*\([0-9]+ ms\)/ { ok++; running = 0 }
        /\[ +FAILED +\] .*\([0-9]+ ms\)/ { bad++; running = 0 }
        /\[ +SKIPPED +\] .*\([0-9]+ ms\)/ { skip++; running = 0 }
        /YOU HAVE [0-9]+ DISABLED TEST/ { match($0, /[0-9]+/); skip += substr($0, RSTART, RLENGTH) }
        END { if (status != 0 && (running || !bad)) bad++; print ok + 0, bad + 0, skip + 0 }' "$1"
}

# suite_counts FILE STATUS: the same for TAP. Summary lines win over single results; a suite without any case is a failure.
suite_counts() {
    awk -v status="$2" '
        /^(# |ℹ )pass [0-9]+/ { ok += $3; summary = 1 }
        /^(# |ℹ )(fail|cancelled) [0-9]+/ { bad += $3 }
        /^(# |ℹ )(skipped|todo) [0-9]+/ { skip += $3 }
        /^ok / { if (/# *(SKIP|skip|TODO)/) tap_skip++; else tap_ok++ }
        /^not ok / { tap_bad++ }
        END {
            if (!summary) { ok = tap_ok; bad = tap_bad; skip = tap_skip }
            if (bad == 0 && (status != 0 || ok + skip == 0)) bad = 1
            print ok + 0, bad + 0, skip + 0 }' "$1"
}

# What a failed program printed of its failed cases; all of it where no case can be named.
show_failures() {
    local kind=$1 log=$2
    if [ "$kind" = gtest ] && grep -qE '\[ +FAILED +\] .*\([0-9]+ ms\)' "$log"; then
        awk '/\[ +RUN +\]/ { text = ""; open = 1 }
             open { text = text $0 "\n" }
             /\[ +(OK|SKIPPED) +\]/ { text = ""; open = 0 }
             /\[ +FAILED +\] .*\([0-9]+ ms\)/ { printf "%s", text; text = ""; open = 0 }
             END { if (open) printf "%s", text }' "$log"
    fi | tail -n 200
    if [ "$kind" != gtest ] || ! grep -qE '\[ +FAILED +\] .*\([0-9]+ ms\)' "$log"; then tail -n 100 "$log"; fi
}

# run_one KIND PRESET PATH [ARGUMENT]: runs it, leaves NAME.log and NAME.status in the results folder.
run_one() {
    local kind=$1 preset=$2 path=$3 name status=0 started=$EPOCHREALTIME
    name=$(basename "$path")
    LLVM_PROFILE_FILE="$root/build/$preset/profiles/$name/%p-%m.profraw" PERSONA_BUILD="$root/build/$preset" \
        timeout --kill-after=10 "$(time_limit "$preset")" "$path" "${@:4}" </dev/null >"$results/$name.log" 2>&1 || status=$?
    [ "$status" -ne 124 ] && [ "$status" -ne 137 ] || printf '\ndev: killed (status %s; time limit %s s)\n' "$status" "$(time_limit "$preset")" >>"$results/$name.log"
    [ "$preset" != coverage ] || merge_profile "$name"
    local counts verdict=ok
    read -r -a counts < <("${kind}_counts" "$results/$name.log" "$status")
    [ "${counts[1]}" -eq 0 ] || { verdict=FAILED; show_failures "$kind" "$results/$name.log"; }
    printf '%-6s %-24s %4d passed %3d failed %3d skipped %8.1f s\n' "$verdict" "$name" "${counts[@]}" \
        "$(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')"
    [ "$verdict" = ok ] || [ "$status" -eq 0 ] || echo "       $name ended with status $status"
    echo "${counts[*]}" >"$results/$name.counts"
}

# Programs run side by side; what one prints appears at its end, in one piece.
run_programs() {
    local preset=$1 program
    shift
    for program in "$@"; do
        while [ "$(jobs -rp | wc -l)" -ge "${PERSONA_TEST_JOBS:-$(nproc)}" ]; do wait -n || true; done
        { run_one gtest "$preset" "build/$preset/tests/$program" ${gtest_filter:+"--gtest_filter=$gtest_filter"} >"$results/$program.out"
          flock "$results" cat "$results/$program.out"; } &
    done
    wait
}

sum_counts() {
    local counts file
    for file in "$@"; do
        read -r -a counts <"$file"
        passed=$((passed + counts[0])) failed=$((failed + counts[1])) skipped=$((skipped + counts[2]))
    done
}

# A filter names programs (test_wallet, or wallet) and suites, or else cases of any program.
programs_named() { ninja -C "build/$1" -t targets all | sed -n 's/^\(test_[A-Za-z0-9_]*\): phony$/\1/p' | grep -e "^test_.*${2#test_}" || true; }
suites_named() { find tests/suites -maxdepth 1 -type f -perm -u+x -name "*$1*" | sort; }

# Sets programs, suites and gtest_filter, and builds what they need: with a filter that names programs only these.
select_and_build() {
    local preset=$1 filter=$2 name
    use_ccache
    configure "$preset"
    mapfile -t programs < <(programs_named "$preset" "$filter")
    mapfile -t suites < <(suites_named "$filter")
    if [ ${#programs[@]} -eq 0 ] && [ ${#suites[@]} -eq 0 ]; then
        gtest_filter="*$filter*"
        mapfile -t programs < <(programs_named "$preset" '')
    fi
    if [ -n "$filter" ] && [ ${#suites[@]} -eq 0 ]; then build "$preset" "${programs[@]}"; else build "$preset"; fi
}

end_children() { trap - INT TERM; jobs -rp | xargs -r kill 2>/dev/null || true; }

run_tests() {
    local preset=release filter='' suite results suites programs gtest_filter=''
    while [ $# -gt 0 ]; do
        case $1 in
            --asan | --tsan | --coverage) preset=${1#--} ;;
            -*) die "unknown option: $1" ;;
            *) filter=$1 ;;
        esac
        shift
    done
    install_packages build run test node
    build_pages
    select_and_build "$preset" "$filter"
    sanitizer_options
    results=$root/build/$preset/results
    rm -rf "$results" "build/$preset/profiles" && mkdir -p "$results"
    say "testing ($preset): ${#programs[@]} programs, ${#suites[@]} suites"
    trap 'end_children; exit 130' INT TERM
    run_programs "$preset" "${programs[@]}"
    for suite in "${suites[@]}"; do run_one suite "$preset" "$root/$suite"; done
    sum_counts "$results"/*.counts
    [ "$preset" != coverage ] || report_coverage || [ -n "$filter" ] || failed=$((failed + 1))
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
