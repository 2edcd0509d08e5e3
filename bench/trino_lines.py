"""Lines about the Trino protocol: a raw reader, the clients that people use, and the translation of queries."""

import json
import os
import statistics
import subprocess
from pathlib import Path

from clients import setup
from sql import tpch

from world import CALL_SECONDS, REPEATS, Peak, say

HERE = Path(__file__).resolve().parent
# Rows per second of a real Trino 476 on two cores, over loopback, with the client's own compression (no run of this machine).
KNOWN_PYTHON, KNOWN_JDBC = 60e3, 97e3


def _runs(command, environment=None):
    """The JSON lines of a reader, one a run."""
    done = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True, timeout=CALL_SECONDS, check=False)
    runs = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not runs or any("error" in run for run in runs):
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-600:]}")
    return runs


def raw(bench, port, key, statement, repeat):
    """Runs of the raw reader: rows, bytes, pages, milliseconds."""
    return _runs([bench.build / "trino_reader", "--port", port, "--key", key, "--sql", statement, "--repeat", repeat])


def python(port, key, statement, repeat):
    """Runs of PyPI trino that reads all rows."""
    return _runs([setup.python(), HERE / "python_reader.py", port, key, statement, repeat])


def jdbc(port, key, statement, repeat):
    """Runs of the Trino JDBC driver that gets every column of every row as an object."""
    driver = next(setup.jars().glob("trino-jdbc-*.jar"))
    return _runs(["java", "-cp", driver, HERE / "JdbcReader.java", port, key, statement, repeat], dict(os.environ))


def rate(runs):
    """Rows per second of the best run."""
    return max(run["rows"] / run["ms"] * 1000 for run in runs)


def trino(bench):
    """The Trino protocol: SELECT * of lineitem, and SELECT 1, through a raw reader."""
    bench.cached("lineitem")
    key, _ = bench.project.key()
    port, statement = bench.server.port, f"SELECT * FROM {bench.prefix}.lineitem"
    raw(bench, port, key, f"{statement} LIMIT 100000", 1)
    idle = bench.server.resident_bytes()
    with Peak(bench.server.resident_bytes) as memory:
        runs = raw(bench, port, key, statement, REPEATS)
    grown = memory.value - idle
    with bench.bare(["lineitem"]) as engine:
        alone = min(engine.run("SELECT * FROM lineitem", repeat=REPEATS)["ms"])
    best = min(runs, key=lambda run: run["ms"])
    met = say(f"SELECT * of lineitem, scale {bench.scale}, rows per second", f"{rate(runs) / 1e6:.2f} M", "≥ 2 M", rate(runs) >= 2e6,
              f"{best['rows']} rows, {best['bytes'] / 1e6:.0f} MB, {best['pages']} pages in {best['ms']:.0f} ms; "
              f"{best['ms'] / alone:.1f} times the bare engine that writes nothing ({alone:.0f} ms)")
    met &= say("  server's memory above idle, MB", f"{grown / 1e6:.0f}", "< 300", grown < 300e6, f"idle {idle / 1e6:.0f} MB")
    ones = [run["ms"] for run in raw(bench, port, key, "SELECT 1", 1000)][100:]
    with bench.responder(700) as bare_port:
        bare = bench.load(bare_port, connections=1, seconds=2, method="POST", body="SELECT 1")
    half, late = statistics.median(ones), sorted(ones)[len(ones) * 99 // 100]
    met &= say("SELECT 1, milliseconds at the median", f"{half:.2f}", "≤ 1", half <= 1,
               f"p99 {late:.2f} ms; {half / (2 * bare['p50']):.1f} times two answers of the bare responder ({bare['p50']:.3f} ms each)")
    return met


def clients(bench):
    """SELECT * of lineitem through PyPI trino and through Trino JDBC, against the raw reader; the server's share of the work."""
    bench.cached("lineitem")
    key, _ = bench.project.key()
    port, met = bench.server.port, True
    # The driver and the language bound these, so a tenth of the table tells as much.
    part = f"SELECT * FROM {bench.prefix}.lineitem WHERE l_orderkey % 10 = 0"
    whole = rate(raw(bench, port, key, part, REPEATS))
    for name, reader, known in (("PyPI trino", python, KNOWN_PYTHON), ("Trino JDBC", jdbc, KNOWN_JDBC)):
        before = bench.server.cpu_seconds()
        runs = reader(port, key, part, REPEATS)
        busy = (bench.server.cpu_seconds() - before) / (sum(run["ms"] for run in runs) / 1000)
        reached = rate(runs)
        met &= say(f"SELECT * through {name}, rows per second", f"{reached / 1e3:.0f} k", f"≥ {known / 1e3:.0f} k", reached >= known,
                   f"{reached / whole:.3f} of the raw reader ({whole / 1e3:.0f} k); the server works {busy:.2f} of the time")
    return met


def translate(bench):
    """Translation of the 22 TPC-H queries, against the bare engine's planning of the same queries; and of kept ones."""
    folder = Path(tpch.__file__).resolve().parent / "tpch"
    files = [folder / f"q{number:02}.sql" for number in tpch.QUERIES]
    measured = _runs([bench.build / "translate", folder / "schema.sql", *files])
    micros, kept = [run["micros"] for run in measured], [run["kept_micros"] for run in measured]
    for table in tpch.TABLES:
        bench.cached(table)
    with bench.bare(tpch.TABLES) as engine:
        planning = [statistics.median(engine.run("EXPLAIN " + file.read_text("utf-8").strip().rstrip(";"), repeat=9)["ms"]) * 1000
                    for file in files]
    ratio = sum(micros) / sum(planning)
    met = say("translation of a TPC-H query, slowest median, µs", f"{max(micros):.0f}", "≤ 100", max(micros) <= 100,
              f"all 22: {sum(micros):.0f} µs, {ratio:.3f} of the bare engine's planning ({sum(planning):.0f} µs)")
    return say("  when it was kept, slowest median, µs", f"{max(kept):.2f}", "≤ 2", max(kept) <= 2,
               f"all 22: {sum(kept):.1f} µs, {sum(kept) / sum(micros):.4f} of translating them") and met
