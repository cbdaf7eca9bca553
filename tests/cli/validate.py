#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""validate.py SCHEMA_DIR FILE...: each file is one JSON document of the tools, or JSON lines with
--lines=DEF for a definition in the common schema. Checks it against the schema it names, and that it has
no key which the schema does not describe: shipped schemas allow more keys, so that old ones fit new tools,
but a key of ours that no schema has is a mistake."""
import json
import pathlib
import sys

import jsonschema


def load(folder):
    schemas = [json.loads(p.read_text()) for p in sorted(pathlib.Path(folder).glob("*.json"))]
    for schema in schemas:
        jsonschema.Draft202012Validator.check_schema(schema)
    return {schema["$id"]: schema for schema in schemas}


class Check:
    def __init__(self, store):
        self.store = store

    def resolve(self, ref, base):
        name, _, pointer = ref.partition("#")
        base = name or base
        node = self.store[base]
        for part in pointer.strip("/").split("/"):
            if part:
                node = node[part]
        return node, base

    def parts(self, schema, base):
        """The schema and all it is made of, through $ref, allOf, oneOf, anyOf."""
        yield schema, base
        if "$ref" in schema:
            yield from self.parts(*self.resolve(schema["$ref"], base))
        for word in ("allOf", "oneOf", "anyOf"):
            for inner in schema.get(word, []):
                yield from self.parts(inner, base)

    def unknown(self, value, schema, base, where="$"):
        parts = list(self.parts(schema, base))
        if isinstance(value, dict):
            for key, inner in value.items():
                found = [(p["properties"][key], b) for p, b in parts if key in p.get("properties", {})]
                if not found:
                    yield f"{where}.{key}: no schema describes this key"
                # Described in several parts: valid if one part has all of its keys.
                elif all(list(self.unknown(inner, p, b, f"{where}.{key}")) for p, b in found):
                    yield from self.unknown(inner, *found[-1], f"{where}.{key}")
        elif isinstance(value, list):
            items = [(p["items"], b) for p, b in parts if "items" in p]
            for i, inner in enumerate(value):
                for item in items:
                    yield from self.unknown(inner, *item, f"{where}[{i}]")

    def check(self, value, schema, base):
        resolver = jsonschema.RefResolver(base, self.store[base], store=self.store)
        validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
        for error in validator.iter_errors(value):
            yield f"$.{'.'.join(map(str, error.absolute_path))}: {error.message}"
        yield from self.unknown(value, schema, base)

    def document(self, document):
        base = document["schema"].replace("/", ".") + ".json"
        if base not in self.store:
            return [f"there is no schema {base}"]
        problems = list(self.check(document, self.store[base], base))
        if "exit_status" not in document:  # a file, not the output of a command; a frame without this key has failed above
            return problems
        if (document["exit_status"] == 0) != (not document["errors"]):
            problems.append("exit_status and errors do not agree")
        if document["errors"] and document["errors"][-1]["exit_status"] != document["exit_status"]:
            problems.append("the last error does not have the exit status of the run")
        return problems


def main(folder, *args):
    check = Check(load(folder))
    lines = None
    bad = 0
    for arg in args:
        if arg.startswith("--lines="):
            lines = arg.partition("=")[2]
            continue
        text = sys.stdin.read() if arg == "-" else pathlib.Path(arg).read_text()
        common = "cxlflash.common.1.json"
        if lines:
            values = [json.loads(line) for line in text.splitlines()]
            found = [p for v in values for p in check.check(v, check.store[common]["$defs"][lines], common)]
        else:
            found = check.document(json.loads(text))
        for problem in found:
            print(f"{arg}: {problem}")
        bad += bool(found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
