# SPDX-License-Identifier: Apache-2.0
# Prints the lines of an event stream as Python's own libraries hand them out, each as soon as it is there.
# Usage: sse_lines.py requests|http.client|http.client-1.0 URL
import http.client
import sys
from urllib.parse import urlsplit


def lines_of_requests(url):
    import requests

    with requests.get(url, stream=True, timeout=30) as response:
        yield from response.iter_lines()


def lines_of_http_client(url, version="HTTP/1.1"):
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection._http_vsn, connection._http_vsn_str = (11 if version == "HTTP/1.1" else 10), version
    connection.request("GET", place.path)
    response = connection.getresponse()
    while line := response.readline():
        yield line


library, url = sys.argv[1:]
readers = {
    "requests": lines_of_requests,
    "http.client": lines_of_http_client,
    "http.client-1.0": lambda url: lines_of_http_client(url, "HTTP/1.0"),
}
for line in readers[library](url):
    print(line.decode().rstrip("\r\n"), flush=True)
