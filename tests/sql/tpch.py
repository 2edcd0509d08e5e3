#!/usr/bin/env python3
"""The 22 TPC-H queries five ways: the built-in sample live, PostgreSQL and MariaDB live and cached, each against
the published answers. Numbers may differ by rounding alone: a decimal by half a unit of its last place, as Trino
keeps the scale of decimals where the published answers carry doubles; a double by one part in a billion."""

import argparse
import csv
import re
import signal
import sys
import tempfile
from decimal import Decimal, InvalidOperation
from pathlib import Path

SQL = Path(__file__).resolve().parent
sys.path.insert(0, str(SQL.parent))

from rig.client import BASE  # noqa: E402
from rig.duck import Duck  # noqa: E402
from rig.mariadb import MariaDB  # noqa: E402
from rig.postgres import Postgres  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import Project  # noqa: E402

TABLES = ("region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem")
QUERIES = range(1, 23)
SAMPLE_SCHEMAS = {"0.01": "tiny", "0.1": "sf0.1", "1": "sf1"}
TOKEN = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\w+|\s+|.", re.S)
ENDS_FROM = {"where", "group", "order", "having", "select", "on", "union", "limit", "window"}
QUERY_SECONDS = 300


def statement(number, prefix):
    """A query with its tables qualified by `prefix`."""
    text = (SQL / "tpch" / f"q{number:02}.sql").read_text("utf-8").strip().rstrip(";")
    output, inside, expected = [], [False], False
    for token in TOKEN.findall(text):
        word = token.lower()
        if word in ("from", "join"):
            inside[-1], expected = True, True
        elif word == "(":
            inside.append(False)
            expected = False
        elif word == ")" and len(inside) > 1:
            inside.pop()
        elif word == ",":
            expected = inside[-1]
        elif word in ENDS_FROM:
            inside[-1] = expected = False
        elif token.strip() and expected:
            expected = False
            if word in TABLES:
                token = f"{prefix}.{token}"
        output.append(token)
    return "".join(output)


class Scale:
    """TPC-H data at a scale: in the bare engine with the published answers, and in database servers."""

    def __init__(self, duck, scale, folder):
        self.folder = Path(folder)
        self.scale = scale
        self.file = self.folder / "tpch.duckdb"
        self._duck = duck
        with Duck(duck, self.file) as engine:
            engine.run(f"CALL dbgen(sf = {scale})")
            published = engine.rows(f"SELECT query_nr, answer FROM tpch_answers() WHERE scale_factor = {scale}")
        # An empty line is a row of one NULL.
        self.answers = {int(number): [row or [""] for row in csv.reader(text.splitlines()[1:], delimiter="|", quoting=csv.QUOTE_NONE)]
                        for number, text in published}

    def load(self, postgres):
        """The tables in PostgreSQL's schema public, with their primary keys."""
        self._load(postgres, "\\copy {table} FROM '{file}' (FORMAT csv)", "ANALYZE;")

    def load_mariadb(self, mariadb):
        """The tables in MariaDB's database, with their primary keys."""
        self._load(mariadb, "LOAD DATA LOCAL INFILE '{file}' INTO TABLE {table} FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY ''",
                   "ANALYZE TABLE " + ", ".join(TABLES))

    def _load(self, server, copy, analyze):
        server.run((SQL / "tpch" / "schema.sql").read_text("utf-8"))
        for table in TABLES:
            file = self.folder / f"{table}.csv"
            with Duck(self._duck, self.file, read_only=True) as engine:
                engine.run(f"COPY {table} TO '{file}' (FORMAT csv, HEADER false)")
            server.run(copy.format(table=table, file=file), timeout=1200)
            file.unlink()
        server.run((SQL / "tpch" / "keys.sql").read_text("utf-8") + analyze, timeout=1200)


def difference(found, expected):
    """How rows of texts differ from the published ones; empty when only by rounding."""
    if len(found) != len(expected):
        return f"{len(found)} rows, published are {len(expected)}"
    for number, (row, wanted) in enumerate(zip(found, expected), 1):
        if len(row) != len(wanted):
            return f"row {number} has {len(row)} columns, published are {len(wanted)}"
        for value, published in zip(row, wanted):
            if not same(value, published):
                return f"row {number} has {value!r}, published is {published!r}"
    return ""


def same(value, published):
    if value is None or published in ("", "NULL"):
        return (value or "").strip() == "" and published in ("", "NULL")
    if value.strip() == published.strip():
        return True
    try:
        mine, theirs = Decimal(value), Decimal(published)
    except InvalidOperation:
        return False
    places = -mine.as_tuple().exponent if "E" not in value.upper() else 0
    half_unit = Decimal("0.50001").scaleb(-places) if 0 < places <= 6 else Decimal(0)
    return abs(mine - theirs) <= max(half_unit, abs(theirs) * Decimal("1e-9"))


def sample(project, scale):
    """The built-in sample as a catalog; the SQL prefix of its tables at a scale."""
    catalog = project.source("TPCH sample", "TPCH", {"scaleFactor": float(scale)})
    return f'"{catalog["name"]}"."{SAMPLE_SCHEMAS[scale]}"'


def check(project, way, prefix, answers):
    """The number of queries that answer as published, and what is wrong with the others."""
    passed, failed = 0, []
    for number in QUERIES:
        answer = project.client.send("POST", f"{BASE}{project.data}/queries/execute",
                                     {"statement": statement(number, prefix), "timeout": QUERY_SECONDS}, {"format": "COMPACT"})
        problem = f"{answer.status} {answer.text[:300]}" if answer.status != 200 else difference(answer.json()["data"], answers[number])
        if problem:
            failed.append(f"TPC-H Q{number} {way}: {problem}")
        else:
            passed += 1
    return passed, failed


def run(tarn, duck, scale):
    """All five ways at a scale: the number that passed, and what failed."""
    with tempfile.TemporaryDirectory(prefix="tarn-tpch-") as folder, Postgres() as postgres, MariaDB() as mariadb, \
            Server(tarn, Path(folder) / "data") as server:
        data = Scale(duck, scale, folder)
        data.load(postgres)
        data.load_mariadb(mariadb)
        project = Project(server.client(timeout=QUERY_SECONDS + 10), f"TPC-H {scale}")
        outcomes = [check(project, f"sample live, scale {scale}", sample(project, scale), data.answers)]
        for name, kind, database, schema in (("PostgreSQL", "POSTGRES", postgres, "public"), ("MariaDB", "MARIADB", mariadb, "shop")):
            catalog = project.source(name, kind, database.credential())
            prefix = f'"{catalog["name"]}"."{schema}"'
            outcomes.append(check(project, f"{name} live, scale {scale}", prefix, data.answers))
            for table in TABLES:
                project.cached(catalog, schema, table)
            outcomes.append(check(project, f"{name} cached, scale {scale}", prefix, data.answers))
    return sum(passed for passed, _ in outcomes), [text for _, failed in outcomes for text in failed]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--duck", default="build/release/bin/duck")
    parser.add_argument("--scale", default="0.1", choices=("0.01", "0.1", "1"))
    arguments = parser.parse_args()
    passed, failed = run(arguments.tarn, arguments.duck, arguments.scale)
    print(*failed, sep="\n")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
