#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""keys.py SCHEMA_DIR DOCUMENT: print the keys of a document, or of all shared objects ("common"), in scdoc.

man/fill.sh inserts them into the JSON sections of the manual pages. Type, unit and description come from the JSON
Schema. Only the standard library is used."""
import json
import pathlib
import sys

COMMON = "cxlflash.common.1.json"
UNITS = {"bytes": "bytes", "ms": "milliseconds", "percent": "percent"}
PLURALS = {"string": "strings", "object": "objects", "integer": "integers"}


def escaped(text):
    return "".join("\\" + c if c in "*_\\#[]|<" else c for c in str(text))


def name_of(schema):
    """The name of the shared object or type that a schema refers to."""
    return schema.get("$ref", "").rpartition("/")[2]


class Pages:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.shared = self.load("common")["$defs"]

    def load(self, document):
        return json.loads((self.folder / f"cxlflash.{document}.1.json").read_text())

    def is_object(self, name):
        return self.shared[name].get("type") == "object" or "allOf" in self.shared[name]

    def words(self, schema):
        """The possible types and values, which the caller joins with "or"."""
        if "$ref" in schema:
            name = name_of(schema)
            return [f"_{escaped(name)}_"] if self.is_object(name) else self.words(self.shared[name])
        if "const" in schema:
            return [f"*{escaped(schema['const'])}*"]
        if "enum" in schema:
            return ["null" if value is None else f"*{escaped(value)}*" for value in schema["enum"]]
        for word in ("oneOf", "anyOf"):
            if word in schema:
                return [one for part in schema[word] for one in self.words(part)]
        if "allOf" in schema:
            return [" and ".join(f"_{escaped(name_of(part))}_" for part in schema["allOf"] if "$ref" in part)]
        types = schema.get("type", "object")
        types = [types] if isinstance(types, str) else types
        return [self.list(schema["items"]) if t == "array" else t for t in types]

    def list(self, items):
        words = self.text(items)
        return "list of " + PLURALS.get(words, words)

    def text(self, schema):
        words = sorted(self.words(schema), key=lambda word: word == "null")
        return ", ".join(words[:-1]) + (" or " if words[:-1] else "") + words[-1]

    def entry(self, key, schema):
        unit = UNITS.get(key.rpartition("_")[2])
        kind = self.text(schema) + (f", in {unit}" if unit else "")
        help_text = schema.get("description") or self.shared[name_of(schema)]["description"]
        print(f"*{escaped(key)}*: {kind}\n\t{escaped(help_text)}.\n")

    def inline(self, schema):
        """The objects that a schema describes inline, also as items of a list or besides null."""
        for word in ("oneOf", "anyOf", "allOf"):
            for part in schema.get(word, []):
                yield from self.inline(part)
        if "items" in schema:
            yield from self.inline(schema["items"])
        if "properties" in schema:
            yield schema

    def keys(self, schema, prefix=""):
        for part in self.inline(schema):
            for key, value in part["properties"].items():
                self.entry(prefix + key, value)
                many = "[]" if "array" in value.get("type", []) else ""
                self.keys(value, f"{prefix}{key}{many}.")

    def document(self, name):
        schema = self.load(name)
        print(f"## cxlflash.{name}/1\n\n{escaped(schema['description'])}.\n")
        data = schema["properties"].get("data")
        if data:
            if "$ref" in next((part for part in data.get("oneOf", []) if part.get("type") != "null"), {}):
                self.entry("data", data)
            self.keys(data)
        else:
            self.keys(schema)

    def objects(self):
        for name in sorted(filter(self.is_object, self.shared), key=lambda name: name != "frame"):
            schema = self.shared[name]
            print(f"## {escaped(name)}\n\n{escaped(schema['description'])}.\n")
            self.keys(schema)


def main(folder, document):
    pages = Pages(folder)
    if document == "common":
        pages.objects()
    else:
        pages.document(document)


if __name__ == "__main__":
    main(*sys.argv[1:])
