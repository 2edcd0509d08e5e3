"""Honest freshness: answers tell what they were made of, and statements may say how old that may be."""

import http.client
import json
import time
import unittest
import urllib.parse
from datetime import datetime, timezone

from api.world import world
from rig.client import BASE
from rig.shop import INCREMENTAL, Project, every
from rig.trino import TrinoClient
from rig.waiting import until


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def now():
    return datetime.now(timezone.utc)


class FreshnessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = world()
        cls.client = cls.world.client
        cls.world.postgres.run("CREATE TABLE aging (id bigint PRIMARY KEY, note text); INSERT INTO aging VALUES (1, 'old');"
                               "CREATE TABLE ageless (id bigint PRIMARY KEY); INSERT INTO ageless VALUES (1);"
                               'CREATE TABLE "Über, a.b;c" (id bigint PRIMARY KEY); INSERT INTO "Über, a.b;c" VALUES (1)')
        cls.project = Project(cls.client, "Freshness")
        cls.key, _ = cls.project.key()
        cls.catalog = cls.project.source("Fresh shop", "POSTGRES", cls.world.postgres.credential())
        cls.prefix = f'{cls.catalog["name"]}.public'
        cls.began = now()
        cls.cache = cls.project.cached(cls.catalog, "public", "aging", fullRefreshCacheSchedule=every("P30D"))["id"]
        cls.project.cached(cls.catalog, "public", "Über, a.b;c", fullRefreshCacheSchedule=every("P30D"))

    @classmethod
    def tearDownClass(cls):
        cls.client.api("DELETE", f"{cls.project.path}/{cls.project.id}")
        cls.world.postgres.run('DROP TABLE aging, ageless, "Über, a.b;c"')

    def execute(self, statement, style="TYPED", **more):
        return self.client.api("POST", f"{self.project.data}/queries/execute", {"statement": statement} | more, {"format": style})

    def forgotten(self, cache):
        """A cache that only one test has."""
        self.addCleanup(self.client.api, "DELETE", f"{self.project.data}/cache/{cache['id']}")

    def refused(self, statement, **more):
        answer = self.client.send("POST", f"{BASE}{self.project.data}/queries/execute", {"statement": statement} | more)
        self.assertEqual(answer.status, 400, answer.text)
        return answer.text

    def served(self, statement, **more):
        """What served each table."""
        return {table["tableName"]: table["servedBy"] for table in self.execute(statement, **more)["tables"]}

    def first_page(self, statement, session=""):
        """The header of an answer of the Trino protocol, once there is one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.world.server.port, timeout=60)
        headers = {"X-Trino-User": "alice", "X-Trino-Extra-Credential": f"peakaKey={self.key}", "X-Trino-Session": session}
        connection.request("POST", "/v1/statement", statement.encode(), headers)
        told = None
        while True:
            answer = connection.getresponse()
            page = json.loads(answer.read())
            self.assertNotIn("error", page)
            told = answer.getheader("X-Tarn-Tables-Read") or told
            if "nextUri" not in page:
                connection.close()
                return told
            connection.request("GET", urllib.parse.urlsplit(page["nextUri"]).path, headers=headers)

    def test_a_copy_that_is_too_old_may_be_refreshed_first(self):
        self.world.postgres.run("CREATE TABLE asked_for (id bigint PRIMARY KEY, note text); INSERT INTO asked_for VALUES (1, 'old')")
        until("the table is seen", lambda: "asked_for" in self.project.tables(self.catalog, "public"), 30, 0.2)
        self.forgotten(self.project.cached(self.catalog, "public", "asked_for", incrementalCacheSchedule=every("P30D")))
        self.world.postgres.run("UPDATE asked_for SET note = 'new'")
        statement = f"SELECT note FROM {self.prefix}.asked_for"
        self.assertEqual(self.execute(statement, maxAge="1h", refreshIfStale=True)["data"], [["old"]])  # young enough
        time.sleep(1.1)
        answer = self.execute(statement, maxAge="1s", refreshIfStale=True, failIfStale=True)
        self.assertEqual((answer["data"], answer["tables"][0]["servedBy"]), ([["new"]], "CACHE"))
        self.assertEqual(self.served(statement, maxAge="1h"), {"asked_for": "CACHE"})
        self.world.postgres.run("UPDATE asked_for SET note = 'newer'")
        time.sleep(1.1)
        told = self.first_page(statement, "max_age=1s,refresh_if_stale=true")
        self.assertIn("cache", told.lower())
        self.assertEqual(self.execute(statement)["data"], [["newer"]])

    def test_a_copy_whose_refresh_fails_is_passed_over(self):
        self.world.postgres.run("CREATE TABLE moved (id bigint PRIMARY KEY, note text); INSERT INTO moved VALUES (1, 'old')")
        until("the table is seen", lambda: "moved" in self.project.tables(self.catalog, "public"), 30, 0.2)
        self.forgotten(self.project.cached(self.catalog, "public", "moved", incrementalCacheSchedule=every("P30D"), driftPolicy="fail"))
        self.world.postgres.run("ALTER TABLE moved ADD COLUMN more int")
        time.sleep(1.1)
        statement = f"SELECT note FROM {self.prefix}.moved"
        self.assertIn("STALE_COPY", self.refused(statement, maxAge="1s", refreshIfStale=True, failIfStale=True))
        self.assertEqual(self.served(statement, maxAge="1s", refreshIfStale=True), {"moved": "SOURCE"})

    def test_an_answer_tells_what_it_was_made_of(self):
        before = now()
        answer = self.execute(f"SELECT count(*) FROM {self.prefix}.aging a, {self.prefix}.ageless b, {self.prefix}.aging c")
        tables = {table["tableName"]: table for table in answer["tables"]}
        self.assertEqual(sorted(tables), ["ageless", "aging"])
        self.assertEqual(len(answer["tables"]), 2)
        copy, live = tables["aging"], tables["ageless"]
        self.assertEqual((copy["catalogName"], copy["schemaName"], copy["servedBy"], copy["complete"]), (self.catalog["name"], "public", "CACHE", True))
        self.assertEqual((live["servedBy"], live["complete"]), ("SOURCE", True))
        self.assertTrue(self.began <= moment(copy["asOf"]) <= before, copy)
        self.assertTrue(before <= moment(live["asOf"]) <= now(), live)
        self.assertNotIn("tables", self.execute("SELECT 1", "CELL_TYPED"))
        self.assertEqual(self.execute("SELECT 1")["tables"], [])

    def test_a_refresh_that_finds_nothing_makes_the_copy_younger(self):
        statement = f"SELECT note FROM {self.prefix}.aging"
        first = moment(self.execute(statement)["tables"][0]["asOf"])
        self.project.refresh(self.cache, INCREMENTAL)
        second = moment(self.execute(statement)["tables"][0]["asOf"])
        self.assertGreater(second, first)
        self.world.server.stop()
        self.world.server.start(self.world.server.port)
        self.assertEqual(moment(self.execute(statement)["tables"][0]["asOf"]), second)

    def test_a_copy_that_is_too_old_is_passed_over_or_refused(self):
        statement = f"SELECT note FROM {self.prefix}.aging WHERE id = 1"
        self.addCleanup(self.project.refresh, self.cache, INCREMENTAL)
        self.addCleanup(self.world.postgres.run, "UPDATE aging SET note = 'old'")
        self.project.refresh(self.cache, INCREMENTAL)
        self.world.postgres.run("UPDATE aging SET note = 'new'")
        time.sleep(0.05)
        for age, note, by in (("1h", "old", "CACHE"), ("PT1H", "old", "CACHE"), ("20ms", "new", "SOURCE"), ("0s", "new", "SOURCE")):
            with self.subTest(age=age):
                answer = self.execute(statement, maxAge=age)
                self.assertEqual((answer["data"][0][0], answer["tables"][0]["servedBy"]), (note, by))
        told = self.refused(statement, maxAge="20ms", failIfStale=True)
        self.assertIn("STALE_COPY", told)
        self.assertIn("public.aging", told)
        self.assertEqual(self.execute(statement, maxAge="1h", failIfStale=True)["data"], [["old"]])
        self.assertEqual(self.execute(statement, failIfStale=True)["data"], [["old"]])
        self.assertEqual(self.execute(statement)["data"], [["old"]])

    def test_ages_that_are_none(self):
        for age in ("", "5", "minutes", "-5m", "P", "5 years"):
            with self.subTest(age=age):
                self.assertIn("maxAge", self.refused("SELECT 1", maxAge=age))

    def test_a_stored_result_that_is_too_old_is_its_query(self):
        made = self.client.post(f"{self.project.data}/queries", {"displayName": "Aged", "queryType": "MATERIALIZED",
                                                                 "inputQuery": f"SELECT note FROM {self.prefix}.ageless, {self.prefix}.aging"})
        statement = f'SELECT count(*) FROM peaka.mtquery."{made["name"]}"'
        self.assertEqual(self.served(statement, maxAge="1h"), {made["name"]: "MATERIALIZED_QUERY"})
        self.assertEqual(self.served(statement, maxAge="0s"), {"ageless": "SOURCE", "aging": "SOURCE"})
        self.assertIn("STALE_COPY", self.refused(statement, maxAge="0s", failIfStale=True))

    def test_sessions_of_the_trino_protocol(self):
        statement = f'SELECT note FROM {self.prefix}.aging, {self.prefix}."Über, a.b;c"'
        copy, other = self.first_page(statement).split(", ")
        self.assertRegex(copy, rf"^{self.catalog['name']}\.public\.aging;served-by=CACHE;as-of=20\d\d-\d\d-\d\dT[0-9:.]+Z$")
        self.assertRegex(other, r"^[a-z_0-9]+\.public\.%C3%[0-9A-F]{2}ber%2C(\+|%20)a%2Eb%3Bc;served-by=CACHE;as-of=")
        self.assertIn("served-by=SOURCE", self.first_page(statement, "max_age=0s"))
        self.assertIsNone(self.first_page("SELECT 1"))
        with TrinoClient(self.world.server.port, self.key) as trino:
            self.assertEqual(trino.run("SET SESSION max_age = 'soon'")["error"], "INVALID_SESSION_PROPERTY")
            self.assertEqual(trino.run("SET SESSION fail_if_stale = 3")["error"], "INVALID_SESSION_PROPERTY")
            rows = {row[2]: row for row in trino.run("SELECT * FROM system.metadata.table_freshness")["rows"]}
        self.assertEqual(sorted(rows), ["aging", "Über, a.b;c"])
        self.assertEqual(rows["aging"][:2] + [rows["aging"][3], rows["aging"][5]], [self.catalog["name"], "public", "CACHE", True])


if __name__ == "__main__":
    unittest.main()
