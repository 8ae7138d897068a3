#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Follows docs/tutorial-product.md as it is written: in a copy of the tree it makes the files that the page shows, adds the lines, builds
server and portal, and runs the commands against it. Prints each step; the first that does not come out as the page says ends it.

    tools/follow_tutorial.py [--preset release] [--without-portal]

The copy is build/tutorial/ and stays, so that the next run builds only what has changed. `--self-test` shows that faults are found.
"""
import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/tutorial-product.md"
COPY = ROOT / "build/tutorial"
CODE = {"cpp", "ts", "tsx", "po"}
LINES_MAX = 149  # What the page promises; without empty ones.
PATIENCE = 60  # Seconds, for what takes a moment.
ADDRESS = "http://127.0.0.1:8080"


class Fault(Exception):
    """The page does not work as it is written."""


@dataclass(frozen=True)
class Block:
    before: str  # The paragraph above it.
    language: str
    text: str

    def names(self):
        return re.findall(r"`([^`\n]+)`", self.before)


def blocks_of(page):
    """The fenced blocks, each with the paragraph above it, which may be empty."""
    blocks, paragraph, before, language = [], [], "", None
    for line in page.splitlines(keepends=True):
        if language is not None and line.startswith("```"):
            blocks.append(Block(before, language, "".join(paragraph)))
            before, language, paragraph = "", None, []
        elif language is not None:
            paragraph.append(line)
        elif line.startswith("```"):
            before, language, paragraph = "".join(paragraph).strip() or before, line[3:].strip(), []
        elif line.strip():
            paragraph.append(line)
        elif paragraph:
            before, paragraph = "".join(paragraph).strip(), []
    return blocks


# --- The tree ---

def tree():
    """Every file that git knows, with its content."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout
    return {name: (ROOT / name).read_bytes() for name in listed.split("\0") if name and (ROOT / name).is_file()}


def make_copy(files):
    for folder in ("src", "web/src"):  # What is globbed there.
        for old in (COPY / folder).rglob("*"):
            if old.is_file() and old.relative_to(COPY).as_posix() not in files:
                old.unlink()
    for name, content in files.items():
        write(COPY / name, content)
        if (ROOT / name).is_file():
            shutil.copymode(ROOT / name, COPY / name)


