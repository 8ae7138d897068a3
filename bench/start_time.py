#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a server with many topics in its data directory takes to be ready: at most 1 s with 200,000.

Makes a data directory with as many topics, one event in each, kills the server that made it, and
starts another one on it three times: from its start to the first 200 of /readyz.

    bench/start_time.py [TOPICS] [PROGRAM]      200000 build/release/howl
"""

import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

PUBLISHERS = 64
RUNS = 3
LIMIT_SECONDS = 1.0


class Server:
    def __init__(self, program: str, folder: str):
        self.begun = time.monotonic()
        line = [program, "serve", "--listen", "127.0.0.1:0"]
        line += ["--data-dir", f"{folder}/data", "--config", f"{folder}/howl.toml"]
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        address = re.search(rb"127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        if address is None:
            sys.exit("start_time: the server did not start")
        self.port = int(address[1])

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port)

    def seconds_to_ready(self) -> float:
        connection = self.connect()
        while True:
            connection.request("GET", "/readyz")
            reply = connection.getresponse()
            reply.read()
            if reply.status == 200:
                return time.monotonic() - self.begun
            time.sleep(0.001)

    def cpu_seconds(self) -> float:
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait()


def publish(server: Server, first: int, topics: int) -> None:
    connection = server.connect()
    for number in range(first, topics, PUBLISHERS):
        connection.request("POST", f"/api/topics/many/{number}/events", b"x" * 200)
        reply = connection.getresponse()
        reply.read()
        if reply.status != 201:
            sys.exit(f"start_time: publish was answered with {reply.status}")


def fill(server: Server, topics: int) -> None:
    threads = [
        threading.Thread(target=publish, args=(server, first, topics)) for first in range(PUBLISHERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> int:
    topics = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    program = sys.argv[2] if len(sys.argv) > 2 else "build/release/howl"
    with tempfile.TemporaryDirectory(prefix="howl-start-") as folder:
        with open(f"{folder}/howl.toml", "w", encoding="utf-8") as config:
            # Anybody's topics have four fifths of the room.
            config.write(f"[limits]\ntopics = {topics + topics // 2}\n")
        server = Server(program, folder)
        fill(server, topics)
        server.end(signal.SIGKILL)
        times = []
        for _ in range(RUNS):
            server = Server(program, folder)
            times.append((server.seconds_to_ready(), server.cpu_seconds()))
            server.end(signal.SIGTERM)
    for ready, cpu in times:
        print(f"{topics} topics: ready after {ready:.2f} s, of which {cpu:.2f} s of CPU time")
    return 1 if min(times)[0] > LIMIT_SECONDS else 0


sys.exit(main())
