#!/usr/bin/env python3
"""Benchmarks. Each line is a ratio against a reference measured in the same run, with its goal beside it."""

import argparse
import json
import math
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from rig.client import BASE  # noqa: E402
from rig.duck import Duck  # noqa: E402
from rig.postgres import Postgres  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import FULL, Project, every  # noqa: E402
from rig.waiting import free_port, until  # noqa: E402
from sql import tpch  # noqa: E402

CALL_SECONDS = 600
REPEATS = 3


class Bench:
    """What the lines share, made when first asked for: a source with TPC-H data, a server, caches of its tables."""

    def __init__(self, build, folder, scale):
        self.build, self.folder, self.scale = Path(build), Path(folder), scale
        self.postgres = Postgres().start()
        self.server = Server(self.build / "tarn", self.folder / "data")
        self.server.start()
        self.client = self.server.client(timeout=CALL_SECONDS)
        self.project = Project(self.client, "Bench")
        self.caches = {}
        data = tpch.Scale(self.build / "duck", scale, folder)
        data.load(self.postgres)
        data.file.unlink()
        self.catalog = self.project.source("Shop", "POSTGRES", self.postgres.credential())
        self.prefix = f'"{self.catalog["name"]}"."public"'

    def cached(self, table):
        """The cache of a table, complete."""
        if table not in self.caches:
            self.caches[table] = self.project.cached(self.catalog, "public", table)["id"]
        return self.caches[table]

    def execute(self, statement):
        """Milliseconds of a statement over REST with typed rows, and its answer."""
        body = {"statement": statement, "timeout": CALL_SECONDS}
        started = time.perf_counter()
        answer = self.client.send("POST", f"{BASE}{self.project.data}/queries/execute", body, {"format": "TYPED"})
        took = (time.perf_counter() - started) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {answer.text[:300]}")
        return took, answer

    def file_of(self, table):
        """The one file that serves a cached table."""
        found = sorted((self.server.data / "cache").glob(f"*/{self.cached(table)}/*.duckdb"), key=lambda file: file.stat().st_mtime)
        return found[-1]

    def bare(self, tables):
        """The bare engine with views of the same names over the same files."""
        engine = Duck(self.build / "duck")
        for table in tables:
            engine.run(f"ATTACH '{self.file_of(table)}' AS of_{table} (READ_ONLY)")
            names = engine.rows(f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'of_{table}'")
            schema, name = max(names, key=lambda row: row[1] == table)
            engine.run(f'CREATE VIEW {table} AS SELECT * FROM of_{table}."{schema}"."{name}"')
        return engine

    def load(self, port, **options):
        """What the load generator measured."""
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        done = subprocess.run([self.build / "load", "--port", str(port), *arguments], capture_output=True, text=True,
                              timeout=CALL_SECONDS, check=False)
        return json.loads(done.stdout)

    def load_while(self, work, port, **options):
        """What the load generator measured from the beginning of `work()` to its end."""
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        with subprocess.Popen([self.build / "load", "--port", str(port), "--seconds", str(CALL_SECONDS), *arguments],
                              stdout=subprocess.PIPE, text=True) as process:
            try:
                work()
            finally:
                process.terminate()
            return json.loads(process.communicate(timeout=CALL_SECONDS)[0])

    def responder(self, size):
        return Responder(self.build / "responder", size)

    def close(self):
        self.server.close()
        self.postgres.close()


class Responder:
    """The bare responder as a context; its value is its port."""

    def __init__(self, program, size):
        self._command = [str(program), str(free_port()), str(os.cpu_count()), str(size)]

    def __enter__(self):
        self._process = subprocess.Popen(self._command)
        time.sleep(0.3)
        return int(self._command[1])

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(10)


def say(what, value, goal, met, more=""):
    print(f"{what:<58}{value:>10}   goal {goal:<8}{'met' if met else 'MISSED':<8}{more}", flush=True)
    return met


class PeakMemory(threading.Thread):
    """The largest resident memory that any worker of a server had."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self._server, self._done, self.bytes = server, threading.Event(), 0

    def run(self):
        while not self._done.wait(0.02):
            for pid in self._server.workers():
                self.bytes = max(self.bytes, self._server.resident_bytes(pid))

    def stop(self):
        self._done.set()
        self.join()
        return self.bytes


def copy(bench):
    """PostgreSQL → cache, lineitem, against COPY (FORMAT binary) to nothing; the worker's memory."""
    cache = bench.cached("lineitem")
    copying, refreshing = [], []
    memory = PeakMemory(bench.server)
    memory.start()
    for _ in range(REPEATS):
        started = time.perf_counter()
        subprocess.run([*bench.postgres.command(), "-o", "/dev/null", "-c", "COPY lineitem TO STDOUT (FORMAT binary)"],
                       env=bench.postgres.environment(), stdout=subprocess.DEVNULL, check=True, timeout=CALL_SECONDS)
        copying.append(time.perf_counter() - started)
        started = time.perf_counter()
        execution = bench.project.refresh(cache, FULL, CALL_SECONDS)
        refreshing.append(time.perf_counter() - started)
        if execution["status"] != "COMPLETED":
            raise RuntimeError(f"the refresh is {execution}")
    peak = memory.stop()
    ratio = min(copying) / min(refreshing)
    met = say(f"COPY to nothing / refresh of lineitem, scale {bench.scale}", f"{ratio:.2f}", "≥ 0.66", ratio >= 0.66,
              f"{min(copying):.2f} s and {min(refreshing):.2f} s")
    return say("  worker's resident memory, MB", f"{peak / 1e6:.0f}", "< 1000", 0 < peak < 1e9) and met


def queries(bench):
    """The 22 TPC-H queries cached over REST against the bare engine on the same files: geometric mean."""
    for table in tpch.TABLES:
        bench.cached(table)
    with bench.bare(tpch.TABLES) as engine:
        texts = {int(number): text for number, text in engine.rows("SELECT query_nr, query FROM tpch_queries()")}
        ratios = {}
        for number in tpch.QUERIES:
            mine, bare = tpch.statement(number, bench.prefix), texts[number].strip().rstrip(";")
            bench.execute(mine)
            engine.run(bare)
            over_rest = min(bench.execute(mine)[0] for _ in range(REPEATS))
            alone = min(engine.run(bare, repeat=REPEATS)["ms"])
            ratios[number] = over_rest / alone
    mean = math.exp(statistics.fmean(math.log(ratio) for ratio in ratios.values()))
    worst = max(ratios, key=ratios.get)
    return say(f"TPC-H over REST / bare engine, scale {bench.scale}, geometric mean", f"{mean:.2f}", "≤ 1.1", mean <= 1.1,
               f"worst Q{worst} {ratios[worst]:.2f}")


def point(bench):
    """SELECT of one row from a cached table over REST against the bare engine plus the bare responder."""
    bench.cached("orders")
    statement = f"SELECT * FROM {bench.prefix}.orders WHERE o_orderkey = 7"
    size = len(bench.execute(statement)[1].content)
    body = json.dumps({"statement": statement})
    where = {"method": "POST", "path": f"{BASE}{bench.project.data}/queries/execute?format=TYPED", "key": bench.server.key, "body": body}
    with bench.bare(["orders"]) as engine, bench.responder(size) as port:
        alone = statistics.median(engine.run("SELECT * FROM orders WHERE o_orderkey = 7", repeat=500)["ms"][50:])
        bare = bench.load(port, connections=1, seconds=3, method="POST", body=body)
    mine = bench.load(bench.server.port, connections=1, seconds=5, **where)
    many = bench.load(bench.server.port, connections=16, seconds=5, **where)
    ratio = mine["p50"] / (alone + bare["p50"])
    return say("one row over REST / (bare engine + bare responder)", f"{ratio:.2f}", "≤ 2", ratio <= 2 and not mine["errors"] + many["errors"],
               f"{mine['p50']:.2f} ms against {alone:.2f} + {bare['p50']:.2f} ms; 16 connections: {many['qps']:.0f}/s, p99 {many['p99']:.1f} ms")


def settings(bench):
    """Authenticated GET …/cache/{cacheId} against the bare responder, requests per second."""
    path = f"{BASE}{bench.project.data}/cache/{bench.cached('nation')}"
    size = len(bench.client.send("GET", path).content)
    with bench.responder(size) as port:
        bare = max(bench.load(port, connections=16, seconds=3)["qps"] for _ in range(2))
        mine = max((bench.load(bench.server.port, connections=16, seconds=3, path=path, key=bench.server.key) for _ in range(2)),
                   key=lambda run: run["qps"])
    ratio = mine["qps"] / bare
    return say("GET of a cache / bare responder, requests per second", f"{ratio:.2f}", "≥ 0.5", ratio >= 0.5 and not mine["errors"],
               f"{mine['qps']:.0f}/s and {bare:.0f}/s, p99 {mine['p99']:.1f} ms")


class Folder(threading.Thread):
    """The largest size that a folder has, in bytes on disk."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self._path, self._done, self.peak = path, threading.Event(), 0

    def size(self):
        total = 0
        for file in self._path.rglob("*"):
            try:
                total += file.stat().st_blocks * 512 if file.is_file() else 0
            except FileNotFoundError:
                continue
        return total

    def run(self):
        while not self._done.wait(0.05):
            self.peak = max(self.peak, self.size())

    def stop(self):
        self._done.set()
        self.join()


class Mixed(threading.Thread):
    """Reads the whole table again and again: every row must carry the mark of one refresh."""

    def __init__(self, bench, marks):
        super().__init__(daemon=True)
        self._bench, self._marks, self._done, self.wrong, self.reads = bench, marks, threading.Event(), [], 0

    def run(self):
        while not self._done.wait(0.3):
            _, answer = self._bench.execute(f"SELECT min(l_tax), max(l_tax), count(*) FROM {self._bench.prefix}.lineitem")
            least, most, count = answer.json()["data"][0]
            self.reads += 1
            if least != most or count != self._marks["count"] or float(least) < self._marks["least"]:
                self.wrong.append((least, most, count))
            self._marks["least"] = float(least)

    def stop(self):
        self._done.set()
        self.join()


def reading(bench):
    """200 reads a second during full refreshes of lineitem: errors, mixed answers, p99, disk."""
    cache = bench.cached("lineitem")
    count = int(bench.postgres.run("SELECT count(*) FROM lineitem"))
    bench.postgres.run("UPDATE lineitem SET l_tax = 1; VACUUM lineitem;", timeout=CALL_SECONDS)
    bench.project.refresh(cache, FULL, CALL_SECONDS)
    statement = f"SELECT l_quantity, l_tax FROM {bench.prefix}.lineitem WHERE l_orderkey = 7"
    where = {"method": "POST", "path": f"{BASE}{bench.project.data}/queries/execute?format=TYPED", "key": bench.server.key,
             "body": json.dumps({"statement": statement}), "connections": 8, "rate": 200}
    before = (folder := Folder(bench.server.data / "cache")).size()
    one = bench.file_of("lineitem").stat().st_blocks * 512
    idle = bench.load(bench.server.port, seconds=10, **where)
    folder.start()
    runs, whole = [], Mixed(bench, {"count": count, "least": 1})
    for mark in (2, 3, 4):
        bench.postgres.run(f"UPDATE lineitem SET l_tax = {mark}", timeout=CALL_SECONDS)
        bench.postgres.run("VACUUM lineitem; CHECKPOINT;", timeout=CALL_SECONDS)
        # The last refresh is also read whole, again and again: that load is none of the refresh's, so its latencies do not count.
        if mark == 4:
            whole.start()
        runs.append(bench.load_while(lambda: bench.project.refresh(cache, FULL, CALL_SECONDS), bench.server.port, **where))
    whole.stop()
    try:
        until("superseded files are gone", lambda: folder.size() <= 1.02 * before, 30)
    finally:
        folder.stop()
    errors, p99 = sum(run["errors"] for run in runs), max(run["p99"] for run in runs[:2])
    others = before - one
    print(f"  {len(runs)} refreshes of {count} rows, {whole.reads} whole reads, {sum(run['requests'] for run in runs)} small reads, "
          f"p99 beside whole reads {runs[2]['p99']:.1f} ms")
    return all([say("reads during refreshes: errors", errors + idle["errors"], "0", not errors + idle["errors"]),
                say("  answers that mix two states", len(whole.wrong), "0", not whole.wrong, str(whole.wrong[:2] or "")),
                say("  p99 against idle", f"{p99 / idle['p99']:.2f}", "≤ 1.5", p99 / idle["p99"] <= 1.5, f"{p99:.1f} ms and {idle['p99']:.1f} ms"),
                say("  peak disk of the table", f"{(folder.peak - others) / one:.2f}", "≤ 2.1", (folder.peak - others) / one <= 2.1),
                say("  disk afterwards", f"{(folder.size() - others) / one:.2f}", "1.0", (folder.size() - others) / one <= 1.02)])


def start(bench):
    """Start with 1,000 caches in the store: ready, and idle memory."""
    bench.postgres.run("CREATE SCHEMA many;" + "".join(
        f"CREATE TABLE many.t{n} (id int PRIMARY KEY, note text); INSERT INTO many.t{n} VALUES (1, 'one');" for n in range(1000)))
    with Server(bench.build / "tarn", bench.folder / "many") as server:
        project = Project(server.client(timeout=CALL_SECONDS), "Many")
        catalog = project.source("Many", "POSTGRES", bench.postgres.credential())
        made = project.client.post(f"{project.data}/cache/batch", [
            {"catalogId": catalog["id"], "schemaName": "many", "tableName": f"t{n}", "fullRefreshCacheSchedule": every("P7D")} for n in range(1000)])
        if not all(item["success"] for item in made):
            raise RuntimeError(f"not every cache was made: {next(item for item in made if not item['success'])}")
        until("all caches are complete", lambda: {item["status"] for item in project.statuses()} == {"COMPLETED"}, CALL_SECONDS, 1)
        server.stop()
        server.start()
        time.sleep(2)
        memory = server.resident_bytes()
        met = say("ready with 1,000 caches, seconds", f"{server.ready_after:.2f}", "< 1", server.ready_after < 1)
        print(f"{'  idle resident memory, MB':<58}{memory / 1e6:>10.0f}", flush=True)
        return met


class PeakResident(threading.Thread):
    """The largest resident memory that a server had."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self._server, self._done, self.bytes = server, threading.Event(), 0

    def run(self):
        while not self._done.wait(0.02):
            self.bytes = max(self.bytes, self._server.resident_bytes())

    def stop(self):
        self._done.set()
        self.join()
        return self.bytes


def raw_trino(bench, key, statement, repeat):
    """What the raw reader of the Trino protocol measured, run by run."""
    done = subprocess.run([bench.build / "trino_reader", "--port", str(bench.server.port), "--key", key, "--sql", statement,
                           "--repeat", str(repeat)], capture_output=True, text=True, timeout=CALL_SECONDS, check=True)
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    if broken := [run for run in runs if "error" in run]:
        raise RuntimeError(str(broken[0]))
    return runs


def trino(bench):
    """The Trino protocol: SELECT * of lineitem, and SELECT 1, through a raw reader and through real clients."""
    bench.cached("lineitem")
    key, _ = bench.project.key()
    statement = f"SELECT * FROM {bench.prefix}.lineitem"
    raw_trino(bench, key, f"{statement} LIMIT 100000", 1)
    idle = bench.server.resident_bytes()
    memory = PeakResident(bench.server)
    memory.start()
    runs = raw_trino(bench, key, statement, REPEATS)
    grown = memory.stop() - idle
    with bench.bare(["lineitem"]) as engine:
        alone = min(engine.run("SELECT * FROM lineitem", repeat=REPEATS)["ms"])
    best = min(runs, key=lambda run: run["ms"])
    rate = best["rows"] / best["ms"] * 1000
    met = say(f"SELECT * of lineitem, scale {bench.scale}, rows per second", f"{rate / 1e6:.2f} M", "≥ 2 M", rate >= 2e6,
              f"{best['rows']} rows, {best['bytes'] / 1e6:.0f} MB, {best['pages']} pages in {best['ms']:.0f} ms; "
              f"{best['ms'] / alone:.1f} times the bare engine that writes nothing ({alone:.0f} ms)")
    met &= say("  server's memory above idle, MB", f"{grown / 1e6:.0f}", "< 300", grown < 300e6, f"idle {idle / 1e6:.0f} MB")
    ones = [run["ms"] for run in raw_trino(bench, key, "SELECT 1", 1000)][100:]
    with bench.responder(700) as port:
        bare = bench.load(port, connections=1, seconds=2, method="POST", body="SELECT 1")
    half, late = statistics.median(ones), sorted(ones)[len(ones) * 99 // 100]
    met &= say("SELECT 1, milliseconds at the median", f"{half:.2f}", "≤ 1", half <= 1,
               f"p99 {late:.2f} ms; {half / (2 * bare['p50']):.1f} times two answers of the bare responder ({bare['p50']:.3f} ms each)")
    return met


def translate(bench):
    """Translation of the 22 TPC-H queries, against the bare engine's planning of the same queries."""
    folder = Path(tpch.__file__).resolve().parent / "tpch"
    files = [folder / f"q{number:02}.sql" for number in tpch.QUERIES]
    done = subprocess.run([bench.build / "translate", folder / "schema.sql", *files], capture_output=True, text=True,
                          timeout=CALL_SECONDS, check=True)
    micros = [json.loads(line)["micros"] for line in done.stdout.splitlines()]
    with bench.bare(tpch.TABLES) as engine:
        planning = [statistics.median(engine.run("EXPLAIN " + file.read_text("utf-8").strip().rstrip(";"), repeat=9)["ms"]) * 1000
                    for file in files]
    ratio = sum(micros) / sum(planning)
    return say("translation of a TPC-H query, slowest median, µs", f"{max(micros):.0f}", "≤ 100", max(micros) <= 100,
               f"all 22: {sum(micros):.0f} µs, {ratio:.3f} of the bare engine's planning ({sum(planning):.0f} µs)")


def metadata(bench):
    """A listing of 10,000 columns over 50 catalogs, when nothing is known of them and when it was just read."""
    catalogs, tables, columns, goal = 50, 20, 10, 300
    bench.postgres.run("CREATE DATABASE listed")
    bench.postgres.run("".join(f"CREATE TABLE t{table} ({', '.join(f'c{column} int' for column in range(columns))});"
                               for table in range(tables)), database="listed")
    project = Project(bench.client, "Listed")
    for number in range(catalogs):
        project.source(f"Listed {number}", "POSTGRES", bench.postgres.credential(databaseName="listed"))
    names = ", ".join(f"'{item['name']}'" for item in bench.client.get(f"{project.data}/catalogs") if item.get("connectionId"))
    statement = f"SELECT * FROM system.jdbc.columns WHERE table_schem = 'public' AND table_cat IN ({names})"
    cold, warm = [], []
    for _ in range(REPEATS):
        time.sleep(6)  # longer than structure is believed
        for times in (cold, warm):
            started = time.perf_counter()
            rows = len(project.query(statement, "COMPACT"))
            times.append((time.perf_counter() - started) * 1000)
            if rows != catalogs * tables * columns:
                raise RuntimeError(f"{rows} rows")
    met = True
    for what, times in (("cold", cold), ("warm", warm)):
        took = statistics.median(times)
        met &= say(f"10,000 columns over 50 catalogs, {what}, ms", f"{took:.0f}", f"< {goal}", took < goal,
                   f"{took / goal:.2f} of the goal")
    return met


LINES = {line.__name__: line for line in (copy, queries, point, settings, reading, start, trino, translate, metadata)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="*", metavar="LINE", help=", ".join(LINES))
    parser.add_argument("--list", action="store_true", help="list the lines and stop")
    parser.add_argument("--build", default="build/release/bin", help="where the programs are")
    parser.add_argument("--scale", default="1", choices=("0.01", "0.1", "1"), help="of TPC-H; the goals are for 1")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(f"{name:10}{line.__doc__}" for name, line in LINES.items()))
        return 0
    if unknown := set(arguments.lines) - set(LINES):
        parser.error(f"there is no line {', '.join(sorted(unknown))}")
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    print(f"{os.cpu_count()} cores, {model[1] if model else 'unknown processor'}", flush=True)
    broken = 0
    with tempfile.TemporaryDirectory(prefix="tarn-bench-") as folder:
        bench = Bench(arguments.build, folder, arguments.scale)
        try:
            for name in arguments.lines or LINES:
                try:
                    LINES[name](bench)
                except Exception as error:  # one line that breaks does not take the others with it
                    broken += 1
                    print(f"{name}: {error!r}", flush=True)
        finally:
            bench.close()
    return 1 if broken else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