def write(path, content):
    """Leaves a file alone that says it already, so that nothing is built twice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def with_line_behind(text, mark, line):
    lines = text.splitlines(keepends=True)
    at = [number for number, one in enumerate(lines) if one.startswith(mark)]
    if len(at) != 1:
        raise Fault(f"'{mark}' begins {len(at)} lines, not one")
    return "".join(lines[:at[0] + 1] + [line] + lines[at[0] + 1:])


def edits_of(blocks, read):
    """What each file is to be; `read` gives what it is."""
    edits = {}
    for block in blocks:
        if block.language not in CODE:
            continue
        if block.before.startswith("In "):
            path, mark = block.names()[:2]
            edits[path] = with_line_behind(edits.get(path) or read(path), mark, block.text)
        else:
            made = [name for name in block.names() if re.fullmatch(r"[\w./-]+\.\w+", name)]
            if not re.search(r"\bNew files?\b", block.before) or not made:
                raise Fault(f"a block of {block.language} does not say where it belongs: {block.before!r}")
            edits |= {path: block.text for path in made}
    return edits


def check_length(blocks):
    lines = sum(bool(line.strip()) for block in blocks if block.language in CODE for line in block.text.splitlines())
    print(f"{lines} lines of code")
    if lines > LINES_MAX:
        raise Fault(f"the product has {lines} lines, more than {LINES_MAX}")


def run(*command, **more):
    print("$", *command, flush=True)
    subprocess.run(command, check=True, **more)


def build(preset, with_portal):
    environment = os.environ | {"CCACHE_BASEDIR": str(COPY)}
    if not (COPY / f"build/{preset}/build.ninja").is_file():
        run("cmake", "--preset", preset, cwd=COPY, env=environment, stdout=subprocess.DEVNULL)
    run("ninja", "-C", f"build/{preset}", "-j", str(os.cpu_count()), "--quiet", "howl", cwd=COPY, env=environment)
    if with_portal:
        modules = COPY / "web/node_modules"
        if not modules.is_symlink():
            modules.symlink_to(ROOT / "web/node_modules")
        run("node_modules/.bin/tsc", "--noEmit", cwd=COPY / "web")
        run("node_modules/.bin/vite", "build", "--logLevel", "error", cwd=COPY / "web", env=environment | {"NODE_ENV": "production"})


# --- The server ---

@contextlib.contextmanager
def server(preset, with_portal):
    """Its address, while it runs."""
    command = [COPY / f"build/{preset}/howl", "serve", "--listen", "127.0.0.1:0", "--data-dir", ":memory:"]
    command += ["--portal-dir", COPY / "web/dist"] if with_portal else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        greeting = process.stdout.readline()
        found = re.search(r"http://[\d.:]+", greeting)
        if not found:
            raise Fault(f"the server does not start: {greeting!r}")
        yield found[0]
    finally:
        process.terminate()
        process.wait(PATIENCE)


class Listener:
    """A command that goes on, such as `curl -N`, and what it has said."""

    def __init__(self, command):
        self.process = subprocess.Popen(["sh", "-c", f"exec {command}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.said, self.changed = "", threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.said += line
                self.changed.notify_all()

    def wait_for(self, text):
        with self.changed:
            if not self.changed.wait_for(lambda: text in self.said, PATIENCE):
                raise Fault(f"the stream does not say {text!r}, but {self.said!r}")

    def end(self):
        self.process.kill()
        self.process.wait()


def drive(blocks, address):
    """Each command in its turn; what is shown behind it is what it says, or what the stream says."""
    said, listener = "", None
    try:
        for block in blocks:
            if block.language == "sh" and "curl -N" in block.text:
                listener = Listener(block.text.replace(ADDRESS, address).strip())
                listener.wait_for("id:")
            elif block.language == "sh":
                command = block.text.replace(ADDRESS, address)
                print("$", command, end="", flush=True)
                said = subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True).stdout
            elif block.language == "json" and "stream" in block.before:
                listener.wait_for(block.text.strip())
                print("  the stream:", block.text, end="")
            elif block.language == "json":
                if json.loads(said) != json.loads(block.text):
                    raise Fault(f"it says {said!r}, not {block.text!r}")
                print(" ", said)
    finally:
        if listener:
            listener.end()


def fetch(url):
    asked = urllib.request.Request(url, headers={"Accept": "text/html"})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as reply:
        return reply.status, reply.read().decode()


def look_at_page(page, address):
    """The page is one of the portal's, and its script is served."""
    path = re.search(re.escape(ADDRESS) + r"(/\w+)\b[^`]*Open it twice", page, re.DOTALL)[1]
    status, text = fetch(address + path)
    script = next((name for name in re.findall(r"assets/[\w.-]+\.js", text) if "/api/polls" in fetch(f"{address}/{name}")[1]), None)
    if status != 200 or script is None:
        raise Fault(f"{path}: {status}, and none of its scripts asks for polls")
    print(f"{path}: {status}, with {script}")


# --- Itself ---

def self_test():
    page = ("New file `a/b.cpp`:\n\n```cpp\none\n```\n\nIn `list.def`, behind `two`:\n\n```cpp\nthree\n```\n\n"
            "New files\n`x.po` and `y.po`:\n\n```po\nwords\n```\n\n```sh\ncurl x\n```\n\nThe stream says it:\n\n```json\n{}\n```\n")
    blocks = blocks_of(page)
    assert [block.language for block in blocks] == ["cpp", "cpp", "po", "sh", "json"], blocks
    assert blocks[4].before == "The stream says it:" and blocks[3].before == "", blocks
    edits = edits_of(blocks, {"list.def": "one\ntwo(x)\nfour\n"}.__getitem__)
    assert edits == {"a/b.cpp": "one\n", "list.def": "one\ntwo(x)\nthree\nfour\n", "x.po": "words\n", "y.po": "words\n"}, edits
    for wrong in (lambda: with_line_behind("a\n", "b", "c\n"), lambda: edits_of([Block("Look:", "cpp", "x\n")], dict().get),
                  lambda: check_length([Block("", "ts", "x\n" * (LINES_MAX + 1))])):
        try:
            wrong()
        except Fault:
            continue
        raise AssertionError("a fault was not found")
    check_length(blocks_of(PAGE.read_text()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--preset", default="release")
    parser.add_argument("--without-portal", action="store_true")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    page, with_portal = PAGE.read_text(), not options.without_portal
    blocks = blocks_of(page)
    check_length(blocks)
    edits = edits_of(blocks, lambda name: (ROOT / name).read_text())
    make_copy(tree() | {path: text.encode() for path, text in edits.items()})
    build(options.preset, with_portal)
    with server(options.preset, with_portal) as address:
        drive(blocks, address)
        if with_portal:
            look_at_page(page, address)
    print("It works as it is written.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Fault, subprocess.CalledProcessError) as fault:
        sys.exit(f"docs/tutorial-product.md: {fault}")
