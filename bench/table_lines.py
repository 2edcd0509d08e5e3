"""Lines about internal tables."""

import time

from rig.tables import InternalTable, column, mapped, send_file

from world import CALL_SECONDS, Peak, say

GOAL = 0.5
ROWS_OF_A_GIGABYTE = 8_450_000
# Name, type with us, type and value with the bare engine, which needs six times as long for decimals of our 38 digits.
COLUMNS = (("id", "BIGINT", "BIGINT", "i"),
           ("customer", "VARCHAR", "VARCHAR", "'Customer#' || lpad(CAST(i * 7919 % 150000 AS VARCHAR), 9, '0')"),
           ("active", "BOOLEAN", "BOOLEAN", "i % 3 = 0"),
           ("price", "DECIMAL", "DECIMAL(18, 2)", "CAST(i % 1000003 AS DECIMAL(18, 2)) / 100"),
           ("ordered", "TIMESTAMP", "TIMESTAMP", "TIMESTAMP '2020-01-01' + to_microseconds(i * 17000003)"),
           ("day", "DATE", "DATE", "DATE '2020-01-01' + CAST(i % 2000 AS INTEGER)"),
           ("note", "VARCHAR", "VARCHAR", "'note ' || md5(CAST(i AS VARCHAR))"))


def imports(bench):
    """Imports of 1 GB of CSV into both kinds of internal tables, sending included, against COPY by the bare engine into a file."""
    rows = int(ROWS_OF_A_GIGABYTE * float(bench.scale))
    file, target = bench.folder / "rows.csv", bench.folder / "bare.duckdb"
    with bench.bare([]) as engine:
        made = ", ".join(f"{expression} AS {name}" for name, _, _, expression in COLUMNS)
        engine.run(f"COPY (SELECT {made} FROM range({rows}) AS r(i)) TO '{file}' (FORMAT csv, HEADER)")
        engine.run(f"ATTACH '{target}' AS bare")
        engine.run(f"CREATE TABLE bare.rows ({', '.join(f'{name} {kind}' for name, _, kind, _ in COLUMNS)})")
        alone = sum(engine.run(statement)["ms"][0] for statement in (f"COPY bare.rows FROM '{file}' (FORMAT csv, HEADER)", "CHECKPOINT bare")) / 1000
        expected = engine.rows("SELECT count(*), sum(id), sum(price), max(ordered), count(DISTINCT customer) FROM bare.rows")
    target.unlink()
    for kind in ("bitable", "table"):
        table = InternalTable(bench.project, f"imported {kind}", *(column(name, given) for name, given, _, _ in COLUMNS), kind=kind)
        with Peak(bench.server.resident_bytes) as peak:
            started = time.perf_counter()
            answer = send_file(table, file, mapped(*(name for name, *_ in COLUMNS)), wait=CALL_SECONDS)
            took = time.perf_counter() - started
        job = answer.json()
        if answer.status != 200 or job["status"] != "COMPLETED":
            raise RuntimeError(f"the import answers {answer.status}: {answer.text[:300]}")
        found = table.values("count(*), sum(id), sum(price), max(ordered), count(DISTINCT customer)")
        if [str(value).rstrip("0") for value in found[0]] != [str(value).rstrip("0") for value in expected[0]]:
            raise RuntimeError(f"imported is {found}, the file has {expected}")
        say(f"import of CSV into peaka.{kind}, bare COPY's time / ours", f"{alone / took:.2f}", f"≥ {GOAL}", alone / took >= GOAL,
            f"{took:.1f} s (the job alone {(job['endTime'] - job['startTime']) / 1000:.1f} s) against {alone:.1f} s, "
            f"{file.stat().st_size >> 20} MiB, {rows:,} rows, at most {peak.value >> 20} MiB resident")
        table.drop()
    file.unlink()
