#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every row of the targets (docs/PERFORMANCE.md) against a server of its own and prints one
# Markdown table. Exit status 1 when a row misses its target. Takes about six minutes; nothing else
# should run.
#
#   HOWL_BIN             the program (default build/release/howl)
#   HOWL_BENCH_SECONDS   time measured in each fan-out, publish and chat row (default 20)
#   HOWL_BENCH_ARGS      more arguments for each run, for instance "--shards 1"
#   HOWL_BENCH_CROWD     connections of the large rows (default 9500; the targets are for that)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly howl=${HOWL_BIN:-build/release/howl}
readonly seconds=${HOWL_BENCH_SECONDS:-20}
readonly crowd=${HOWL_BENCH_CROWD:-9500}
read -ra extra <<<"${HOWL_BENCH_ARGS:-}"
readonly extra
failed_rows=0

if [[ ! -x $howl ]]; then
    printf 'sizes: there is no %s; build it with ./dev build\n' "$howl" >&2
    exit 2
fi

# The value of a number in the JSON object of the last run; "-" when it isn't there.
figure() {
    local value
    value=$(sed -nE "s/.*\"$1\":(-?[0-9.]+).*/\1/p" <<<"$result")
    echo "${value:--}"
}

# Runs one scenario and keeps its JSON; its failures show in the rows that follow.
bench() {
    printf '\n== howl bench %s\n' "$*" >&2
    result=$("$howl" bench "$@" --spawn --json "${extra[@]}") && run_ok=yes || run_ok=no
    printf '%s\n' "$result" >&2
}

# row WHAT KEY at-most|at-least BOUND UNIT
row() {
    local value verdict=no
    value=$(figure "$2")
    if [[ $value != - ]] && awk -v v="$value" -v b="$4" -v how="$3" \
        'BEGIN { exit !(how == "at-most" ? v <= b : v >= b) }' && [[ $run_ok == yes ]]; then
        verdict=yes
    else
        failed_rows=$((failed_rows + 1))
    fi
    table+="| $1 | ${3/-/ } $4 $5 | $value $5 | $verdict |"$'\n'
}

table=$'| what | target | measured | reached |\n| --- | --- | --- | --- |\n'

# 10 events a second for the large crowd: 200 would be more than two cores can send at all.
for transport in ws sse; do
    bench fanout --readers 1000 --transport "$transport" --rate 200 --size 140 \
        --seconds "$seconds" --rounds 4 --baseline
    row "fan-out to 1,000 $transport, CPU / bare send() loop" cpu_ratio at-most 1.2 x
    row "fan-out to 1,000 $transport, user CPU per delivery" server_user_us_per_delivery at-most 0.3 us
    bench fanout --readers "$crowd" --transport "$transport" --rate 10 --size 140 \
        --seconds "$seconds" --rounds 4 --baseline
    row "fan-out to $crowd $transport, CPU / bare send() loop" cpu_ratio at-most 1.3 x
    row "fan-out to $crowd $transport, user CPU per delivery" server_user_us_per_delivery at-most 0.6 us
done
for transport in ws sse; do
    bench idle --connections "$crowd" --transport "$transport" --seconds 10
    row "idle $transport, memory of each of $crowd" anonymous_bytes_per_connection at-most 2048 B
done
bench publish --publishers 64 --size 200 --seconds "$seconds"
row "durable publish, 64 publishers" acknowledged_per_s at-least 20000 /s
bench publish --publishers 1 --size 200 --seconds "$seconds"
row "durable publish, 1 publisher, p99" latency_ms_p99 at-most 10 ms
for transport in ws sse; do
    bench storm --clients "$crowd" --missed 20 --transport "$transport"
    row "$crowd $transport return and resume 20 events each" caught_up_s at-most 5 s
done
bench chat --members 1000 --rate 50 --size 140 --seconds "$seconds"
row "chat, 1,000 members at 50 messages/s, p99" latency_ms_p99 at-most 100 ms

printf '\n' >&2
printf '%s' "$table"
exit $((failed_rows > 0))
