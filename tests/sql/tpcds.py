#!/usr/bin/env python3
"""The 99 TPC-DS queries over Trino's protocol, live on the built-in `tpcds` and on cached tables of PostgreSQL, each
against the bare library's answer on the same data. The texts are those of the engine's extension, put into Trino's
dialect where they are not (DATE literals, INTERVAL). Rows compare in order or as a sorted multiset; numbers as the
TPC-H queries do."""

import argparse
import re
import signal
import sys
import tempfile
from pathlib import Path

SQL = Path(__file__).resolve().parent
sys.path.insert(0, str(SQL.parent))

from golden.run_golden import Client  # noqa: E402
from rig.duck import Duck  # noqa: E402
from rig.postgres import Postgres  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import Project  # noqa: E402
from sql.tpch import difference  # noqa: E402

SCALE = "0.01"
QUERY_SECONDS = 300
DATE = re.compile(r"(?<!date )(?<!cast\()'(\d{4}-\d\d-\d\d)'", re.I)
DATES_AS_TEXT = {16, 32, 58, 83, 92, 94, 95}  # compare dates with texts, which neither Trino nor Tarn does


def in_trino(number, text):
    """A query as Trino takes it."""
    text = text.strip().rstrip(";")
    if number in DATES_AS_TEXT:
        text = DATE.sub(r"DATE '\1'", text)
    if number == 72:
        text = text.replace("d1.d_date + 5", "d1.d_date + INTERVAL '5' DAY")
    return text


def in_engine(number, text):
    """A query whose answer by the bare engine is Trino's."""
    if number == 66:  # decimal(38,2) / integer is decimal(38,6) in Trino, a double in the engine
        text = re.sub(r"(\w+/w_warehouse_sq_ft)", r"CAST(\1 AS DECIMAL(38,6))", text)
    if number == 58:  # so is each of the two quotients
        text = re.sub(r"(\w+)/\((\(.*?\)/3)\) \* 100", r"CAST(\1/CAST(\2 AS DECIMAL(38,6)) AS DECIMAL(38,6)) * 100", text)
    if number == 44:  # the average of a decimal(7,2) is one, so that more items rank alike
        text = text.replace("avg(ss_net_profit)", "CAST(avg(ss_net_profit) AS DECIMAL(7,2))")
    return text.strip().rstrip(";")


class Data:
    """TPC-DS data at a scale in the bare engine: the queries with its answers, and the tables for PostgreSQL."""

    def __init__(self, duck, scale, folder):
        self.folder = Path(folder)
        self.file = self.folder / "tpcds.duckdb"
        self._duck = duck
        with Duck(duck, self.file) as engine:
            engine.run("LOAD tpcds")
            engine.run(f"CALL dsdgen(sf = {scale})")
            texts = engine.rows("SELECT query_nr, query FROM tpcds_queries() ORDER BY query_nr")
            self.queries = {int(number): in_trino(int(number), text) for number, text in texts}
            self.answers = {int(number): engine.rows(in_engine(int(number), text)) for number, text in texts}
            self.tables = {}
            for table, column, kind in engine.rows("SELECT table_name, column_name, data_type FROM duckdb_columns() "
                                                   "WHERE NOT internal ORDER BY table_oid, column_index"):
                self.tables.setdefault(table, []).append(f'"{column}" {kind}')

    def load(self, postgres):
        """The tables in PostgreSQL's schema public."""
        for table, columns in self.tables.items():
            file = self.folder / f"{table}.csv"
            with Duck(self._duck, self.file, read_only=True) as engine:
                engine.run(f"COPY {table} TO '{file}' (FORMAT csv, HEADER false)")
            postgres.run(f'CREATE TABLE "{table}" ({", ".join(columns)})')
            postgres.run(f"\\copy \"{table}\" FROM '{file}' (FORMAT csv)", timeout=1200)
            file.unlink()
        postgres.run("ANALYZE", timeout=1200)


def as_text(rows):
    return [[None if value is None else str(value) for value in row] for row in rows]


def order(row):
    """Sorts values alike that differ by rounding."""
    key = []
    for value in row:
        try:
            key.append((1, round(float(value), 1), ""))
        except (TypeError, ValueError):
            key.append((0, 0, (value or "").strip()))
    return key


def compared(found, expected):
    wanted = [["" if value is None else value for value in row] for row in expected]
    return difference(found, wanted) and difference(sorted(found, key=order), sorted(wanted, key=order))


def outcomes(client, data, session):
    """The queries that answer as the bare library does, and what is wrong with the others."""
    passed, failed = 0, []
    for number, text in data.queries.items():
        answer = client.run({"sql": text, **session})
        if "rows" in answer:
            problem = compared(as_text(answer["rows"]), data.answers[number])
        else:
            problem = answer.get("message") or answer.get("failure")
        if problem:
            failed.append(f"TPC-DS Q{number} in {session['catalog']}: {str(problem)[:300]}")
        else:
            passed += 1
    return passed, failed


def run(tarn, duck, scale=SCALE):
    """Both ways at a scale: the number that passed, and what failed."""
    with tempfile.TemporaryDirectory(prefix="tarn-tpcds-") as folder, Postgres() as postgres, \
            Server(tarn, Path(folder) / "data") as server:
        data = Data(duck, scale, folder)
        data.load(postgres)
        project = Project(server.client(timeout=QUERY_SECONDS), "TPC-DS")
        key, _ = project.key("tpcds")
        client = Client(f"http://127.0.0.1:{server.port}", {"X-Trino-User": "alice", "X-Trino-Extra-Credential": f"peakaKey={key}"}, QUERY_SECONDS)
        live = outcomes(client, data, {"catalog": "tpcds", "schema": "tiny" if scale == SCALE else f"sf{scale}"})
        shop = project.source("Shop", "POSTGRES", postgres.credential())
        for table in data.tables:
            project.cached(shop, "public", table)
        cached = outcomes(client, data, {"catalog": "shop", "schema": "public"})
    return live[0] + cached[0], live[1] + cached[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--duck", default="build/release/bin/duck")
    parser.add_argument("--scale", default=SCALE, help="scale factor of the data; 0.01, or one of the schemas of tpcds: 1, 10 …")
    arguments = parser.parse_args()
    passed, failed = run(arguments.tarn, arguments.duck, arguments.scale)
    print(*failed, sep="\n")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
