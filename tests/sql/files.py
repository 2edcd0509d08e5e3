#!/usr/bin/env python3
"""Runs tests/sql/<area>/*.test: each statement through REST, live and then cached, must answer what the file says.

A file holds blocks divided by blank lines: a statement, a line of ----, and the expected rows, one a line with
values divided by " | " and NULL as ∅. In place of rows may stand `error: part of the message`. Rows count in order
where the statement ends in ORDER BY (with OFFSET or LIMIT), else in any order. Lines that start with # are comments."""

import argparse
import re
import signal
import sys
import tempfile
from pathlib import Path

SQL = Path(__file__).resolve().parent
sys.path.insert(0, str(SQL.parent))

from rig.client import BASE  # noqa: E402
from rig.postgres import Postgres  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import Project  # noqa: E402

ORDERED = re.compile(r"\border\s+by\s+[^()]*(\([^()]*\)[^()]*)*$", re.I)


class Case:
    def __init__(self, file, number, statement, expected):
        self.where = f"{file.relative_to(SQL)}:{number}"
        self.statement = statement
        self.expected = expected

    def error(self):
        """The expected part of an error message, or None."""
        first = self.expected[0] if self.expected else ""
        return first.removeprefix("error:").strip() if first.startswith("error:") else None

    def problem(self, answer):
        """What is wrong with an answer; empty when nothing is."""
        wanted = self.error()
        if wanted is not None:
            if answer.status != 400 or wanted not in answer.json()["message"]:
                return f"expected an error with {wanted!r}, found {answer.status} {answer.text[:300]}"
            return ""
        if answer.status != 200:
            return f"{answer.status} {answer.text[:300]}"
        found = [" | ".join("∅" if value is None else value for value in row) for row in answer.json()["data"]]
        if not ORDERED.search(self.statement):
            found, expected = sorted(found), sorted(self.expected)
        else:
            expected = self.expected
        return "" if found == expected else f"expected {expected[:8]}, found {found[:8]}"


def read(file):
    """The cases of a file."""
    block, start = [], 1
    for number, line in enumerate([*file.read_text("utf-8").splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            if not block:
                start = number
            block.append(line)
        elif block:
            divider = block.index("----")
            yield Case(file, start, "\n".join(block[:divider]), block[divider + 1:])
            block = []


def run(tarn, only=""):
    """The number that passed and what failed."""
    cases = [case for file in sorted(SQL.rglob("*.test")) if only in str(file) for case in read(file)]
    passed, failed = 0, []
    with tempfile.TemporaryDirectory(prefix="tarn-sql-") as folder, Postgres() as postgres, \
            Server(tarn, Path(folder) / "data") as server:
        postgres.run((SQL / "tables.sql").read_text("utf-8"))
        project = Project(server.client(), "SQL files")
        catalog = project.source("fixture", "POSTGRES", postgres.credential())
        for served in ("live", "cached"):
            if served == "cached":
                for table in project.tables(catalog, "public"):
                    project.cached(catalog, "public", table)
            for case in cases:
                answer = server.client().send("POST", f"{BASE}{project.data}/queries/execute", {"statement": case.statement},
                                              {"format": "COMPACT"})
                if problem := case.problem(answer):
                    failed.append(f"{case.where} {served}: {problem}")
                else:
                    passed += 1
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("only", nargs="?", default="", help="only files whose path contains this")
    arguments = parser.parse_args()
    passed, failed = run(arguments.tarn, arguments.only)
    print(*failed, sep="\n")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
