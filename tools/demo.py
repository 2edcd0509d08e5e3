#!/usr/bin/env python3
"""The main job before your eyes: a small shop in SQLite, cached in one call, changed, refreshed, queried again."""

import argparse
import json
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from rig.client import BASE, Unexpected  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.waiting import TimedOut, until  # noqa: E402

CUSTOMERS, CHARGES, INVOICES = 400, 5000, 1200
SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL);
CREATE TABLE charges (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, cents INTEGER NOT NULL, status TEXT NOT NULL);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, charge_id INTEGER NOT NULL, due_on TEXT NOT NULL);
"""
COUNTRIES = ("Türkiye", "Deutschland", "España", "Norge")
CHANGES = """
INSERT INTO charges (id, customer_id, cents, status) VALUES (5001, 1, 100000, 'paid'), (5002, 2, 250000, 'paid'), (5003, 3, 5, 'paid');
UPDATE charges SET status = 'refunded' WHERE id IN (4, 8);
DELETE FROM charges WHERE id = 12;
"""
CHANGED = {"numberOfInsertedRecords": 3, "numberOfUpdatedRecords": 2, "numberOfDeletedRecords": 1,
           "numberOfCachedRecords": CHARGES + 3 - 1}
SHOWN = 150


class Broken(Exception):
    """The demo saw something else than it should."""


def make_shop(file):
    with sqlite3.connect(file) as shop:
        shop.executescript(SHOP)
        shop.executemany("INSERT INTO customers VALUES (?, ?, ?)",
                         [(n, f"Customer {n}", COUNTRIES[n % 4]) for n in range(1, CUSTOMERS + 1)])
        shop.executemany("INSERT INTO charges VALUES (?, ?, ?, ?)",
                         [(n, 1 + n % CUSTOMERS, n * 37 % 9000 + 100, "open" if n % 5 == 0 else "paid")
                          for n in range(1, CHARGES + 1)])
        shop.executemany("INSERT INTO invoices VALUES (?, ?, date('2026-01-01', ? || ' days'))",
                         [(n, n * 4, n % 90) for n in range(1, INVOICES + 1)])
    shop.close()


def change_shop(file):
    print("  at the source:" + CHANGES.replace("\n", "\n    ").rstrip())
    with sqlite3.connect(file) as shop:
        shop.executescript(CHANGES)
    shop.close()


def expected_answer(file):
    """What the join must answer, from SQLite itself."""
    shop = sqlite3.connect(file)
    rows = shop.execute("SELECT c.country, count(*), sum(h.cents) FROM charges h JOIN customers c ON c.id = h.customer_id"
                        " WHERE h.status = 'paid' GROUP BY c.country ORDER BY 3 DESC, 1").fetchall()
    shop.close()
    return [[str(value) for value in row] for row in rows]


class Guide:
    """Makes requests and shows each of them, with a short form of its answer."""

    def __init__(self, client):
        self._client = client

    def say(self, text):
        print(f"\n{text}", flush=True)

    def call(self, method, path, body=None, query=None, shown=True):
        answer = self._client.api(method, path, body, query)
        if shown:
            suffix = "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
            print(f"  {method} {BASE}{path}{suffix}" + (f"  {short(body)}" if body is not None else ""))
            print(f"    → {short(answer)}", flush=True)
        return answer


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[:SHOWN] + " …"


def same(what, found, expected):
    if found != expected:
        raise Broken(f"{what}: expected {expected}, found {found}")


def set_up(guide, file):
    """The ids of the project and of the catalog on the shop."""
    guide.say("1. An organization comes with the server; a project is made in its default workspace.")
    organization = guide.call("GET", "/organizations")[0]
    workspaces = guide.call("GET", f"/organizations/{organization['id']}/workspaces")
    workspace = next(item for item in workspaces if item["defaultWorkspace"])
    project = guide.call("POST", f"/organizations/{organization['id']}/workspaces/{workspace['id']}/projects", {"name": "Demo"})
    guide.say("2. A connection to the shop, and a catalog on it.")
    connection = guide.call("POST", f"/connections/{project['id']}",
                            {"name": "Shop file", "type": "SQLITE", "credential": {"path": str(file)}})
    catalog = guide.call("POST", f"/data/projects/{project['id']}/catalogs", {"name": "Shop", "connectionId": connection["id"]})
    return f"/data/projects/{project['id']}", catalog


def main_schema(guide, data, catalog):
    schemas = guide.call("GET", f"{data}/catalogs/{catalog['id']}/schemas")
    tables = {}
    for schema in (item["schemaName"] for item in schemas):
        listed = guide.call("GET", f"{data}/catalogs/{catalog['id']}/schemas/{schema}/tables")
        tables[schema] = {item["tableName"] for item in listed}
    for schema, names in tables.items():
        if {"customers", "charges", "invoices"} <= names:
            return schema
    raise Broken(f"the shop's tables are not listed: {tables}")


def cache_all(guide, data, catalog, schema):
    """One batch call with the three kinds of schedule; the ids of the caches by table."""
    guide.say("3. One call caches the three tables: incremental only, full refresh only, and both.")

    def every(duration):
        return {"type": "BASIC", "expression": duration}
    where = {"catalogId": catalog["id"], "schemaName": schema}
    created = guide.call("POST", f"{data}/cache/batch", [
        where | {"tableName": "charges", "incrementalCacheSchedule": every("PT15M")},
        where | {"tableName": "customers", "fullRefreshCacheSchedule": every("P1D")},
        where | {"tableName": "invoices", "incrementalCacheSchedule": every("PT1H"), "fullRefreshCacheSchedule": every("P7D")}])
    same("each cache is made", [item["success"] for item in created], [True] * 3)
    return {item["cache"]["tableName"]: item["cache"]["id"] for item in created}


def watch_progress(guide, data, caches):
    guide.say("4. Progress, until every copy is complete. Reads are answered by the source meanwhile.")
    seen = None

    def complete():
        nonlocal seen
        statuses = guide.call("GET", f"{data}/cache/status", shown=False)
        line = "  ".join(f"{item['tableName']} {item['status']} {cached_rows(item)}" for item in statuses)
        if line != seen:
            print(f"  GET {BASE}{data}/cache/status\n    → {line}", flush=True)
            seen = line
        failed = [item for item in statuses if item["status"] in ("FAILED", "CANCELLED")]
        if failed:
            raise Broken(f"a copy failed: {short(failed)}")
        return statuses if all(item["status"] == "COMPLETED" for item in statuses) else None
    statuses = until("every copy is complete", complete, 60)
    same("the copied rows", {item["tableName"]: cached_rows(item) for item in statuses},
         {"customers": CUSTOMERS, "charges": CHARGES, "invoices": INVOICES})
    same("the caches", {item["tableName"]: item["id"] for item in statuses}, caches)


def cached_rows(status):
    executions = [status.get("lastIncrementalCacheExecution"), status.get("lastFullRefreshCacheExecution")]
    newest = max((item for item in executions if item), key=lambda item: item["createdAt"], default=None)
    return ((newest or {}).get("progress") or {}).get("numberOfCachedRecords", 0)


def join(guide, data, catalog, schema, file):
    prefix = f'"{catalog["name"]}"."{schema}"'
    statement = (f"SELECT c.country, count(*) AS charges, sum(h.cents) AS cents FROM {prefix}.charges h "
                 f"JOIN {prefix}.customers c ON c.id = h.customer_id WHERE h.status = 'paid' "
                 "GROUP BY c.country ORDER BY cents DESC, c.country")
    answer = guide.call("POST", f"{data}/queries/execute", {"statement": statement}, {"format": "COMPACT"})
    for country, charges, cents in answer["data"]:
        print(f"      {country:<14}{charges:>6} charges {int(cents) / 100:>12.2f}")
    same("the join", answer["data"], expected_answer(file))
    return statement


def refresh(guide, data, cache):
    guide.say("7. An incremental refresh finds exactly those changes.")
    before = guide.call("GET", f"{data}/cache/{cache}/status", query={"excludeLogs": "true"}, shown=False)
    guide.call("POST", f"{data}/cache/{cache}/incrementalUpdate")

    def finished():
        status = guide.call("GET", f"{data}/cache/{cache}/status", query={"excludeLogs": "true"}, shown=False)
        execution = status["lastIncrementalCacheExecution"]
        again = execution["id"] != before["lastIncrementalCacheExecution"]["id"]
        return execution if again and execution["status"] not in ("RUNNING", "NOT_INITIALIZED") else None
    execution = until("the refresh ends", finished, 60)
    print(f"  GET {BASE}{data}/cache/{cache}/status\n    → {execution['status']} {short(execution['progress'])}")
    same("the refresh", execution["status"], "COMPLETED")
    same("the counters", {name: execution["progress"][name] for name in CHANGED}, CHANGED)


def run(server, folder):
    guide = Guide(server.client())
    file = folder / "shop.db"
    data, catalog = set_up(guide, file)
    schema = main_schema(guide, data, catalog)
    caches = cache_all(guide, data, catalog, schema)
    watch_progress(guide, data, caches)
    guide.say("5. A join over cached tables.")
    join(guide, data, catalog, schema, file)
    guide.say("6. Rows are inserted, updated and deleted at the source.")
    change_shop(file)
    refresh(guide, data, caches["charges"])
    guide.say("8. The same join has the new answer.")
    statement = join(guide, data, catalog, schema, file)
    say_goodbye(server, data, caches, statement)


def say_goodbye(server, data, caches, statement):
    address = f"http://127.0.0.1:{server.port}{BASE}"
    body = json.dumps({"statement": statement}).replace("'", "'\\''")
    print(f"""
