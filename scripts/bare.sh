# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # root and logs are those of ./dev.
# The README's commands on a Debian with nothing on it: a tree made by debootstrap in build/bare/, in
# mount and process namespaces of its own. When they end, so does every process and mount in them, even
# if we are killed; nothing is ever unmounted by name. Sourced by ./dev, whose words it uses.

readonly bare=$root/build/bare bare_start_seconds=1800

bare_usage() {
    cat <<'TEXT'
./dev bare 12|13 [COMMAND]  ./dev run on a Debian 12 or 13 with nothing on it, then COMMAND there
  Clones HEAD into a fresh tree under build/bare/, with this machine's package sources, npm and Maven
  settings, CA certificates and compiler cache. Checks that the portal, a publish, a stream and a
  WebSocket answer, stops the server, and runs COMMAND, for instance: ./dev bare 13 './dev test'
  Needs root; ./dev bare --possible says whether this machine allows it. The tree goes away at the
  end; downloaded packages stay in build/bare/packages/, and the tree's logs in build/logs/bare-12/.
TEXT
}

# --- Outside the tree ------------------------------------------------------------------------

# Whether a tree can be made here; says why not.
bare_is_possible() {
    if ((EUID != 0)); then
        say "  A bare tree needs root"
    elif ! (need_packages debootstrap curl) || ! command -v debootstrap >/dev/null; then
        say "  A bare tree needs debootstrap"
    elif ! unshare --mount --propagation private --pid --fork true 2>/dev/null; then
        say "  A bare tree needs mount and process namespaces, which are not allowed here"
    else
        return 0
    fi
    return 1
}

cmd_bare() {
    local release=${1:-} tree status=0 inside
    if [[ $release == --possible ]]; then
        bare_is_possible
        return
    fi
    [[ $release == 12 || $release == 13 ]] || die "./dev bare needs 12 or 13"
    shift
    bare_is_possible || return 1
    tree=$bare/$release
    mkdir -p "$logs"
    remove_tree "$tree"
    unshare --mount --propagation private --pid --fork --kill-child=KILL \
        "$root/dev" bare-inside "$release" "$@" &
    inside=$!
    # unshare itself waits for its child whatever it is sent; killed, it takes all of them along.
    trap 'kill -KILL "$inside"; wait "$inside" || true; remove_tree "$tree"; exit 130' INT TERM HUP
    wait "$inside" || status=$?
    trap - INT TERM HUP
    keep_logs "$release"
    remove_tree "$tree"
    return "$status"
}

# The tree's own logs outlive it, as build/logs/bare-12/.
keep_logs() {
    local from=$bare/$1/howl/build/logs to=$logs/bare-$1
    if [[ -d $from ]]; then
        rm -rf "$to"
        cp -r "$from" "$to"
    fi
}

# Nothing is mounted in it where we stand; --one-file-system holds even if something were.
remove_tree() { rm -rf --one-file-system "$1"; }

# --- Inside the namespaces -------------------------------------------------------------------

codename_of() {
    case $1 in
        12) echo bookworm ;;
        13) echo trixie ;;
    esac
}

# The files that say where this machine gets Debian from: not those of others, signed with keys of their own.
debian_sources() {
    local file
    [[ -n $(debian_release) ]] || return 0
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
        if [[ -s $file ]] && ! grep -iE '^[^#]*signed-by' "$file" | grep -qv debian-archive-keyring; then
            echo "$file"
        fi
    done
}

# debootstrap knows a default for machines that are no Debian.
debian_mirror() {
    local files
    mapfile -t files < <(debian_sources)
    grep -hoE '^(URIs:|deb( \[[^]]*\])?) +\S+' "${files[@]}" /dev/null | grep -oE '\S+$' | head -n 1
}

make_tree() {
    local release=$1 tree=$2 mirror
    mapfile -t mirror < <(debian_mirror)
    mkdir -p "$tree" "$bare/packages/$release"
    debootstrap --variant=minbase --include=ca-certificates,git --cache-dir="$bare/packages/$release" \
        "$(codename_of "$release")" "$tree" "${mirror[@]}" >"$logs/debootstrap-$release.log" 2>&1 || {
        tail -n 5 "$logs/debootstrap-$release.log"
        return 1
    }
    settle_in "$release" "$tree"
    mount_into "$release" "$tree"
}

