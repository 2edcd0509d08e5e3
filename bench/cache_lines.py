"""Lines about copies of tables: how fast they are made, and how readers fare meanwhile."""

import json
import statistics
import subprocess
import threading
import time

from rig.client import BASE
from rig.mariadb import MariaDB
from rig.server import Server
from rig.shop import FULL, INCREMENTAL, Project, every
from rig.waiting import until

from world import CALL_SECONDS, REPEATS, Peak, say


def copy(bench):
    """PostgreSQL → cache, lineitem, against COPY (FORMAT binary) to nothing; the worker's memory."""
    cache = bench.cached("lineitem")
    copying, refreshing = [], []
    with Peak(lambda: max(map(bench.server.resident_bytes, bench.server.workers()), default=0)) as memory:
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
    ratio = min(copying) / min(refreshing)
    met = say(f"COPY to nothing / refresh of lineitem, scale {bench.scale}", f"{ratio:.2f}", "≥ 0.66", ratio >= 0.66,
              f"{min(copying):.2f} s and {min(refreshing):.2f} s")
    return say("  worker's resident memory, MB", f"{memory.value / 1e6:.0f}", "< 1000", 0 < memory.value < 1e9) and met


def mariadb(bench):
    """MariaDB → cache, lineitem, against the client's unbuffered read; the worker's memory."""
    with MariaDB() as source:
        bench.load_mariadb(source)
        catalog = bench.project.source("MariaDB", "MARIADB", source.credential())
        cache = bench.project.cached(catalog, "shop", "lineitem")["id"]
        reading, refreshing = [], []
        with Peak(lambda: max(map(bench.server.resident_bytes, bench.server.workers()), default=0)) as memory:
            for _ in range(REPEATS):
                started = time.perf_counter()
                subprocess.run([*source.command(), "-e", "SELECT * FROM lineitem"], env=source.environment(),
                               stdout=subprocess.DEVNULL, check=True, timeout=CALL_SECONDS)
                reading.append(time.perf_counter() - started)
                started = time.perf_counter()
                execution = bench.project.refresh(cache, FULL, CALL_SECONDS)
                refreshing.append(time.perf_counter() - started)
                if execution["status"] != "COMPLETED":
                    raise RuntimeError(f"the refresh is {execution}")
    ratio = min(reading) / min(refreshing)
    met = say(f"the MariaDB client's read / refresh of lineitem, scale {bench.scale}", f"{ratio:.2f}", "≥ 0.8", ratio >= 0.8,
              f"{min(reading):.2f} s and {min(refreshing):.2f} s")
    return say("  worker's resident memory, MB", f"{memory.value / 1e6:.0f}", "< 1000", 0 < memory.value < 1e9) and met


