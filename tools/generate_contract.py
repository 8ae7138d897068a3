#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what others say of the server's tables: the tables in docs/, the portal's error codes and types of the API.

Sources: src/base/errors.def, src/telemetry/metrics.def, howl.example.toml, src/products/system/openapi.json.
Run it after a change of one of them. `--check` writes nothing and names what is not as it would be written, and what the
documents say against the tables; `--self-test` shows that it finds such things.
"""
import json
import re
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

ME = "tools/generate_contract.py"
ERRORS, METRICS, SETTINGS = "src/base/errors.def", "src/telemetry/metrics.def", "howl.example.toml"
OPENAPI = "src/products/system/openapi.json"
CODES_TS, SHAPES_TS = "web/src/contract/errorCodes.ts", "web/src/contract/shapes.ts"
LINE_MAX = 120  # Of the portal's formatter.


class Fault(Exception):
    """A source is not what this program can read."""


# --- The tables ---

STRING = r'"((?:[^"\\]|\\.)*)"'


@dataclass(frozen=True)
class ErrorRow:
    code: str
    text: str
    status: int
    close_code: int
    retryable: bool


@dataclass(frozen=True)
class MetricRow:
    kind: str
    name: str
    help: str


def rows_of(root, source, pattern):
    """The groups of `pattern` in each row of a table; a row that it does not fit is a fault."""
    text = re.sub(r"^\s*//.*$", "", (root / source).read_text(), flags=re.M)
    rows = [match.groups() for match in re.finditer(pattern, text, re.M)]
    count = len(re.findall(r"^HOWL_", text, re.M))
    if len(rows) != count:
        raise Fault(f"{source}: {count} rows, of which {len(rows)} can be read")
    return [tuple(re.sub(r"\\(.)", r"\1", group or "") for group in row) for row in rows]


def read_errors(root):
    pattern = rf"^HOWL_ERROR\(k\w+,\s*{STRING},\s*{STRING},\s*(\d+),\s*(\d+),\s*k(Final|Retryable)\)"
    return [ErrorRow(code, text, int(status), int(close), retry == "Retryable")
            for code, text, status, close, retry in rows_of(root, ERRORS, pattern)]


def read_metrics(root):
    """A histogram also has a unit and the names of its labels."""
    pattern = rf"^HOWL_([A-Z]+)\(\s*k\w+,\s*{STRING},\s*{STRING}(?:,\s*k\w+,\s*{STRING})?\)"
    return [MetricRow(kind.lower(), f"{name}{{{labels}}}" if labels else name, help_text)
            for kind, name, help_text, labels in rows_of(root, METRICS, pattern)]


def read_settings(root):
    """`section.key` of each, from the example file, which a unit test compares with the tables of the server and its products."""
    names, section = [], None
    for line in (root / SETTINGS).read_text().splitlines():
        if match := re.fullmatch(r"\[([\w.]+)\]", line):
            section = match[1]
        elif section and (match := re.fullmatch(r"# (\w+) = .*", line)):
            names.append(f"{section}.{match[1]}")
    return names


# --- Tables in the documents ---

def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def error_table(errors):
    return table(["code", "status", "close", "again", "what it says"],
                 [[f"`{row.code}`", row.status, row.close_code, "yes" if row.retryable else "", row.text] for row in errors])


def metric_table(metrics):
    return table(["name", "kind", "what it says"], [[f"`{row.name}`", row.kind, row.help] for row in metrics])


def with_table(text, name, content):
    """`text` with `content` between the marks of `name`."""
    begin, end = f"<!-- {name}: written by {ME} -->\n", f"<!-- end of {name} -->"
    before, mark, rest = text.partition(begin)
    _, end_mark, after = rest.partition(end)
    if not mark or not end_mark:
        raise Fault(f"there are no marks of the table of {name}")
    return f"{before}{begin}{content}{end}{after}"


# --- The portal's error codes ---

def written_from(source):
    return f"// SPDX-License-Identifier: Apache-2.0\n// Written by {ME} from {source}: change that instead.\n"


def union(members, indent=""):
    return "".join(f"\n{indent}  | {member}" for member in members)


def error_codes_ts(errors):
    codes = [json.dumps(row.code) for row in errors]
    transient = [json.dumps(row.code) for row in errors if row.close_code == 1008 and row.retryable]
    return (f"{written_from(ERRORS)}\n"
            f"/** What the server calls a refusal or a failure, in `code`. A newer server may know more. */\n"
            f"export type ErrorCode ={union(codes)};\n\n"
            f"/** Transient, although a socket is closed with 1008 for them. */\n"
            f"export const transientRefusals: readonly ErrorCode[] = [{', '.join(transient)}];\n")


# --- The portal's types of the API: JSON Schema 2020-12, as far as the document uses it ---

SILENT = {"description", "examples", "minimum", "maximum", "minItems", "maxItems", "maxLength", "pattern", "format", "anyOf"}
SPOKEN = {"$ref", "type", "enum", "const", "oneOf", "items", "properties", "required"}
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}


def type_of(schema, indent, where):
    if unknown := set(schema) - SILENT - SPOKEN:
        raise Fault(f"{OPENAPI}: {where} has {', '.join(sorted(unknown))}, of which {ME} knows nothing")
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "oneOf" in schema:
        return union([type_of(each, f"{indent}    ", where) for each in schema["oneOf"]], indent)
    if schema["type"] == "array":
        item = type_of(schema["items"], indent, where)
        return f"({item})[]" if {"enum", "oneOf"} & set(schema["items"]) else f"{item}[]"
    if schema["type"] == "object":
        return object_type(schema, indent, where) if "properties" in schema else "Record<string, unknown>"
    return SCALARS[schema["type"]]


def object_type(schema, indent, where):
    members = []
    for name, member in schema["properties"].items():
        mark = "" if name in schema.get("required", ()) else "?"
        members.append(f"{indent}  {name}{mark}: {type_of(member, indent + '  ', f'{where}.{name}')};\n")
    comments = [comment(member, f"{indent}  ") for member in schema["properties"].values()]
    one_line = f"{{ {' '.join(member.strip() for member in members)[:-1]} }}"
    if not any(comments) and "\n" not in one_line and len(indent) + len(one_line) + 1 <= LINE_MAX and len(indent) > 2:
        return one_line
    return f"{{\n{''.join(c + m for c, m in zip(comments, members))}{indent}}}"


def comment(schema, indent):
    text = schema.get("description", "")
    if not text:
        return ""
    one_line = f"{indent}/** {text} */\n"
    if len(one_line) <= LINE_MAX:
        return one_line
    lines = textwrap.wrap(text, LINE_MAX - len(indent) - 3)
    return f"{indent}/**\n{''.join(f'{indent} * {line}{chr(10)}' for line in lines)}{indent} */\n"


def declaration(name, schema):
    text = type_of(schema, "", name)
    if schema.get("type") == "object":
        return f"{comment(schema, '')}export interface {name} {text}\n"
    return f"{comment(schema, '')}export type {name} ={'' if text.startswith(chr(10)) else ' '}{text};\n"


def operations_of(document):
    methods = ("get", "post", "put", "patch", "delete")
    for path, item in document["paths"].items():
        for method in methods:
            if method in item:
                yield path, method, item[method]


def responses_of(document, operation):
    for status, response in operation["responses"].items():
        place = response
        if "$ref" in response:
            place = document
            for part in response["$ref"].split("/")[1:]:
                place = place[part]
        yield status, place.get("content", {})


def answers_ts(document):
    members = []
    for path, method, operation in operations_of(document):
        types = [type_of(content["application/json"]["schema"], "  ", operation["operationId"])
                 for status, content in responses_of(document, operation)
                 if status.startswith("2") and "application/json" in content]
        if types:
            members.append(f"  /** {method.upper()} {path} */\n"
                           f"  {operation['operationId']}: {' | '.join(dict.fromkeys(types))};\n")
    return f"/** The JSON of each answer that is no refusal. */\nexport interface Answers {{\n{''.join(members)}}}\n"


def shapes_ts(document):
    declarations = [declaration(name, schema) for name, schema in document["components"]["schemas"].items()]
    return f"{written_from(OPENAPI)}\n" + "\n".join([*declarations, answers_ts(document)])


# --- All of it ---

def generated(root):
    """By path: the text that the file has to have."""
    errors, document = read_errors(root), json.loads((root / OPENAPI).read_text())
    api, operations = "docs/API.md", "docs/OPERATIONS.md"
    return {api: with_table((root / api).read_text(), "errors", error_table(errors)),
            operations: with_table((root / operations).read_text(), "metrics", metric_table(read_metrics(root))),
            CODES_TS: error_codes_ts(errors),
            SHAPES_TS: shapes_ts(document)}


def stale(root):
    return [f"{path} is not as the tables say: run {ME}" for path, text in generated(root).items()
            if not (root / path).exists() or (root / path).read_text() != text]


# --- What is written by hand, against the tables ---

def wrong_codes_of_openapi(errors, document):
    """A code has to be a row, and to come with the status of its row."""
    status_of = {row.code: str(row.status) for row in errors}
    for _, _, operation in operations_of(document):
        for status, content in responses_of(document, operation):
            schema = content.get("application/problem+json", {}).get("schema", {})
            for code in schema.get("properties", {}).get("code", {}).get("enum", ()):
                if status not in (status_of.get(code), "default") or code not in status_of:
                    yield f"{OPENAPI}: {operation['operationId']} {status} {code}, in the table {status_of.get(code, 'nothing')}"


def wrong_words(text, errors, metrics, settings):
    """Codes with another status than that of their row; metrics and settings that there are not."""
    status_of = {row.code: row.status for row in errors}
    for status, code in re.findall(r"\b([45]\d\d),? `?([a-z_]+)\b", text):
        if code in status_of and status_of[code] != int(status):
            yield f"{code} is {status_of[code]}, not {status}"
    names = {name.split("{")[0] for name in metrics} | {"howl_errors_total"}
    for name in re.findall(r"`(howl_[a-z_]+)[`{]", text):
        if not any(name == known or re.fullmatch(rf"{known}_(bucket|sum|count)", name) for known in names):
            yield f"there is no metric {name}"
    sections = {setting.rpartition(".")[0] for setting in settings}
    for section, key in re.findall(r"`([a-z_.]+)\.([a-z_]+)`", text):
        if section in sections and f"{section}.{key}" not in settings:
            yield f"there is no setting {section}.{key}"


def wrong_routes(text, document):
    """Paths of the API that the text says nothing of, and routes in it that there are not."""
    for path in document["paths"]:
        if path not in text:
            yield f"nothing of {path}"
    patterns = [f"{method.upper()} {re.sub('{.*}', '.+', path)}" for path, method, _ in operations_of(document)]
    for route in re.findall(r"\b(?:GET|POST|PUT|PATCH|DELETE) /api/[^\s?`'\"]+", text):
        if not any(re.fullmatch(pattern, route) for pattern in patterns):
            yield f"there is no {route}"


def contradictions(root):
    errors, document = read_errors(root), json.loads((root / OPENAPI).read_text())
    yield from wrong_codes_of_openapi(errors, document)
    yield from (f"docs/API.md: {what}" for what in wrong_routes((root / "docs/API.md").read_text(), document))
    metrics, settings = [row.name for row in read_metrics(root)], read_settings(root)
    for path in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for what in wrong_words(line, errors, metrics, settings):
                yield f"{path.relative_to(root)}:{number}: {what}"


# --- The self-test: a small house, right at first, then wrong in one place after the other ---

def small_document():
    problem = {"application/problem+json": {"schema": {"properties": {"code": {"enum": ["gone"]}}}}}
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    thing = {"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"}, "states": {"type": "array", "items": {"enum": ["on", "off"]}}}}
    return {"components": {"schemas": {"Thing": thing}}, "paths": {"/api/things/{id}": {"get": {
        "operationId": "showThing", "responses": {"200": {"content": answer}, "410": {"content": problem}}}}}}


def build_small_house(root):
    files = {ERRORS: '// No row: HOWL_ERROR(...)\nHOWL_ERROR(kGone, "gone", "It went: \\"away\\".", 410, 1008, kRetryable)\n',
             METRICS: 'HOWL_COUNTER(kThings, "howl_things_total{end=\\"told\\"}", "Things.")\n'
                      'HOWL_HISTOGRAM(kWork, "howl_work_seconds", "Work.", kSeconds, "route")\n',
             SETTINGS: '# [[topics]]\n# pattern = "x"\n\n# x.\n[limits]\n# Things. From 1 to 2.\n# things = 1\n',
             OPENAPI: json.dumps(small_document()), "README.md": "",
             "docs/API.md": f"GET /api/things/{{id}}: 410 `gone`\n<!-- errors: written by {ME} -->\n<!-- end of errors -->\n",
             "docs/OPERATIONS.md": f"`limits.things`, `howl_things_total`\n"
                                   f"<!-- metrics: written by {ME} -->\n<!-- end of metrics -->\n"}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    write(root)


def objections(root):
    try:
        return [*stale(root), *contradictions(root)]
    except Fault as fault:
        return [str(fault)]


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        build_small_house(root)
        assert objections(root) == [], objections(root)
        assert '| `gone` | 410 | 1008 | yes | It went: "away". |\n' in (root / "docs/API.md").read_text()
        assert "| `howl_work_seconds{route}` | histogram | Work. |\n" in (root / "docs/OPERATIONS.md").read_text()
        shapes = (root / SHAPES_TS).read_text()
        assert 'export interface Thing {\n  id: string;\n  states?: ("on" | "off")[];\n}\n' in shapes, shapes
        assert "  /** GET /api/things/{id} */\n  showThing: Thing;\n" in shapes, shapes
        for path, right, wrong, count in [
                ("docs/API.md", "410 `gone`", "404 `gone`", 1), ("docs/API.md", "things", "thing", 2), ("docs/API.md", "| 410 |", "| 404 |", 1),
                ("docs/API.md", "<!-- end of errors -->", "", 1), (ERRORS, ", kRetryable)", ")", 1),
                (ERRORS, "410, 1008", "404, 1008", 3),  # The table in API.md, what is said above it, and the OpenAPI.
                (METRICS, "Things.", "Others.", 1), (SHAPES_TS, "id: string", "id: number", 1),
                (OPENAPI, '["gone"]', '["lost"]', 1), (OPENAPI, '"items"', '"prefixItems"', 1),
                ("docs/OPERATIONS.md", "`limits.things`", "`limits.thing`", 1),
                ("docs/OPERATIONS.md", "`howl_things_total`", "`howl_thing_total`", 1)]:
            before = (root / path).read_text()
            assert right in before, (path, right)
            (root / path).write_text(before.replace(right, wrong))
            assert len(objections(root)) == count, (path, wrong, objections(root))
            (root / path).write_text(before)


def write(root):
    for path, text in generated(root).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def main(arguments):
    root = Path(__file__).resolve().parent.parent
    if arguments == ["--self-test"]:
        self_test()
        return 0
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    if not arguments:
        write(root)
    found = objections(root)
    print("\n".join(found) if found else "Documents and portal say what the tables say.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
