#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Moves a report to another status, with the very request of the "Server Sent Events" demo's script
# of this name. Prints nothing more when the report has moved, or will once Kafka brings it.
set -euo pipefail
readonly url=${HOWL_URL:-http://localhost:3000}

usage() {
    cat <<TEXT
usage: ${0##*/} USER_ID REPORT_ID NEW_STATUS

NEW_STATUS is pending, queued, processing, canceled, failed or completed. HOWL_URL is the server,
now $url.
TEXT
}

if [[ ${1:-} == --help || ${1:-} == -h ]]; then
    usage
    exit
fi
if (($# != 3)); then
    usage >&2
    exit 2
fi
readonly body="{\"id\":\"$2\", \"status\":\"$3\"}"

echo "sending: $body"
if ! reply=$(curl --silent --show-error --request PUT "$url/v4/report?user_id=$1" \
    --header "Content-Type: application/json" --data "$body" \
    --write-out '\n%{http_code} %header{howl-move}'); then
    cat >&2 <<TEXT
${0##*/}: nobody answers at $url. \`howl serve --compat\` does, on port 3000; HOWL_URL names another
server.
TEXT
    exit 1
fi

# The reply's text, then a line with its status and what became of the move.
text=${reply%$'\n'*}
read -r status move <<<"${reply##*$'\n'}"
if [[ $status != 202 ]]; then
    echo "${0##*/}: $status $text" >&2
    exit 1
fi
if [[ $move == refused* ]]; then
    echo "Howl-Move: $move" >&2
    exit 1
fi
