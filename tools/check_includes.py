#!/usr/bin/env python3
"""Checks that the folders of src/ include each other in the order of the architecture.

An include may point to its own folder or to one before it; api and trino stand side by side. Only engine/ and
connector/ include the engine's own headers, and no header that another folder includes does so. src/sql sees only
base/ and itself. Every file is one case; the last line tells how many passed.
"""

import argparse
import pathlib
import re
import sys

ORDER = [["base"], ["sql"], ["engine"], ["store"], ["security"], ["jobs"], ["connector"], ["catalog"], ["cache"],
         ["query"], ["http"], ["api", "trino"], ["server"]]
RANK = {folder: rank for rank, folders in enumerate(ORDER) for folder in folders}
ENGINE_FOLDERS = {"engine", "connector"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes_of(file):
    """The includes of a file, as (line number, is quoted, path)."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1) == '"', found.group(2)


def is_engine_header(path):
    return path == "duckdb.h" or path == "duckdb.hpp" or path.startswith("duckdb/")


def broken_rules(source, file):
    """The rules that one file breaks, as texts."""
    folder = file.relative_to(source).parts[0]
    if folder not in RANK:
        yield f"the folder has no place in the order: \"{folder}\""
        return
    for number, quoted, path in includes_of(file):
        if is_engine_header(path):
            if folder not in ENGINE_FOLDERS:
                yield f"line {number}: only engine/ and connector/ include the engine's headers: \"{path}\""
            continue
        target = path.split("/")[0]
        if not quoted or (target not in RANK and not (source / path).exists()):
            continue  # another library's header
        if not (source / path).exists():
            yield f"line {number}: no such file in src/: \"{path}\""
        elif target not in RANK:
            yield f"line {number}: the folder has no place in the order: \"{target}\""
        elif folder == "sql" and target not in ("base", "sql"):
            yield f"line {number}: sql/ includes only base/ and itself: \"{path}\""
        elif target != folder and RANK[target] >= RANK[folder]:
            yield f"line {number}: {folder}/ comes before {target}/: \"{path}\""


def headers_with_engine(source, files):
    """The headers that include the engine's, directly or through others."""
    direct = {file: [path for _, _, path in includes_of(file)] for file in files}
    tainted = {file for file, paths in direct.items() if any(map(is_engine_header, paths))}
    while True:
        names = {file.relative_to(source).as_posix() for file in tainted if file.suffix == ".h"}
        more = {file for file, paths in direct.items() if file not in tainted and names.intersection(paths)}
        if not more:
            return names
        tainted |= more


def leaked_headers(source, file, with_engine):
    """Includes by which the engine's headers reach a folder that must not see them."""
    folder = file.relative_to(source).parts[0]
    for number, quoted, path in includes_of(file):
        if quoted and path in with_engine and folder not in ENGINE_FOLDERS:
            yield f"line {number}: brings in the engine's headers: \"{path}\""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = pathlib.Path(__file__).resolve().parent.parent / "src"
    arguments.add_argument("source", nargs="?", type=pathlib.Path, default=default, help="the folder to check")
    source = arguments.parse_args().source.resolve()
    files = sorted(file for file in source.rglob("*") if file.suffix in (".h", ".cpp"))
    if not files:
        print(f"no sources: \"{source}\"", file=sys.stderr)
        return 2
    with_engine = headers_with_engine(source, files)
    failed = 0
    for file in files:
        broken = [*broken_rules(source, file), *leaked_headers(source, file, with_engine)]
        failed += bool(broken)
        for text in broken:
            print(f"src/{file.relative_to(source).as_posix()}: {text}")
    print(f"{len(files) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
