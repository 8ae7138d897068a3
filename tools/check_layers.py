#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the arrows of the house: who may include whom in src/ and loadtest/, and where third-party types stop.

Prints every wrong arrow as file:line, and every circle of files. `--self-test` shows that it finds them.
"""
import re
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

# A folder may include itself and the folders before it.
LAYERS = ("base telemetry runtime codec access hub storage broker session transport products compat registry server cli "
          "loadtest").split()
# Arrows that the order would allow but the house does not: codecs know no loop and no clock, and only server/ and cli/ know
# which adapter stands behind a port. Products know a broker by its ports alone, and server/ knows products by registry/ alone.
FORBIDDEN = {"codec": {"telemetry", "runtime"}, "access": {"telemetry", "runtime", "codec"}, "broker": {"storage"},
             "session": {"storage", "broker"}, "transport": {"storage", "broker"}, "products": {"storage", "broker/kafka"},
             "compat": {"storage", "broker/kafka"}, "registry": {"storage", "broker/kafka"},
             "server": {"compat", "products/*"},  # The ports in products/ itself are allowed.
             # It knows the server from outside.
             "loadtest": {"storage", "session", "transport", "products", "compat", "registry", "server", "cli"}}
# What tests may include beside that: a second fake of the ports would be worse than the memory adapters, and what an endpoint says on the
# wire is seen through a whole server.
FOR_TESTS = {"": ("storage/memory/",), "products": ("server/live_server_for_test.hpp",),
             "compat": ("server/live_server_for_test.hpp", "broker/kafka/"), "server": ("products/",)}
# Folders whose files form no circle. A header and its source count as one.
WITHOUT_CIRCLES = {"session", "transport"}
SIBLINGS = {"storage", "broker"}  # The adapters in them never include each other,
SHARED = {"storage/outbox"}  # except what is made for them all, which includes none of them.
# Third-party headers stop at the folder that owns them; the first row that fits decides.
CONTAINED = {"sqlite3.h": ["storage/sqlite/"], "librdkafka/": ["broker/kafka/"], "curl/": ["storage/dynamodb/"],
             "toml++/": ["server/"], "unicode/": ["products/chat/", "compat/wisdom/"], "prometheus/": ["telemetry/"], "CLI/": ["cli/", "loadtest/"],
             "boost/asio/buffer.hpp": ["codec/", "runtime/", "transport/", "cli/"],  # Values.
             "boost/asio": ["runtime/", "transport/", "server/", "cli/"]}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def adapter_of(path):
    parts = Path(path).parts
    return parts[:2] if parts[0] in SIBLINGS and len(parts) > 2 else None


def is_test(file):
    return file.endswith(("_test.cpp", "_for_test.hpp"))


def why_wrong(file, header):
    here, there = Path(file).parts[0], Path(header).parts[0]
    if not {here, there} <= set(LAYERS):
        return f"{here}/ or {there}/ is not a layer"
    if is_test(file) and header.startswith(FOR_TESTS[""] + FOR_TESTS.get(here, ())):
        return None
    if LAYERS.index(there) > LAYERS.index(here):
        return f"{here}/ must not include {there}/"
    if fault := next((f for f in FORBIDDEN.get(here, ()) if fnmatch(header, f"{f}/*")), None):
        return f"{here}/ must not include {fault}/"
    mine, other = adapter_of(file), adapter_of(header)
    siblings = mine and other and mine[0] == other[0] and mine != other
    if siblings and "/".join(other) in SHARED:
        return None
    return f"{mine[1]}/ must not include its sibling {other[1]}/" if siblings else None


def why_leaked(file, header):
    owners = next((o for prefix, o in CONTAINED.items() if header.startswith(prefix)), [""])
    inside = any(file.startswith(owner) for owner in owners)
    return None if inside else f"<{header}> belongs to {', '.join(owners)}"


def sources(root):
    for folder, base in ((root / "src", root / "src"), (root / "loadtest", root)):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".hpp", ".cpp", ".def"}:
                yield path, path.relative_to(base).as_posix()


def wrong_arrows(root):
    for path, file in sources(root):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if match := INCLUDE.match(line):
                ours, foreign = match.groups()
                if why := why_wrong(file, ours) if ours else why_leaked(file, foreign):
                    yield f"{path.relative_to(root).as_posix()}:{number}: {why}"


def unit_of(file):
    return file.rsplit(".", 1)[0]


def units(root):
    """What each unit of the folders without circles includes of them."""
    includes = {}
    for path, file in sources(root):
        if file.split("/")[0] in WITHOUT_CIRCLES and not is_test(file):
            headers = (match.group(1) for match in map(INCLUDE.match, path.read_text().splitlines()) if match)
            includes.setdefault(unit_of(file), set()).update(unit_of(h) for h in headers if h)
    return {unit: (others & includes.keys()) - {unit} for unit, others in includes.items()}


def circles(includes):
    """Takes away what includes nothing that is left, until only circles and who includes them are left; then the same backwards."""
    left = dict(includes)
    while True:
        outside = {u for u in left if not left[u] & left.keys()}
        outside |= left.keys() - {o for others in left.values() for o in others}
        if not outside:
            return sorted(left)
        for unit in outside:
            del left[unit]


def self_test():
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == ["b", "c"]
    wrong = [("base", '"hub/b.hpp"'), ("products/chat", '"storage/sqlite/b.hpp"'), ("hub", '"b.hpp"'),
             ("storage/sqlite", '"storage/memory/b.hpp"'), ("storage/outbox", '"storage/sqlite/b.hpp"'), ("codec", '"runtime/b.hpp"'),
             ("hub", "<boost/asio.hpp>"), ("storage/memory", "<sqlite3.h>"), ("loadtest", '"server/b.hpp"'),
             ("cli", '"loadtest/b.hpp"'), ("products/chat", '"compat/b.hpp"'), ("server", '"products/chat/b.hpp"'),
             ("compat/chat", '"broker/kafka/b.hpp"'), ("products/chat", '"server/live_server_for_test.hpp"')]
    right = [("hub", '"base/b.hpp"'), ("hub", '"hub/b.hpp"'), ("storage/sqlite", "<sqlite3.h>"),
             ("server", '"storage/sqlite/b.hpp"'), ("storage/sqlite", '"storage/schema.hpp"'), ("server", '"products/b.hpp"'),
             ("compat/chat", '"products/chat/b.hpp"'), ("products/chat", '"broker/b.hpp"'), ("registry", '"products/b.hpp"'),
             ("storage/dynamodb", '"storage/outbox/b.hpp"')]
    for folder, header in wrong + right:
        with tempfile.TemporaryDirectory() as root:
            place = Path("" if folder == "loadtest" else "src", folder, "a.cpp")
            Path(root, place).parent.mkdir(parents=True)
            Path(root, place).write_text(f"\n#include {header}\n")
            found = [arrow.split(": ")[0] for arrow in wrong_arrows(Path(root))]
        assert found == [f"{place}:2"] * ((folder, header) in wrong), (folder, header)


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    repository = Path(__file__).resolve().parent.parent
    arrows = list(wrong_arrows(repository))
    if circle := circles(units(repository)):
        arrows.append("these form a circle: " + ", ".join(circle))
    print("\n".join(arrows) if arrows else "Every include points the right way.")
    sys.exit(1 if arrows else 0)
