#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""validate.py SCHEMA FILE…: does each JSON document, or each line of *.ndjson, follow the schema?"""
import copy
import json
import sys

import jsonschema


def documents(path):
    with open(path, encoding="utf-8") as f:
        if not path.endswith(".ndjson"):
            yield json.load(f)
            return
        for line in f:
            yield json.loads(line)


def definition_of(document):
    """The part of the schema that is meant, so that a fault is named where it is."""
    return document.get("type", "many" if "of" in document else "document")


def own_keys(document):
    """A line of NDJSON is the object of that type, and its type."""
    return {key: value for key, value in document.items() if key != "type"}


def forbid_unknown_keys(part):
    """Readers must ignore keys that they do not know; our own writer must not write any."""
    if isinstance(part, dict):
        if "properties" in part:
            part.setdefault("additionalProperties", False)
        for value in part.values():
            forbid_unknown_keys(value)
    elif isinstance(part, list):
        for value in part:
            forbid_unknown_keys(value)


with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft7Validator.check_schema(schema)
strict = copy.deepcopy(schema["definitions"])
forbid_unknown_keys(strict)
bad = 0
for path in sys.argv[2:]:
    for number, document in enumerate(documents(path), 1):
        part = {"$ref": "#/definitions/" + definition_of(document), "definitions": strict}
        for error in jsonschema.Draft7Validator(part).iter_errors(own_keys(document)):
            where = "/".join(map(str, error.absolute_path))
            print(f"{path}:{number}: {where}: {error.message[:200]}")
            bad += 1
        if not jsonschema.Draft7Validator(schema).is_valid(document):
            bad += 1
sys.exit(bad > 0)
