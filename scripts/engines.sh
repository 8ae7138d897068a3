# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154  # root and logs are those of ./dev.
# Kafka and DynamoDB on this machine, for development: Java programs from their Maven artifacts,
# everything under build/ENGINE. Sourced by ./dev, whose words (say, need_packages) it uses.

# Where they listen. DynamoDB is on the original's port; its own, 8000, is the wolves' with --compat.
readonly kafka_address=127.0.0.1:9092 dynamodb_address=127.0.0.1:8111
# A small heap and a short warm-up: they serve one person or one test.
readonly java_options=(-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1)
readonly engine_start_seconds=60

engine_usage() {
    case $1 in
        kafka) cat <<'TEXT' ;;
./dev kafka start|stop|status    A Kafka broker on 127.0.0.1:9092, for development
  One node in KRaft mode from Maven artifacts (Java, 60 MB, a heap of 256 MB); topics are made
  by the first record. Jars, log and data are under build/kafka; `stop` keeps the data.
TEXT
        dynamodb) cat <<'TEXT' ;;
./dev dynamodb start|stop|status DynamoDB Local on http://127.0.0.1:8111, for development
  From Maven artifacts (Java, 60 MB). Jars, log and tables are under build/dynamodb; `stop`
  keeps the tables. Its users are whoever they say they are: any access key will do.
TEXT
    esac
}

# --- What both have in common ----------------------------------------------------------------

# fetch_jars ENGINE: what deploy/ENGINE/pom.xml lists, in build/ENGINE/libs; all of it or nothing.
# HOWL_FETCH_SECONDS bounds it.
fetch_jars() {
    local engine=$1 pom=deploy/$1/pom.xml libs=build/$1/libs log=$logs/fetch-$1.log
    if [[ -d $libs && ! $pom -nt $libs ]]; then
        return
    fi
    mkdir -p "$logs" "build/$engine"
    rm -rf "$libs.part"
    say "  Fetching the jars of $engine from Maven Central"
    if ! timeout "${HOWL_FETCH_SECONDS:-900}" mvn -B -q -f "$pom" dependency:copy-dependencies \
        -DoutputDirectory="$root/$libs.part" >"$log" 2>&1; then
        say "  Maven Central can't be reached, or did not answer in time: see build/logs/${log##*/}"
        return 1
    fi
    rm -rf "$libs"
    mv "$libs.part" "$libs"
    touch "$libs"
}

# engine_pid ENGINE: of the one that runs; false if there is none. A pid file alone proves nothing.
engine_pid() {
    local pid
    pid=$(cat "build/$1/pid" 2>/dev/null) || return 1
    grep -qsF "$root/build/$1/libs" "/proc/$pid/cmdline" && echo "$pid"
}

# run_engine ENGINE ARGS...: java with its jars, in the background, its output in a log.
run_engine() {
    local engine=$1
    shift
    setsid java "${java_options[@]}" -cp "$root/build/$engine/libs/*" "$@" \
        >"build/$engine/log" 2>&1 </dev/null &
    echo $! >"build/$engine/pid"
}

# await_engine ENGINE PROBE...: until the probe succeeds; false with the log's end if it never does.
await_engine() {
    local engine=$1 deadline=$((SECONDS + engine_start_seconds))
    shift
    until "$@" >/dev/null 2>&1; do
        if ! engine_pid "$engine" >/dev/null || ((SECONDS >= deadline)); then
            say "  $engine does not answer. The end of build/$engine/log:"
            tail -n 15 "build/$engine/log"
            stop_engine "$engine" >/dev/null
            return 1
        fi
        sleep 0.2
    done
}

stop_engine() {
    local engine=$1 pid deadline=$((SECONDS + 20))
    if ! pid=$(engine_pid "$engine"); then
        say "$engine does not run."
        return
    fi
    kill "$pid" || true  # It may have gone in between.
    while engine_pid "$engine" >/dev/null; do
        if ((SECONDS >= deadline)); then
            kill -9 "$pid"
        fi
        sleep 0.1
    done
    rm "build/$engine/pid"
    say "$engine has stopped; its data stays in build/$engine/data."
}

# Those that run, before their files are deleted.
stop_engines() {
    local engine
    for engine in kafka dynamodb; do
        if engine_pid "$engine" >/dev/null; then
            stop_engine "$engine"
        fi
    done
}

