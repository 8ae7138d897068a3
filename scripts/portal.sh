# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2164  # root, logs and `set -e` are those of ./dev.
# Node.js, and what it builds and tests here: the portal in web/, the journeys in tests/e2e/.
# Sourced by ./dev, whose words (say, need_packages, count_tests) it uses.

# What Vite 8, Vitest 5 and Lighthouse 13 ask for.
readonly node_least=22.22 newer_node=(node@24.21 npm@11)
# Where the portal's dev server and ./dev run find Howl unless told otherwise.
readonly howl_address=http://127.0.0.1:8080

portal_usage() {
    case $1 in
        web) cat <<'TEXT' ;;
./dev web [-- ARGS]     The portal from its sources, reloaded as you type, on http://127.0.0.1:5173
  Everything but the pages comes from the Howl at HOWL_URL (default http://127.0.0.1:8080), which
  you start beside it with ./dev run. ARGS go to Vite, for instance: ./dev web -- --port 3001
TEXT
    esac
}

# --- Node.js ---------------------------------------------------------------------------------

# Debian 12 has Node.js 18, Debian 13 has 20. A newer one comes from npm, into build/ only, and an npm
# with it: an npm that runs under an old Node.js leaves out the native packages that ask for a new one.
# False if it can't be had; says why.
need_node() {
    local own=$root/build/node/node_modules
    if node_is_new node && command -v npm >/dev/null; then
        return
    fi
    if ! node_is_new "$own/node/bin/node" || [[ ! -x $own/.bin/npm ]]; then
        if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
            need_packages "${node_packages[@]}" || return 1
        fi
        if ! command -v npm >/dev/null; then
            say "  There is no npm here"
            return 1
        fi
        say "  Node.js $(node --version) is too old: getting ${newer_node[*]} into build/node"
        npm install --prefix build/node --no-audit --no-fund --loglevel=error \
            --fetch-timeout=20000 --fetch-retries=1 "${newer_node[@]}" || return 1
    fi
    # The system's npm settings (a proxy, a CA) hold for the newer one too.
    npm_config_globalconfig=${npm_config_globalconfig:-$(npm config get globalconfig)}
    export npm_config_globalconfig
    PATH=$own/node/bin:$own/.bin:$PATH
}

# node_is_new PROGRAM: at least node_least.
node_is_new() {
    local version
    version=$("$1" --version 2>/dev/null) || return 1
    [[ $(printf '%s\n' "$node_least" "${version#v}" | sort -V | head -n 1) == "$node_least" ]]
}

# npm_packages FOLDER: those of its lock file, where that is newer than what is there.
npm_packages() {
    need_node
    (
        cd "$1"
        if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
            say "  Getting the npm packages of $1/"
            # One more try, not minutes of them: without a network ./dev run goes on without us.
            npm ci --no-audit --no-fund --loglevel=error \
                --fetch-timeout=20000 --fetch-retries=1
        fi
    )
}

# --- The portal ------------------------------------------------------------------------------

portal_is_built() {
    [[ -f web/dist/index.html ]] && [[ -z $(find web/src web/vite web/public web/index.html \
        web/package-lock.json web/*.ts -newer web/dist/index.html -print -quit) ]]
}

# Into web/dist, unless it is newer than all it is made of.
build_portal() {
    if portal_is_built; then
        say "  web/dist is up to date"
        return
    fi
    npm_packages web
    (
        cd web
        NODE_ENV=production node_modules/.bin/vite build
    )
}

# Beside another build, in a process group of its own, which ends when we do.
start_portal_build() {
    mkdir -p "$logs"
    set -m
    build_portal </dev/null >"$logs/portal.log" 2>&1 &
    portal_build=$!
    set +m
    trap 'kill -- "-$portal_build" 2>/dev/null || true' EXIT
}

# False if there is no portal to show. A failed build is no reason not to start the server.
finish_portal_build() {
    local status=0
    wait "$portal_build" || status=$?
    trap - EXIT
    if ((status == 0)); then
        return
    fi
    say "    The portal could not be built. The end of build/logs/portal.log:"
    tail -n 3 "$logs/portal.log" | sed 's/^/      /'
    if [[ -f web/dist/index.html ]]; then
        say "    Showing the one that was built before."
        return
    fi
    say "    Starting with the built-in page instead; everything but the pages works."
    return 1
}

# The catalogues hold exactly the texts of the sources, each in every language. Tried on a copy.
catalogues_are_complete() {
    local copy=$root/build/catalogues status=0
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -r web/src web/vite web/*.json web/*.ts "$copy"
    ln -s "$root/web/node_modules" "$copy/node_modules"
    (
        cd "$copy"
        node_modules/.bin/lingui extract --clean >"$logs/lingui.log" 2>&1 || {
            cat "$logs/lingui.log"
            exit 1
        }
        diff -ru "$root/web/src" src || {
            say "The catalogues are not those of the texts: run 'npx lingui extract --clean' in web/"
            exit 1
        }
        node_modules/.bin/lingui compile --strict
    ) || status=1
    rm -rf "$copy"
    return "$status"
}

portal_checks() {
    local report=$logs/vitest-portal.json status=0
    npm_packages web
    (
        cd web
        node_modules/.bin/tsc --noEmit
    ) || status=1
    (
        cd web
        node_modules/.bin/biome ci --colors=off --diagnostic-level=error .
    ) || status=1
    catalogues_are_complete || status=1
    rm -f "$report"
    (
        cd web
        NO_COLOR=1 node_modules/.bin/vitest run \
            --reporter=default --reporter=json --outputFile.json="$report"
    ) || status=1
    count_vitest "$report"
    return "$status"
}

portal_budgets() {
    npm_packages web
    build_portal
    cd web
    node_modules/.bin/size-limit
}

# portal_journeys [PLAYWRIGHT ARGS...]: in Debian's Chromium, against the release build.
portal_journeys() {
    local report=$logs/journeys.json status=0 counts
    need_packages "${browser_packages[@]}" "${client_packages[@]}"
    npm_packages tests
    build_portal
    rm -f "$report"
    export HOWL_BINARY=$root/build/release/howl HOWL_SCREENSHOTS=$root/build/screenshots
    (
        cd tests
        NO_COLOR=1 PLAYWRIGHT_JSON_OUTPUT_FILE=$report node_modules/.bin/playwright test \
            --config e2e/playwright.config.ts --reporter=list,json "$@"
    ) || status=1
    counts=$(node -p 'const { stats } = JSON.parse(require("fs").readFileSync(process.argv[1]));
        [stats.expected + stats.flaky, stats.unexpected, stats.skipped].join(" ")' "$report")
    read -r -a counts <<<"$counts"
    count_tests "${counts[@]}"
    return "$status"
}

quick_journeys() { portal_journeys --grep-invert @slow; }

slow_journeys() { portal_journeys --grep @slow; }

# --- Commands --------------------------------------------------------------------------------

cmd_web() {
    if [[ ${1:-} == -- ]]; then
        shift
    fi
    npm_packages web
    export HOWL_URL=${HOWL_URL:-$howl_address}
    node -e 'fetch(process.argv[1]).catch(() => process.exit(1))' "$HOWL_URL/healthz" ||
        say "  Nothing answers at $HOWL_URL yet: start it with ./dev run, or set HOWL_URL"
    cd web
    exec node_modules/.bin/vite "$@"
}
