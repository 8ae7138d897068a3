#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every load scenario once, small: proves that they run and that nothing is lost, measures nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly howl=${HOWL_BIN:-build/release/howl}

for transport in ws sse; do
    "$howl" bench idle --spawn --transport "$transport" --connections 200 --seconds 1
    "$howl" bench fanout --spawn --transport "$transport" --readers 100 --rate 50 --seconds 2 --baseline
    "$howl" bench storm --spawn --transport "$transport" --clients 200
done
"$howl" bench publish --spawn --publishers 8 --seconds 2
"$howl" bench chat --spawn --members 20 --seconds 2 --p99-limit 1000