engine_status() {
    local engine=$1 where=$2 pid
    if pid=$(engine_pid "$engine"); then
        say "$engine runs on $where (process $pid)."
    else
        say "$engine does not run; start it with: ./dev $engine start"
        return 1
    fi
}

# For the tests: what can be had in a time that a test run can spare. What can't has a stand-in, and
# the summary says so.
engines_for_tests() {
    local engine
    need_packages kcat # Writes the README's line, whoever plays Kafka.
    build release mock_kafka
    if ! (need_packages "${engine_packages[@]}"); then
        say "No Java: the tests use stand-ins for Kafka and DynamoDB"
        return
    fi
    for engine in kafka dynamodb; do
        if ! HOWL_FETCH_SECONDS=120 fetch_jars "$engine"; then
            say "The tests use stand-ins for what is not there"
            return
        fi
    done
}

# Another program there would answer in the engine's place.
need_free_port() {
    if (exec 3<>"/dev/tcp/${1/://}") 2>/dev/null; then
        say "  Another program listens on $1 already"
        return 1
    fi
}

# engine_command ENGINE ADDRESS VERB: `start` runs start_ENGINE, unless it runs already.
engine_command() {
    local engine=$1 where=$2
    case ${3:-} in
        start)
            if ! engine_status "$engine" "$where" >/dev/null; then
                say "1/3 Java and the jars of $engine"
                need_packages "${engine_packages[@]}"
                fetch_jars "$engine" || return 1
                need_free_port "$where" || return 1
                "start_$engine" || return 1
            fi
            engine_status "$engine" "$where"
            "${engine}_next_steps"
            ;;
        stop) stop_engine "$engine" ;;
        status) engine_status "$engine" "$where" ;;
        *) die "./dev $engine needs start, stop or status" ;;
    esac
}

# --- Kafka -----------------------------------------------------------------------------------

start_kafka() {
    local home=$root/build/kafka properties=$root/build/kafka/server.properties
    need_packages kcat
    { cat deploy/kafka/server.properties && echo "log.dirs=$home/data"; } >"$properties"
    if [[ ! -f $home/data/meta.properties ]]; then
        say "2/3 Formatting build/kafka/data"
        java "${java_options[@]}" -cp "$home/libs/*" kafka.tools.StorageTool format \
            --cluster-id="$(random_cluster_id)" --config="$properties" >"$home/log" 2>&1 || {
            cat "$home/log"
            return 1
        }
    else
        say "2/3 Using the data in build/kafka/data"
    fi
    say "3/3 Starting the broker"
    run_engine kafka -Dlog4j.configuration="file:$root/deploy/kafka/log4j.properties" \
        kafka.Kafka "$properties"
    await_engine kafka kcat -L -b "$kafka_address" -m 1
}

# 16 random bytes, as Kafka writes its ids.
random_cluster_id() { head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '='; }

kafka_next_steps() {
    cat <<TEXT

  Let Howl read from it, in a file howl.toml:
    [kafka]
    brokers = "$kafka_address"
  ./dev run -- --compat --config howl.toml
  Listen in one terminal, send in another:
    curl -N "http://localhost:3000/v3/sse?username=demo"
    echo 'demo:🦋 howdy from kafka!' | kcat -P -b $kafka_address -t v3_messages
TEXT
}

cmd_kafka() { engine_command kafka "$kafka_address" "$@"; }

# --- DynamoDB Local --------------------------------------------------------------------------

start_dynamodb() {
    local home=$root/build/dynamodb
    need_packages curl
    mkdir -p "$home/data"
    say "2/3 Tables are kept in build/dynamodb/data"
    say "3/3 Starting DynamoDB Local"
    run_engine dynamodb -Djava.library.path="$home/libs" \
        com.amazonaws.services.dynamodbv2.local.main.ServerRunner \
        -disableTelemetry -port "${dynamodb_address#*:}" -sharedDb -dbPath "$home/data"
    # Any answer will do; to a request without a table it is 400.
    await_engine dynamodb curl -s -o /dev/null "http://$dynamodb_address"
}

dynamodb_next_steps() {
    cat <<TEXT

  Let Howl keep its reports there, in a file howl.toml:
    [reports]
    store = "dynamodb"
    [dynamodb]
    endpoint = "http://$dynamodb_address"
  Any key will do here: export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  build/release/howl store init --config howl.toml
  ./dev run -- --config howl.toml
TEXT
}

cmd_dynamodb() { engine_command dynamodb "$dynamodb_address" "$@"; }
