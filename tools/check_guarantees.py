#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that docs/GUARANTEES.md names only tests that exist.

A row of its tables is `| promise | limits | tests |`. The last column has links to test files, each followed by the names
of tests in that file: in quotes for TypeScript, in backticks (`Suite.Name`) for C++. What a test name fills in (`${count}`, `%s`)
is written as `…`. A row without a test says "not shown by a test". Prints every row that is wrong as file:line;
`--self-test` shows that it finds them.
"""
import re
import sys
import tempfile
from pathlib import Path

PAGE = "docs/GUARANTEES.md"
WITHOUT = "not shown by a test"
ITEM = re.compile(r'\[[^\]]*\]\((?P<file>[^)#]+)\)|"(?P<text>[^"]+)"|`(?P<cpp>\w+\.\w+)`')
CPP_TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)
# A text that is followed by a function or by a test's options.
TEST_NAME = re.compile(r"""\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1\s*,\s*(?:async\b|\(|\w+\s*=>|\{)""", re.DOTALL)
FILLED_IN = re.compile(r"\$\{[^}]*\}|%[a-z]|\$\w+")


def tests_in(path):
    text = path.read_text()
    if path.suffix == ".cpp":
        return {f"{suite}.{name}" for suite, name in CPP_TEST.findall(text)}
    names = (re.sub(r"\\(.)", r"\1", name) for _, name in TEST_NAME.findall(text))
    return {FILLED_IN.sub("…", name) for name in names}


def where_else(root, name):
    """A C++ test is often moved with its class; say where it is now."""
    for path in sorted((root / "src").rglob("*_test.cpp")):
        if name in tests_in(path):
            return f"; it is in {path.relative_to(root).as_posix()}"
    return ""


def faults_of_row(root, cell):
    file, found = None, 0
    for item in ITEM.finditer(cell):
        if item["file"]:
            file = (root / "docs" / item["file"]).resolve()
            if not file.is_file():
                yield f"there is no file {item['file']}"
                file = None
            continue
        name = item["text"] or item["cpp"]
        found += 1
        if file is None or name not in tests_in(file):
            yield f"there is no test {name} in the file before it{where_else(root, name) if item['cpp'] else ''}"
    if found == 0 and WITHOUT not in cell:
        yield f'names no test and does not say "{WITHOUT}"'


def faults(root):
    rows = 0
    for number, line in enumerate((root / PAGE).read_text().splitlines(), 1):
        if not line.startswith("| ") or line.startswith("| ---") or line.startswith("| promise "):
            continue
        rows += 1
        cells = line.strip().removeprefix("|").removesuffix("|").split("|")
        problems = faults_of_row(root, cells[2]) if len(cells) == 3 else [f"has {len(cells)} columns, not 3"]
        for problem in problems:
            yield f"{PAGE}:{number}: {problem}"
    if rows == 0:
        yield f"{PAGE}:1: no promises"


def self_test():
    files = {"src/hub/a_test.cpp": "TEST_F(Reader, Resumes) {\n", "src/hub/b_test.cpp": "TEST(Other, Test) {\n",
             "tests/a.test.ts": "test.each([[1, (2)]] as const)(\n    'gets %s of `${kAll}`', async () => {\nit('isn\\'t lost', () => {\nget('a path', 3);"}
    right = ["[a](../src/hub/a_test.cpp) `Reader.Resumes`; [b](../tests/a.test.ts) \"gets … of `…`\", \"isn't lost\"",
             "A power cut: not shown by a test"]
    wrong = ["[a](../src/hub/c_test.cpp)", "[a](../src/hub/a_test.cpp) `Reader.Other`", "[a](../src/hub/a_test.cpp) `Other.Test`",
             "[b](../tests/a.test.ts) \"is lost\"", "[b](../tests/a.test.ts) \"a path\"", "[b](../tests/a.test.ts)", "by looking at it"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        (root / "docs").mkdir()
        for cell in right + wrong:
            (root / PAGE).write_text(f"| promise | limits | shown by |\n| --- | --- | --- |\n| x | | {cell} |\n")
            found = list(faults(root))
            assert bool(found) == (cell in wrong) and all(fault.startswith(f"{PAGE}:3: ") for fault in found), (cell, found)
            assert "b_test.cpp" in str(found) or "Other.Test" not in cell, found
        (root / PAGE).write_text("| promise | limits | shown by |\n")
        assert list(faults(root)) == [f"{PAGE}:1: no promises"]


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    problems = list(faults(Path(__file__).resolve().parent.parent))
    print("\n".join(problems) if problems else "Every test that docs/GUARANTEES.md names exists.")
    sys.exit(1 if problems else 0)
