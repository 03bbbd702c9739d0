#!/usr/bin/env python3
"""Derives sandbox/bot_api.json from the machine-readable Bot API description.

Usage: schema/make_bot_api.py telegram-bot-api-10.1.json > bot_api.json

A field becomes {"t": types, "r": 1 where required, "min"/"max" and "u" (chars, bytes, items, value) where the text
states a limit, "p": 1 where the limit counts after entities parsing, "c": the only value a discriminator may have}.
Only types that a request can contain are kept.
"""
import json
import re
import sys

RANGE = re.compile(r"(\d+)[-–](\d+) (characters|bytes|items)")
VALUE = re.compile(r"[Vv]alues between (\d+)[-–](\d+)")
CONST = re.compile(r"must be (?:always )?[\"“*]?([a-z_]+)[\"”*]?$")
UNITS = {"characters": "chars", "bytes": "bytes", "items": "items"}


def limits(text):
    if found := VALUE.search(text):
        return {"min": int(found[1]), "max": int(found[2]), "u": "value"}
    if found := RANGE.search(text):
        entry = {"min": int(found[1]), "max": int(found[2]), "u": UNITS[found[3]]}
        if "after entit" in text:
            entry["p"] = 1
        return entry
    return {}


def field(source):
    text = source["description"]
    entry = {"t": source["types"]}
    if source["required"]:
        entry["r"] = 1
    if source["name"] in ("type", "source") and (found := CONST.search(text.rstrip("."))):
        entry["c"] = found[1]
    return entry | limits(text)


def fields(source):
    return {f["name"]: field(f) for f in source.get("fields", [])}


def named(kind):
    while kind.startswith("Array of "):
        kind = kind[len("Array of "):]
    return kind


def reachable(types, roots):
    seen, queue = {}, list(roots)
    while queue:
        name = queue.pop()
        if name in seen or name not in types or name == "InputFile":
            continue
        source = types[name]
        seen[name] = {"any": source["subtypes"]} if source.get("subtypes") else {"fields": fields(source)}
        queue += source.get("subtypes", [])
        queue += [named(t) for f in source.get("fields", []) for t in f["types"]]
    return dict(sorted(seen.items()))


def main():
    api = json.load(open(sys.argv[1], encoding="utf-8"))
    methods = {name: fields(method) for name, method in sorted(api["methods"].items())}
    roots = {named(t) for method in methods.values() for f in method.values() for t in f["t"]}
    table = {"version": api["version"], "methods": methods, "types": reachable(api["types"], roots)}
    lines = [f'"version": {json.dumps(table["version"])}']
    for part in ("methods", "types"):
        rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in table[part].items())
        lines.append(f'"{part}": {{\n{rows}\n}}')
    print("{" + ",\n".join(lines) + "}")


main()
