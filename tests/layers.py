#!/usr/bin/env python3
"""Checks that includes point only upwards in the order of the folders, and where the engine's headers are seen."""

import re
import sys
from pathlib import Path

ORDER = ("base", "sql", "engine", "store", "security", "jobs", "connector", "catalog", "cache", "tables", "query", "exports", "http",
         "ai", "metadata", ("api", "trino"), "server")
LEVELS = {folder: level for level, names in enumerate(ORDER) for folder in ((names,) if isinstance(names, str) else names)}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)
SEES_ENGINE = ("engine", "connector")


def check(source):
    """The number of files looked at, and what is wrong, as file: reason."""
    files = sorted(path for path in source.rglob("*") if path.suffix in (".h", ".cpp"))
    return len(files), [f"{path.relative_to(source)}: {reason}" for path in files for reason in _wrong(path, source)]


def _wrong(path, source):
    folder = path.relative_to(source).parts[0]
    if folder not in LEVELS:
        yield f'the folder "{folder}" has no place in the order'
        return
    for quote, name in INCLUDE.findall(path.read_text("utf-8")):
        target = name.split("/")[0]
        if quote == '"' and target in LEVELS and target != folder and LEVELS[target] >= LEVELS[folder]:
            yield f'includes "{name}", which is below {folder}'
        if re.match(r"duckdb(\.h|\.hpp|/)", name) and folder not in SEES_ENGINE:
            yield f'includes the engine\'s "{name}"'
    # What includes the engine's headers itself must be private to its folder.
    if path.suffix == ".h" and folder not in SEES_ENGINE:
        for quote, name in INCLUDE.findall(path.read_text("utf-8")):
            target = source / name
            if quote == '"' and target.is_file() and re.search(r'#\s*include\s*[<"]duckdb', target.read_text("utf-8")):
                yield f'includes "{name}", which includes the engine\'s headers'


def main():
    files, broken = check(Path(__file__).resolve().parent.parent / "src")
    print(*broken, sep="\n", end="\n" if broken else "")
    print(f"{files} files, {len(broken)} broken includes")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
