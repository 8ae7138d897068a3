# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154  # The lists are for the other scripts; say and die are ./dev's.
# The Debian packages that each task needs, in Debian 12's and in Debian 13's names. Sourced by ./dev.

# The VERSION_ID of this Debian; nothing on any other system.
debian_release() {
    (
        # shellcheck source=/dev/null
        source /etc/os-release 2>/dev/null || exit 0
        [[ ${ID:-} != debian ]] || echo "${VERSION_ID:-}"
    )
}

# What the two releases call differently. Elsewhere Debian 12's names are said in plain words.
case $(debian_release) in
    13)
        readonly boost_version=1.83 java_package=openjdk-21-jre-headless
        ;;
    *)
        readonly boost_version=1.81 java_package=openjdk-17-jre-headless
        ;;
esac

readonly server_packages=(g++ cmake ninja-build ccache pkg-config "libboost$boost_version-dev"
    "libboost-json$boost_version-dev" "libboost-url$boost_version-dev" libspdlog-dev libfmt-dev
    prometheus-cpp-dev libssl-dev zlib1g-dev libsqlite3-dev libicu-dev libcli11-dev libtomlplusplus-dev
    librdkafka-dev libcurl4-openssl-dev)
readonly test_packages=(libgtest-dev libgmock-dev python3-requests)
readonly clang_packages=(clang-19 libclang-rt-19-dev)
readonly format_packages=(clang-format-19 python3)
readonly check_packages=("${format_packages[@]}" clang-tidy-19)
readonly browser_packages=(chromium)
readonly node_packages=(nodejs npm ca-certificates)
readonly engine_packages=(maven "$java_package")
# Clients of the integration tests that are no npm packages.
readonly client_packages=(curl python3)

missing_packages() {
    local installed
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for package in "$@"; do
        grep -qxF "$package installed" <<<"$installed" || echo "$package"
    done
}

# Where there is no terminal to type a password at, sudo says so instead of waiting for it.
sudo_can_ask=yes

# Runs apt-get as root and shows the lines that tell how far it is, or what went wrong.
apt() {
    local as_root=()
    if ((EUID != 0)); then
        as_root=(sudo)
        [[ $sudo_can_ask == yes ]] || as_root+=(--non-interactive)
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" 2>&1 |
        sed -unE '/^(Setting up|Err|E:|sudo:)/s/^/  /p'
}

# need_packages PACKAGE...: installs what is missing on Debian 12 and 13. Any other system is told
# once for each task what is needed, and goes on.
need_packages() {
    local missing
    case $(debian_release) in
        12 | 13) ;;
        *)
            say "  This is neither Debian 12 nor 13. Needed, in Debian 12's words: $*"
            return
            ;;
    esac
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then
        return
    fi
    say "  Installing Debian packages: ${missing[*]}"
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        die "not root and no sudo; run as root: apt-get install ${missing[*]}"
    fi
    local install=(install -y --no-install-recommends "${missing[@]}")
    if ! apt "${install[@]}"; then
        say "  Fetching the package lists, which are missing or old"
        apt update
        apt "${install[@]}"
    fi
}