Address  {address}
Key      {server.key}

Three things to try:
  curl -s -H 'Authorization: Bearer {server.key}' {address}{data}/cache/{caches['charges']}/executionHistory
  curl -s -H 'Authorization: Bearer {server.key}' -H 'Content-Type: application/json' \\
       -d '{body}' '{address}{data}/queries/execute?format=TYPED'
  curl -s -X POST -H 'Authorization: Bearer {server.key}' {address}{data}/cache/{caches['invoices']}/fullRefreshUpdate
""", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarn", default="build/release/bin/tarn", help="the server's program")
    parser.add_argument("--once", action="store_true", help="stop after the main job")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="tarn-demo-"))
    server = Server(arguments.tarn, folder / "data", {"file_roots": [str(folder)]})
    try:
        make_shop(folder / "shop.db")
        server.start()
        print(f"The server is ready at http://127.0.0.1:{server.port} after {server.ready_after:.2f} s.")
        run(server, folder)
        print(f"The main job took {time.monotonic() - started:.1f} s.")
        if not arguments.once:
            print("The server stays up; Ctrl-C ends it.", flush=True)
            server.process.wait()
        return 0
    except KeyboardInterrupt:
        return 0
    except (Broken, Unexpected, TimedOut, OSError, RuntimeError) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        print(server.printed()[-1500:], file=sys.stderr)
        return 1
    finally:
        if server.running():
            server.stop()
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
