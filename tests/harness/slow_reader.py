# SPDX-License-Identifier: Apache-2.0
# Reads an answer slowly, and prints how it ended: "end" or "reset", then the last bytes of what came.
# Usage: slow_reader.py PORT PATH BYTES_PER_SECOND [HEADER...]
import socket
import sys
import time

port, path, rate, headers = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:]
peer = socket.socket()
peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)  # A client far away has no more in flight.
peer.connect(("127.0.0.1", port))
lines = [f"GET {path} HTTP/1.1", "Host: localhost", *headers]
peer.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
last = b""
how = "end"
while True:
    try:
        got = peer.recv(rate // 10)
    except ConnectionError:
        how = "reset"
        break
    if not got:
        break
    if not last:
        print("begun", flush=True)
    last = (last + got)[-200:]
    time.sleep(0.1)
print(how, repr(last), flush=True)
