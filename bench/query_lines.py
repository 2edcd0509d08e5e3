"""Lines about statements and calls over REST."""

import json
import math
import statistics
import time

from rig.client import BASE
from rig.shop import Project
from sql import tpch

from world import REPEATS, say


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


def lists(bench):
    """Listings of a project with 10,000 saved queries, and of what is known of 2,000 tables."""
    project = Project(bench.client, "Lists")
    for number in range(10_000):
        bench.client.post(f"{project.data}/queries", {"displayName": f"query {number}", "queryType": "PLAIN", "inputQuery": "SELECT 1"})
    bench.postgres.run("CREATE DATABASE thousands")
    bench.postgres.run("".join(f"CREATE TABLE t{table} (id int PRIMARY KEY, name text, price numeric(10,2), at timestamptz, note text);"
                               for table in range(2_000)), database="thousands")
    other = Project(bench.client, "Known")
    catalog = other.source("Thousands", "POSTGRES", bench.postgres.credential(databaseName="thousands"))
    met = True
    for what, path, goal, key in (("10,000 saved queries, ms", f"{project.data}/queries", 20, None),
                                  ("metadata of 2,000 tables, ms", f"/metadata/{other.id}?catalogId={catalog['id']}", 100, "metadata")):
        bench.client.send("GET", BASE + path)  # what is known of the source is known from here on
        times = []
        for _ in range(REPEATS * 3):
            started = time.perf_counter()
            answer = bench.client.send("GET", BASE + path)
            times.append((time.perf_counter() - started) * 1000)
        rows = answer.json()
        if len(rows[key] if key else rows) != (2_000 if key else 10_000):
            raise RuntimeError(answer.text[:300])
        took = statistics.median(times)
        met &= say(what, f"{took:.1f}", f"< {goal}", took < goal, f"{len(answer.content) / 1e6:.1f} MB")
    return met


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