# This machine's ways to the package registries. A machine that needs none of these has none.
settle_in() {
    local release=$1 tree=$2 file
    if [[ -n $(debian_release) ]]; then
        rm -f "$tree"/etc/apt/sources.list
        for file in $(debian_sources); do
            sed -E "s/\b$(codename_of "$(debian_release)")\b/$(codename_of "$release")/g" "$file" >"$tree$file"
        done
    fi
    for file in $(grep -ls '^Acquire' /etc/apt/apt.conf.d/*) /etc/resolv.conf /etc/hosts /etc/npmrc \
        "$HOME/.npmrc" "$HOME/.m2/settings.xml" /usr/local/share/ca-certificates/*.crt; do
        [[ ! -f $file ]] || cp --parents --dereference --preserve=mode "$file" "$tree"
    done
    chroot "$tree" update-ca-certificates >/dev/null 2>&1
    git clone --quiet --no-hardlinks "$root" "$tree/howl"
}

mount_into() {
    local release=$1 tree=$2 cache
    mount -t proc proc "$tree/proc"
    mount --rbind /dev "$tree/dev"
    mount --rbind /sys "$tree/sys"
    mount --bind "$bare/packages/$release" "$tree/var/cache/apt/archives"
    if command -v ccache >/dev/null && cache=$(ccache --get-config cache_dir); then
        mkdir -p "$cache" "$tree/ccache"
        mount --bind "$cache" "$tree/ccache"
    fi
}

# in_tree TREE COMMAND: in the clone, with the environment of somebody who has just logged in.
in_tree() {
    local tree=$1 variables=("HOME=$HOME" LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
    local name
    for name in TERM CI HOWL_FUZZ_SECONDS; do
        [[ -z ${!name:-} ]] || variables+=("$name=${!name}")
    done
    [[ ! -d $tree/ccache ]] || variables+=(CCACHE_DIR=/ccache)
    exec chroot "$tree" env -i "${variables[@]}" bash -c "cd /howl && $2" </dev/null
}

# Starts ./dev run, passes its output on until it serves, and sets `server`, `served` and `address`.
start_in_tree() {
    local tree=$1 arguments='' line
    if (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; then
        say "  Port 8080 is taken here: ./dev run takes a free one"
        arguments=' -- --listen 127.0.0.1:0'
    fi
    exec {served}< <(in_tree "$tree" "exec ./dev run$arguments" 2>&1)
    server=$!
    while IFS= read -r -t "$bare_start_seconds" -u "$served" line; do
        say "  | $line"
        if [[ $line =~ is\ listening\ on\ (http://[^/]*)/ ]]; then
            address=${BASH_REMATCH[1]}
        elif [[ $line == *'Ctrl-C stops' && -n $address ]]; then
            return 0
        fi
    done
    say "  ./dev run did not come to serve"
    return 1
}

# expect WHAT PATTERN COMMAND...: the output of the command has the pattern.
expect() {
    local what=$1 pattern=$2 output
    shift 2
    output=$("$@" 2>&1) || true
    if ! grep -qE "$pattern" <<<"$output"; then
        say "  $what: no '$pattern' in:"
        head -c 600 <<<"$output"
        return 1
    fi
    say "  $what answers"
}

check_served() {
    local script
    expect "the portal" 'type="module"' curl -sS -H 'Accept: text/html' "$address/"
    script=$(curl -sS -H 'Accept: text/html' "$address/" | grep -oE 'src="/[^"]+\.js"' | head -n 1 | cut -d'"' -f2)
    expect "its script" '^200 ' curl -sS -o /dev/null -w '%{http_code} %{content_type}' "$address$script"
    expect "a publish to a stream" '^data: hello, pack' follow_and_publish "$address/api/topics/bare/events"
    expect "a WebSocket" '^HTTP/1.1 101 ' curl -sSi --http1.1 --max-time 3 -H 'Connection: Upgrade' \
        -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' \
        "$address/api/topics/bare/ws"
}

# Publishes once the stream has said where it stands, and prints what comes of it.
follow_and_publish() {
    local line='' stream
    exec {stream}< <(exec curl -sSN --max-time 60 "$1")
    while IFS= read -r -t 60 -u "$stream" line; do
        case $line in
            id:*) curl -sS -o /dev/null -d 'hello, pack' "$1" ;;
            data:*) break ;;
        esac
    done
    say "$line"
    exec {stream}<&-
}

# The server drains, and says so.
stop_in_tree() {
    local line status=0
    kill "$server"
    while IFS= read -r -t 60 -u "$served" line; do
        say "  | $line"
    done
    wait "$server" || status=$?
    say "  ./dev run ended with status $status"
    ((status == 0))
}

# Not for people: what cmd_bare runs in the namespaces, as their first process.
bare_inside() {
    local release=$1 tree=$bare/$1 command=${2:-} start=$SECONDS address='' server='' served=''
    mount -t proc proc /proc
    say "1 A bare Debian $release in build/bare/$release"
    make_tree "$release" "$tree"
    say "  there after $((SECONDS - start)) s"
    start=$SECONDS
    say "2 ./dev run there"
    start_in_tree "$tree"
    say "  serves after $((SECONDS - start)) s"
    check_served
    stop_in_tree
    if [[ -n $command ]]; then
        say "3 $command"
        # Its last line is ours: that of ./dev test has the figures.
        (in_tree "$tree" "$command")
    fi
}