def size_of(folder):
    """Bytes on disk of all files in a folder."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_blocks * 512 if file.is_file() else 0
        except FileNotFoundError:
            continue
    return total


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


# One refresh for each. The last is also read whole, again and again: that load is none of the refresh's, so its latencies do not count.
MARKS = (2, 3, 4)


def refreshes_under_load(bench, cache, where, seen):
    """Full refreshes, one for each mark in every row, while small reads go on: what the load generator saw, and the reader of whole tables."""
    runs, whole = [], Mixed(bench, seen)
    for mark in MARKS:
        bench.postgres.run(f"UPDATE lineitem SET l_tax = {mark}", timeout=CALL_SECONDS)
        bench.postgres.run("VACUUM lineitem; CHECKPOINT;", timeout=CALL_SECONDS)
        if mark == MARKS[-1]:
            whole.start()
        runs.append(bench.load_while(lambda: bench.project.refresh(cache, FULL, CALL_SECONDS), bench.server.port, **where))
    whole.stop()
    return runs, whole


def reading(bench):
    """200 reads a second during full refreshes of lineitem: errors, mixed answers, p99, disk."""
    cache = bench.cached("lineitem")
    count = int(bench.postgres.run("SELECT count(*) FROM lineitem"))
    bench.postgres.run("UPDATE lineitem SET l_tax = 1; VACUUM lineitem;", timeout=CALL_SECONDS)
    bench.project.refresh(cache, FULL, CALL_SECONDS)
    statement = f"SELECT l_quantity, l_tax FROM {bench.prefix}.lineitem WHERE l_orderkey = 7"
    where = {"method": "POST", "path": f"{BASE}{bench.project.data}/queries/execute?format=TYPED", "key": bench.server.key,
             "body": json.dumps({"statement": statement}), "connections": 8, "rate": 200}
    folder = bench.server.data / "cache"
    before = size_of(folder)
    one = bench.file_of("lineitem").stat().st_blocks * 512
    idle = bench.load(bench.server.port, seconds=10, **where)
    with Peak(lambda: size_of(folder)) as disk:
        runs, whole = refreshes_under_load(bench, cache, where, {"count": count, "least": 1})
        until("superseded files are gone", lambda: size_of(folder) <= 1.02 * before, 30)
    with bench.responder(388) as responder:
        bare = [bench.load(responder, seconds=10, connections=8, rate=200),
                bench.load_while(lambda: bench.project.refresh(cache, FULL, CALL_SECONDS), responder, connections=8, rate=200)]
    errors, p99 = sum(run["errors"] for run in runs), max(run["p99"] for run in runs[:-1])
    others = before - one
    print(f"  {len(MARKS)} refreshes of {count} rows, {whole.reads} whole reads, {sum(run['requests'] for run in runs)} small reads, "
          f"p99 beside whole reads {runs[-1]['p99']:.1f} ms")
    return all([say("reads during refreshes: errors", errors + idle["errors"], "0", not errors + idle["errors"]),
                say("  answers that mix two states", len(whole.wrong), "0", not whole.wrong, str(whole.wrong[:2] or "")),
                say("  p99 against idle", f"{p99 / idle['p99']:.2f}", "≤ 1.5", p99 / idle["p99"] <= 1.5, f"{p99:.1f} ms and {idle['p99']:.1f} ms"),
                say("    the same of a bare responder", f"{bare[1]['p99'] / bare[0]['p99']:.2f}", "", True, f"{bare[1]['p99']:.2f} ms and {bare[0]['p99']:.2f} ms"),
                say("  peak disk of the table", f"{(disk.value - others) / one:.2f}", "≤ 2.1", (disk.value - others) / one <= 2.1),
                say("  disk afterwards", f"{(size_of(folder) - others) / one:.2f}", "1.0", (size_of(folder) - others) / one <= 1.02)])


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


def incremental(bench):
    """Incremental refreshes of a table of 10 M rows by its transaction numbers against a full one; memory of the workers."""
    rows = 10_000_000
    bench.postgres.run(
        f"CREATE TABLE moving AS SELECT n::bigint AS id, n % 1000 AS kind, md5(n::text) AS note, now() AS at, n * 0.01 AS amount "
        f"FROM generate_series(1, {rows}) n; ALTER TABLE moving ADD PRIMARY KEY (id); ALTER TABLE moving ALTER amount TYPE numeric(15,2);"
        "VACUUM ANALYZE moving;", timeout=CALL_SECONDS)
    cache = bench.project.cached(bench.catalog, "public", "moving")["id"]

    def took(how, change="SELECT 1", **query):
        times = []
        for _ in range(REPEATS):
            bench.postgres.run(change, timeout=CALL_SECONDS)
            started = time.perf_counter()
            execution = bench.project.refresh(cache, how, CALL_SECONDS, **query)
            times.append(time.perf_counter() - started)
            if execution["status"] != "COMPLETED":
                raise RuntimeError(str(execution))
        return statistics.median(times)

    with Peak(lambda: max(map(bench.server.resident_bytes, bench.server.workers()), default=0)) as memory:
        full, nothing = took(FULL), took(INCREMENTAL)
        audit = took(INCREMENTAL, audit="true")
        some = took(INCREMENTAL, "UPDATE moving SET amount = amount + 1 WHERE id % 1000 = 7")
        gone = took(INCREMENTAL, "DELETE FROM moving WHERE ctid IN (SELECT ctid FROM moving TABLESAMPLE SYSTEM (0.01) LIMIT 500)")
        bench.client.api("PUT", f"{bench.project.data}/cache/{cache}", {"incrementalMethod": "log"})
        took(INCREMENTAL)  # begins the log
        method = bench.project.status(cache)["refreshMethod"]
        if method["incrementalMethod"] != "log":
            raise RuntimeError(str(method))
        logged = took(INCREMENTAL, "UPDATE moving SET amount = amount + 1 WHERE id % 1000 = 7")
    bench.client.api("DELETE", f"{bench.project.data}/cache/{cache}")
    bench.postgres.run("DROP TABLE moving")
    met = [say("incremental, nothing of 10 M rows changed / full", f"{nothing / full:.3f}", "≤ 0.05", nothing <= full * 0.05,
               f"{nothing:.2f} s and {full:.1f} s"),
           say("  0.1 % changed / full", f"{some / full:.3f}", "≤ 0.10", some <= full * 0.1, f"{some:.2f} s"),
           say("  0.1 % changed, found by the log / full", f"{logged / full:.3f}", "≤ 0.10", logged <= full * 0.1, f"{logged:.2f} s"),
           say("  every value compared with the source / full", f"{audit / full:.3f}", "≤ 0.25", audit <= full * 0.25, f"{audit:.2f} s"),
           say("  500 rows deleted / full", f"{gone / full:.3f}", "", True, f"{gone:.2f} s"),
           say("  largest worker, MB", f"{memory.value / 1e6:.0f}", "< 1000", 0 < memory.value < 1e9)]
    return all(met)
