#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the arrows of the house: who in src/ may include whom, and where third-party types stop.

Prints every wrong arrow as file:line. `--self-test` shows that it finds them.
"""
import re
import sys
import tempfile
from pathlib import Path

# A folder may include itself and the folders before it.
LAYERS = "base telemetry runtime codec hub storage broker transport apps server cli".split()
# Arrows that the order would allow but the house does not: codecs know no loop and no clock, and
# only server/ and cli/ know which adapter stands behind a port.
FORBIDDEN = {"codec": {"telemetry", "runtime"}, "broker": {"storage"},
             "transport": {"storage", "broker"}, "apps": {"storage", "broker"}}
SIBLINGS = {"storage", "broker"}  # The adapters in them never include each other.
# Third-party headers stop at the folder that owns them; the first row that fits decides.
CONTAINED = {"sqlite3.h": ["storage/sqlite/"], "librdkafka/": ["broker/kafka/"], "curl/": ["storage/dynamodb/"],
             "toml++/": ["server/"], "unicode/": ["apps/chat/"], "prometheus/": ["telemetry/"], "CLI/": ["cli/"],
             "boost/asio/buffer.hpp": ["codec/", "runtime/", "transport/", "cli/"],  # Values.
             "boost/asio": ["runtime/", "transport/", "server/", "cli/"]}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def adapter_of(path):
    parts = Path(path).parts
    return parts[:2] if parts[0] in SIBLINGS and len(parts) > 2 else None


def is_test(file):
    """An app's tests may run on the memory adapters: a second fake of the ports would be worse."""
    return file.endswith(("_test.cpp", "_for_test.hpp"))


def why_wrong(file, header):
    here, there = Path(file).parts[0], Path(header).parts[0]
    if not {here, there} <= set(LAYERS):
        return f"{here}/ or {there}/ is not a layer"
    on_memory = is_test(file) and header.startswith("storage/memory/")
    if LAYERS.index(there) > LAYERS.index(here) or (
            there in FORBIDDEN.get(here, ()) and not on_memory):
        return f"{here}/ must not include {there}/"
    mine, other = adapter_of(file), adapter_of(header)
    siblings = mine and other and mine[0] == other[0] and mine != other
    return f"{mine[1]}/ must not include its sibling {other[1]}/" if siblings else None


def why_leaked(file, header):
    owners = next((o for prefix, o in CONTAINED.items() if header.startswith(prefix)), [""])
    inside = any(file.startswith(owner) for owner in owners)
    return None if inside else f"<{header}> belongs to {', '.join(owners)}"


def wrong_arrows(src):
    for path in sorted(p for p in src.rglob("*") if p.suffix in {".hpp", ".cpp", ".def"}):
        file = path.relative_to(src).as_posix()
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if match := INCLUDE.match(line):
                ours, foreign = match.groups()
                if why := why_wrong(file, ours) if ours else why_leaked(file, foreign):
                    yield f"src/{file}:{number}: {why}"


def self_test():
    wrong = [("base", '"hub/b.hpp"'), ("apps/chat", '"storage/sqlite/b.hpp"'), ("hub", '"b.hpp"'),
             ("storage/sqlite", '"storage/memory/b.hpp"'), ("codec", '"runtime/b.hpp"'),
             ("hub", "<boost/asio.hpp>"), ("storage/memory", "<sqlite3.h>")]
    right = [("hub", '"base/b.hpp"'), ("hub", '"hub/b.hpp"'), ("storage/sqlite", "<sqlite3.h>"),
             ("server", '"storage/sqlite/b.hpp"'), ("storage/sqlite", '"storage/schema.hpp"')]
    for folder, header in wrong + right:
        with tempfile.TemporaryDirectory() as src:
            Path(src, folder).mkdir(parents=True)
            Path(src, folder, "a.cpp").write_text(f"\n#include {header}\n")
            found = [arrow.split(": ")[0] for arrow in wrong_arrows(Path(src))]
        assert found == [f"src/{folder}/a.cpp:2"] * ((folder, header) in wrong), (folder, header)


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    arrows = list(wrong_arrows(Path(__file__).resolve().parent.parent / "src"))
    print("\n".join(arrows) if arrows else "Every include points the right way.")
    sys.exit(1 if arrows else 0)
