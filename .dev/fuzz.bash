# Fuzzing: each program of tests/fuzz starts from its corpus in tests/fuzz/corpus/NAME; what it finds new lies in the cache, so that the
# next run goes on there. A finding stops the run.

# run_fuzzers SECONDS [NAME...]: each for so long.
run_fuzzers() {
    local seconds=${1:-60} program name found
    shift || true
    install_packages build
    build fuzz
    for program in build/fuzz/fuzz/fuzz_*; do
        name=${program##*/fuzz_}
        [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
        found=$cache/fuzz/$name
        mkdir -p "$found" "tests/fuzz/corpus/$name"
        say "fuzz $name, $seconds s"
        "$program" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 -artifact_prefix="$found/finding-" \
            "$found" "tests/fuzz/corpus/$name" >"$found.log" 2>&1 || { tail -40 "$found.log"; die "fuzz_$name found something: see $found/finding-*"; }
        grep -E '^stat::number_of_executed|DONE' "$found.log"
    done
}
