"""Metadata of a project's tables: descriptions, keys, relations, categorical values, refreshes with their callbacks, golden SQL."""

import hashlib
import hmac
import json
import sqlite3
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from api.world import world
from rig.client import BASE
from rig.shop import Project
from rig.waiting import until

TABLES = """
CREATE TABLE crew (id bigint PRIMARY KEY, rank text NOT NULL, ship bigint, boss bigint, code text UNIQUE);
COMMENT ON TABLE crew IS 'Who sails'; COMMENT ON COLUMN crew.rank IS 'Of a sailor';
INSERT INTO crew SELECT n, (ARRAY['mate', 'mate', 'mate', 'cook', 'cook', 'captain'])[1 + n % 6], n % 7, NULL, 'c' || n FROM generate_series(1, 60) n;
CREATE TABLE ships (number bigint PRIMARY KEY, name text);
INSERT INTO ships SELECT n, 'Ship ' || n FROM generate_series(1, 5) n;
"""


class Listener:
    """Takes callbacks; the first answers may be refusals."""

    def __init__(self, refusals=0):
        listener = self
        self.received, self.refusals = [], refusals

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.received.append((self.path, dict(self.headers), body))
                self.send_response(500 if len(listener.received) <= listener.refusals else 204)
                self.end_headers()

            def log_message(self, *_):
                pass
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/told"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class ProjectMetadataTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = world()
        cls.client = cls.world.client
        cls.world.postgres.run("DROP TABLE IF EXISTS crew, ships;" + TABLES)
        cls.project = Project(cls.client, "Metadata project")
        cls.catalog = cls.project.source("Harbour", "POSTGRES", cls.world.postgres.credential())
        cls.path = f"/metadata/{cls.project.id}"
        until("the tables are seen", lambda: "crew" in cls.project.tables(cls.catalog, "public"), 30, 0.2)

    @classmethod
    def tearDownClass(cls):
        cls.world.postgres.run("DROP TABLE IF EXISTS crew, ships")

    def table(self, name="crew", **query):
        found = self.client.get(self.path, catalogId=self.catalog["id"], **query)["metadata"]
        return next(item["metadata"] for item in found if item["metadata"]["tableName"] == name)

    def column(self, name, table="crew"):
        return next(item for item in self.table(table)["columns"] if item["columnName"] == name)

    def put(self, table, body, status=200):
        answer = self.client.send("PUT", f"{BASE}{self.path}/{self.catalog['id']}/public/{table}", body)
        self.assertEqual(answer.status, status, answer.text)
        return answer

    def relate(self, column, target, target_column, kind, status=200, **changes):
        body = {"targetCatalogId": self.catalog["id"], "targetSchemaName": "public", "targetTableName": target,
                "targetColumnName": target_column, "type": kind} | changes
        answer = self.client.send("POST", f"{BASE}{self.path}/relations/{self.catalog['id']}/public/crew/{column}", body)
        self.assertEqual(answer.status, status, answer.text)
        return answer.json()

    def categorize(self, column, body, status=200):
        answer = self.client.send("PUT", f"{BASE}{self.path}/categorical/{self.catalog['id']}/public/crew/{column}", body)
        self.assertEqual(answer.status, status, answer.text)
        return answer

    def state(self, catalog=None):
        return self.client.get(f"{self.path}/refresh/{catalog or self.catalog['id']}")["status"]

    def test_what_the_source_says_and_what_is_said_of_it(self):
        table = self.table()
        self.assertEqual((table["tableDescription"], table["isCacheable"], table["useWithAI"], table["isCurrent"]),
                         ("Who sails", True, True, True))
        columns = {item["columnName"]: item for item in table["columns"]}
        self.assertEqual([item["order"] for item in table["columns"]], [1, 2, 3, 4, 5])
        self.assertEqual(columns["rank"]["columnDescription"], "Of a sailor")
        self.assertEqual([name for name, item in columns.items() if item["isPrimary"]], ["id"])
        self.assertTrue(columns["code"]["isUnique"])
        self.assertTrue(columns["rank"]["isNotNull"])
        self.put("crew", {"tableDescription": "All hands", "columns": [
            {"columnName": "SHIP", "columnDescription": "Where", "isNotNull": True}, {"columnName": "id", "isPrimary": False}]})
        table = self.table()
        self.assertEqual(table["tableDescription"], "All hands")
        self.assertEqual((self.column("ship")["columnDescription"], self.column("ship")["isNotNull"]), ("Where", True))
        self.assertFalse(self.column("id")["isPrimary"])
        self.put("crew", {"columns": [{"columnName": "id", "isPrimary": True}]})  # as the source says: nothing to remember
        self.assertTrue(self.column("id")["isPrimary"])
        self.assertEqual(self.column("ship")["columnDescription"], "Where")
        self.assertIn("columns[1].columnName", self.put("crew", {"columns": [{"columnName": "id"}, {"columnName": "none"}]}, 400).text)
        self.put("nowhere", {"useWithAI": False}, 404)
        self.world.server.stop()
        self.world.server.start(self.world.server.port)
        self.assertEqual(self.table()["tableDescription"], "All hands")

    def test_a_switch_takes_the_place_of_those_below_it(self):
        used = lambda: {name: self.table(name)["useWithAI"] for name in ("crew", "ships")}
        self.put("crew", {"useWithAI": False})
        self.assertEqual(used(), {"crew": False, "ships": True})
        self.client.api("PUT", f"{self.path}/{self.catalog['id']}/public", {"useWithAI": True})
        self.assertEqual(used(), {"crew": True, "ships": True})
        self.put("crew", {"useWithAI": True})
        self.client.api("PUT", f"{self.path}/{self.catalog['id']}", {"useWithAI": False})
        self.assertEqual(used(), {"crew": False, "ships": False})
        self.client.api("PUT", f"{self.path}/{self.catalog['id']}", {"useWithAI": True})
        self.assertEqual(self.client.send("PUT", f"{BASE}{self.path}/{self.catalog['id']}/nowhere", {"useWithAI": True}).status, 404)
        self.assertEqual(self.client.send("PUT", f"{BASE}{self.path}/{self.catalog['id']}", {}).status, 400)

    def test_relations_are_measured(self):
        relation = self.relate("ship", "ships", "number", "ONE_TO_ONE")
        def measured():
            found = self.client.get(f"{self.path}/relations/{self.catalog['id']}")["relations"]
            return next((item for item in found if item["id"] == relation["id"] and "measuredAt" in item), None)
        known = until("the relation is measured", measured, 30)
        self.assertEqual((known["type"], known["measuredType"]), ("ONE_TO_ONE", "MANY_TO_ONE"))
        ships = [row[0] for row in self.world.postgres.rows("SELECT ship FROM crew WHERE ship IS NOT NULL")]
        self.assertAlmostEqual(known["matchRate"], sum(1 <= int(ship) <= 5 for ship in ships) / len(ships), 5)
        self.assertEqual([item["id"] for item in self.table()["relations"]], [relation["id"]])
        path = f"{BASE}{self.path}/relations/{self.catalog['id']}/public/crew/{relation['id']}"
        self.assertEqual(self.client.send("PUT", path, {"type": "MANY_TO_ONE"}).json()["measuredType"], "MANY_TO_ONE")
        self.assertEqual(self.client.send("PUT", path.replace("/crew/", "/ships/"), {"type": "MANY_TO_ONE"}).status, 404)
        for column, target, target_column, kind, changes, field in (
                ("ship", "ships", "number", "MANY_TO_MANY", {}, "type"), ("ship", "ships", "none", "ONE_TO_ONE", {}, "targetColumnName"),
                ("ship", "none", "number", "ONE_TO_ONE", {}, "targetTableName"),
                ("ship", "ships", "number", "ONE_TO_ONE", {"targetCatalogId": "12"}, "targetCatalogId")):
            with self.subTest(field=field):
                self.assertIn(field, json.dumps(self.relate(column, target, target_column, kind, 400, **changes)))
        self.relate("none", "ships", "number", "ONE_TO_ONE", 404)
        self.assertEqual(self.client.send("DELETE", path).status, 200)
        self.assertEqual(self.client.send("DELETE", path).status, 404)
        self.assertEqual(self.table()["relations"], [])

    def test_values_of_columns_that_have_few(self):
        self.categorize("rank", {"limit": 2})
        self.assertEqual(self.column("rank")["categoricalValues"], ["mate", "cook"])
        self.categorize("rank", {"limit": 10, "frequency": "DAILY"})
        self.assertEqual(self.column("rank")["categoricalValues"], ["mate", "cook", "captain"])
        for body, field in (({"limit": 0}, "limit"), ({"limit": 1001}, "limit"), ({"frequency": "daily"}, "frequency"), ({"limit": "x"}, "limit")):
            self.assertIn(field, self.categorize("rank", body, 400).text)
        self.categorize("none", {"limit": 2}, 404)
        self.categorize("boss", {})
        self.assertEqual(self.column("boss")["categoricalValues"], [])
        self.world.postgres.run("UPDATE crew SET rank = 'boy' WHERE id < 4")
        self.refresh()
        self.assertIn("boy", self.column("rank")["categoricalValues"])
        path = f"{BASE}{self.path}/categorical/{self.catalog['id']}/public/crew/rank"
        self.assertEqual(self.client.send("DELETE", path).status, 200)
        self.assertEqual(self.client.send("DELETE", path).status, 404)
        self.assertFalse(self.column("rank")["isCategorical"])

    def refresh(self, **body):
        self.client.post(f"{self.path}/refresh", {"catalogId": self.catalog["id"]} | body)
        until("the refresh ends", lambda: self.state() in ("completed", "failed"), 30)
        self.assertEqual(self.state(), "completed")

    def test_who_listens_is_told_also_after_refusals_and_a_restart(self):
        listener = Listener(refusals=1)
        self.addCleanup(listener.close)
        self.refresh(callbackURL=listener.url, callbackToken="a token")
        until("the callback is repeated", lambda: len(listener.received) == 2, 20)
        path, headers, body = listener.received[-1]
        self.assertEqual((path, headers["Authorization"]), ("/told", "Bearer a token"))
        self.assertEqual(headers["X-Tarn-Signature"], "sha256=" + hmac.new(b"a token", body, hashlib.sha256).hexdigest())
        self.assertEqual(json.loads(body), {"projectId": self.project.id, "catalogId": self.catalog["id"], "status": "completed"})
        # One that cannot be delivered before the server stops is delivered after its start.
        late = Listener(refusals=2)
        self.addCleanup(late.close)
        self.client.post(f"{self.path}/refresh/callback", {"callbackURL": late.url, "callbackToken": "secret token"})
        self.assertNotIn("secret token", self.client.send("GET", f"{BASE}{self.path}/refresh/callback").text)
        self.refresh()
        until("the first try", lambda: late.received, 20)
        self.world.server.stop()
        self.world.server.start(self.world.server.port)
        until("the callback is repeated after a restart", lambda: len(late.received) > 2, 30)
        self.client.api("DELETE", f"{self.path}/refresh/callback")
        self.assertIsNone(self.client.get(f"{self.path}/refresh/callback")["callbackURL"])

    def test_where_callbacks_do_not_go(self):
        for url in ("ftp://127.0.0.1/", "no url", "http://", "file:///etc/passwd", ""):
            with self.subTest(url=url):
                answer = self.client.send("POST", f"{BASE}{self.path}/refresh/callback", {"callbackURL": url})
                self.assertEqual(answer.status, 400)
                self.assertIn("callbackURL", answer.text)
        self.assertIn("catalogId", self.client.send("POST", f"{BASE}{self.path}/refresh", {"catalogId": "12"}).text)
        self.assertEqual(self.client.send("GET", f"{BASE}{self.path}/refresh/12").status, 404)

    def test_a_dead_source_is_told_of_as_it_was_last_read(self):
        file = Path(self.world.folder.name) / "sinking.sqlite"
        with sqlite3.connect(file) as database:
            database.execute("CREATE TABLE wreck (id integer PRIMARY KEY, depth real)")
        database.close()
        catalog = self.project.source("Sinking", "SQLITE", {"path": str(file)})
        self.client.post(f"{self.path}/refresh", {"catalogId": catalog["id"]})
        until("the refresh ends", lambda: self.state(catalog["id"]) == "completed", 30)
        file.rename(file.with_suffix(".gone"))
        def stale():
            found = self.client.get(self.path, catalogId=catalog["id"])["metadata"]
            return found if found and not found[0]["metadata"]["isCurrent"] else None
        found = until("the last known structure is told", stale, 30)
        self.assertEqual([item["columnName"] for item in found[0]["metadata"]["columns"]], ["id", "depth"])
        self.assertTrue(self.table()["isCurrent"])
        self.client.post(f"{self.path}/refresh", {"catalogId": catalog["id"]})
        until("the refresh fails", lambda: self.state(catalog["id"]) == "failed", 30)
        self.assertTrue(self.client.get(f"{self.path}/refresh/{catalog['id']}")["error"])
        self.client.api("DELETE", f"{self.project.data}/catalogs/{catalog['id']}")
        self.assertEqual(self.client.send("GET", f"{BASE}{self.path}", query={"catalogId": catalog["id"]}).status, 404)

    def test_tables_are_found_by_words(self):
        find = lambda text, **more: [item["tableName"] for item in self.client.get(f"{self.path}/query", table=text, **more)["result"]]
        self.assertEqual(find("ships")[0], "ships")
        self.assertEqual(find("which ship has which name", topK="1"), ["ships"])
        self.put("crew", {"columns": [{"columnName": "boss", "columnDescription": "the superior's wage"}]})
        self.assertEqual(find("wages of superiors"), ["crew"])
        self.assertEqual(find("zzz"), [])
        for most in ("0", "x", "-1", "101", ""):
            self.assertEqual(self.client.send("GET", f"{BASE}{self.path}/query", query={"table": "x", "topK": most}).status, 400, most)

    def test_queries_and_own_tables_are_there(self):
        self.client.post(f"{self.project.data}/queries", {
            "displayName": "Ranks", "queryType": "PLAIN",
            "inputQuery": f'SELECT rank, count(*) AS n FROM "{self.catalog["name"]}".public.crew GROUP BY rank'})
        found = self.client.get(self.path)["metadata"]
        query = next(item["metadata"] for item in found if item["metadata"]["tableName"] == "ranks")
        self.assertEqual((query["catalogId"], query["schemaName"], query["isCacheable"]), ("2", "query", False))
        self.assertEqual([item["columnName"] for item in query["columns"]], ["rank", "n"])

    def test_where_columns_of_queries_come_from(self):
        prefix = f"{self.catalog['name']}.public"
        def lineage(text, name, kind="PLAIN", schema="query"):
            made = self.client.post(f"{self.project.data}/queries", {"displayName": name, "queryType": kind, "inputQuery": text})
            self.addCleanup(self.client.api, "DELETE", f"{self.project.data}/queries/{made['id']}")
            found = self.client.get(self.path, catalogId="2", schemaName=schema)["metadata"]
            table = next(item["metadata"] for item in found if item["metadata"]["tableName"] == name)
            return {item["columnName"]: {(*entry["tables"], entry["column"], entry["expression"]) for entry in item["lineage"]}
                    for item in table["columns"]}
        crew, ships = (f'"{self.catalog["name"]}".public.{name}' for name in ("crew", "ships"))
        text = (f"WITH named AS (SELECT number, upper(name) AS title FROM {ships}) "
                f"SELECT c.id, c.code AS sign, n.title, c.id + n.number AS mixed, count(*) OVER () AS n, (SELECT max(id) FROM {crew}) AS most, 1 AS one "
                f"FROM {crew} AS c LEFT JOIN named AS n ON n.number = c.ship WHERE c.boss IS NULL")
        expected = {
            "id": {(f"{prefix}.crew", "id", "")}, "sign": {(f"{prefix}.crew", "code", "")},
            "title": {(f"{prefix}.ships", "name", "upper(name)")},
            "mixed": {(f"{prefix}.crew", "id", "(c.id + n.number)"), (f"{prefix}.ships", "number", "(c.id + n.number)")},
            "n": {("", "count(*) OVER ()")}, "most": {(f"{prefix}.crew", "id", f"(SELECT max(id) FROM {crew})")}, "one": {("", "1")}}
        found = lineage(text, "traced")
        squeeze = lambda entries: {tuple(part.lower().replace(" ", "").replace('"', "") for part in entry) for entry in entries}
        for name, entries in expected.items():
            with self.subTest(column=name):
                self.assertEqual(squeeze(found[name]), squeeze(entries))
        # A query on a query is looked through, and so is what a set operation has on both sides.
        self.assertEqual(lineage("SELECT title AS t, sign FROM peaka.query.traced", "outer1")["t"], found["title"])
        both = lineage(f"SELECT id AS x FROM {crew} UNION SELECT number FROM {ships}", "both")["x"]
        self.assertEqual(both, {(f"{prefix}.crew", "id", ""), (f"{prefix}.ships", "number", "")})
        stored = lineage(f"SELECT number, name AS called FROM {ships}", "kept", "MATERIALIZED", "mtquery")
        self.assertEqual(stored["called"], {(f"{prefix}.ships", "name", "")})

    def test_golden_queries(self):
        crew = f'"{self.catalog["name"]}".public.crew'
        path = f"{self.path}/golden-sqls"
        best = self.client.post(path, {"prompt": "How many sailors are there by rank?", "sql": f"SELECT rank, count(*) FROM {crew} GROUP BY rank"})
        again = self.client.post(path, {"prompt": "How many sailors are there by rank?", "sql": f"SELECT rank, count(*) FROM {crew} GROUP BY rank"})
        self.assertEqual(again["id"], best["id"])
        self.client.post(path, {"prompt": "Names of the ships", "sql": f'SELECT name FROM "{self.catalog["name"]}".public.ships'})
        find = lambda text: [item["question"] for item in self.client.get(f"{self.path}/golden-sql/query", q=text)["result"]]
        self.assertEqual(find("count the sailors of each rank")[0], "How many sailors are there by rank?")
        self.assertEqual(find("ship names")[0], "Names of the ships")
        for body, word in (({"prompt": "x", "sql": "SELECT nothing FROM nowhere"}, "sql"), ({"prompt": "", "sql": "SELECT 1"}, "prompt"),
                           ({"prompt": "x", "sql": "DELETE FROM t"}, "sql"), ({"prompt": "x", "sql": "SELECT FROM"}, "line 1:8")):
            answer = self.client.send("POST", BASE + path, body)
            self.assertEqual(answer.status, 400, answer.text)
            self.assertIn(word, answer.text)
        self.world.postgres.run("ALTER TABLE crew RENAME COLUMN rank TO grade")
        self.addCleanup(self.world.postgres.run, "ALTER TABLE crew RENAME COLUMN grade TO rank")
        def state():
            self.refresh()
            return next(item for item in self.client.get(path)["result"] if item["id"] == best["id"])
        broken = until("the query is broken", lambda: (lambda item: item if item["state"] == "broken" else None)(state()), 40, 1)
        self.assertIn("rank", broken["brokenReason"])
        self.assertNotIn("How many sailors are there by rank?", find("count the sailors of each rank"))
        self.world.postgres.run("ALTER TABLE crew RENAME COLUMN grade TO rank")
        until("the query runs again", lambda: state()["state"] == "valid", 40, 1)
        self.world.postgres.run("ALTER TABLE crew RENAME COLUMN rank TO grade")  # for the clean-up
        self.assertEqual(self.client.api("DELETE", f"{path}/{best['id']}"), {"id": best["id"]})
        self.assertEqual(self.client.send("DELETE", f"{BASE}{path}/{best['id']}").status, 404)

    def test_another_project_sees_and_changes_nothing(self):
        other = self.world.second_key
        stranger = self.client.with_key(other)
        for method, path, body in (("GET", self.path, None), ("PUT", f"{self.path}/{self.catalog['id']}", {"useWithAI": False}),
                                   ("GET", f"{self.path}/golden-sqls", None), ("GET", f"{self.path}/refresh/callback", None),
                                   ("POST", f"{self.path}/refresh", {}), ("GET", f"{self.path}/query?table=crew", None)):
            with self.subTest(path=path):
                self.assertIn(stranger.send(method, BASE + path, body).status, (403, 404))
        second = f"/metadata/{self.world.second.id}"  # its own project, a catalog of another one
        self.assertEqual(stranger.send("PUT", f"{BASE}{second}/{self.catalog['id']}", {"useWithAI": False}).status, 404)
        self.assertEqual(stranger.send("GET", f"{BASE}{second}/relations/{self.catalog['id']}").status, 404)
        self.assertEqual(stranger.send("POST", f"{BASE}{second}/refresh", {"catalogId": self.catalog["id"]}).status, 400)


if __name__ == "__main__":
    unittest.main()
