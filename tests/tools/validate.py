#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""validate.py SCHEMA FILE…: does each JSON document, or each line of *.ndjson, follow the schema?"""
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
    return document.get("type", "document")


with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft7Validator.check_schema(schema)
bad = 0
for path in sys.argv[2:]:
    for number, document in enumerate(documents(path), 1):
        part = {"$ref": "#/definitions/" + definition_of(document), "definitions": schema["definitions"]}
        for error in jsonschema.Draft7Validator(part).iter_errors(document):
            where = "/".join(map(str, error.absolute_path))
            print(f"{path}:{number}: {where}: {error.message[:200]}")
            bad += 1
        if not jsonschema.Draft7Validator(schema).is_valid(document):
            bad += 1
sys.exit(bad > 0)
