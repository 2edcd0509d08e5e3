#!/usr/bin/env python3
"""The 99 TPC-DS queries, as the engine's extension writes them, live on `tpcds.tiny` over Trino's protocol, each
against the bare library's answer on the same data. A query that Tarn's dialect does not take is counted as refused.
Rows compare in order or as a sorted multiset; numbers as the TPC-H queries do."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

SQL = Path(__file__).resolve().parent
sys.path.insert(0, str(SQL.parent))

from golden.run_golden import Client  # noqa: E402
from rig.duck import Duck  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import Project  # noqa: E402
from sql.tpch import difference  # noqa: E402

SCALE = "0.01"
QUERY_SECONDS = 60
FLOOR = 90  # of the queries that answer as the bare library does
CEILING = 1  # answers otherwise: Q66 sums quotients, which are decimals of six places in Trino


def expected_answers(duck, folder):
    """Number, text and rows of every query; rows are None where the bare library has no answer."""
    with Duck(duck, Path(folder) / "tpcds.duckdb") as engine:
        engine.run("LOAD tpcds")
        engine.run(f"CALL dsdgen(sf = {SCALE})")
        for number, text in engine.rows("SELECT query_nr, query FROM tpcds_queries() ORDER BY query_nr"):
            yield int(number), text, engine.rows(text.strip().rstrip(";"))


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


def outcomes(tarn, duck):
    """The number of each query with its verdict and what is behind it."""
    with tempfile.TemporaryDirectory(prefix="tarn-tpcds-") as folder, Server(tarn, Path(folder) / "data") as server:
        key, _ = Project(server.client(), "TPC-DS").key("tpcds")
        client = Client(f"http://127.0.0.1:{server.port}", {"X-Trino-User": "alice", "X-Trino-Extra-Credential": f"peakaKey={key}"}, QUERY_SECONDS)
        for number, text, expected in expected_answers(duck, folder):
            answer = client.run({"sql": text.strip().rstrip(";"), "catalog": "tpcds", "schema": "tiny"})
            if "rows" not in answer:
                yield number, "refused", answer.get("message") or answer.get("failure")
                continue
            problem = compared(as_text(answer["rows"]), expected)
            yield number, "different" if problem else "equal", problem


def run(tarn, duck):
    """The number of queries that are equal, and what is wrong: below the floor, or above the ceiling."""
    counts = {"equal": 0, "refused": 0, "different": 0}
    for number, verdict, why in outcomes(tarn, duck):
        counts[verdict] += 1
        if why:
            print(f"TPC-DS Q{number} {verdict}: {str(why)[:300]}")
    print(f"of 99 TPC-DS queries {counts['equal'] + counts['different']} run, {counts['equal']} are equal, {counts['refused']} are refused")
    failed = []
    if counts["equal"] < FLOOR:
        failed.append(f"TPC-DS: {counts['equal']} queries are equal, at least {FLOOR} must be")
    if counts["different"] > CEILING:
        failed.append(f"TPC-DS: {counts['different']} queries answer otherwise, at most {CEILING} may")
    return counts["equal"], failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--duck", default="build/release/bin/duck")
    arguments = parser.parse_args()
    passed, failed = run(arguments.tarn, arguments.duck)
    print(*failed, sep="\n")
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
