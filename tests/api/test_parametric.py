"""Parametric tables: tables of a catalog with fixed values of some columns, under other names of the same catalog."""

import unittest

from api.world import world
from rig.client import BASE, quoted
from rig.shop import Project, every
from rig.trino import TrinoClient
from rig.waiting import until

ROWS = """CREATE TABLE visits (id bigint PRIMARY KEY, site text, day date, at timestamp, seen timestamptz, paid boolean, price numeric(6,2), code char(4));
INSERT INTO visits SELECT n, CASE n % 2 WHEN 0 THEN 'o''brien "x"' ELSE 'b' END, (now() AT TIME ZONE 'UTC')::date - n::int, (now() AT TIME ZONE 'UTC') - n * interval '1 hour',
  now() - n * interval '1 day', n % 3 = 0, n + 0.5, 'c' || n FROM generate_series(0, 59) n"""


class ParametricTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = world()
        cls.client = cls.world.client
        cls.world.postgres.run(ROWS)
        cls.project = Project(cls.client, "Parameters")
        cls.catalog = cls.project.source("Parametric source", "POSTGRES", cls.world.postgres.credential())
        cls.path = f"{cls.project.data}/catalogs/{cls.catalog['id']}/parametricTables"

    @classmethod
    def tearDownClass(cls):
        cls.world.postgres.run("DROP TABLE visits")

    def body(self, name, **values):
        return {"fromSchema": "public", "fromTable": "visits", "toSchema": "fixed", "toTable": name,
                "paramValues": [{"key": key, "value": value} for key, value in values.items()]}

    def make(self, name, **values):
        return self.client.post(self.path, self.body(name, **values))

    def ids(self, name, **more):
        return [row[0] for row in self.project.query(f'SELECT id FROM {self.catalog["name"]}.fixed."{name}" ORDER BY id', **more)]

    def refused(self, body, expect=400):
        answer = self.client.send("POST", BASE + self.path, body)
        self.assertEqual(answer.status, expect, answer.text)
        return answer.text

    def expected(self, condition):
        return [int(line) for line in self.world.postgres.run(f"COPY (SELECT id FROM visits WHERE {condition} ORDER BY id) TO STDOUT").split()]

    def test_values_of_every_kind(self):
        utc = "(now() AT TIME ZONE 'UTC')"
        for name, values, condition in (
                ("text", {"site": "o'brien \"x\""}, "site LIKE 'o%'"),
                ("number", {"id": 7}, "id = 7"),
                ("decimal", {"price": "12.50"}, "price = 12.50"),
                ("fraction", {"price": 12.5}, "price = 12.50"),
                ("truth", {"PAID": True}, "paid"),
                ("characters", {"code": "c7"}, "code = 'c7'"),
                ("date", {"day": "2000-01-01"}, "false"),
                ("ago", {"day": "@today-1w-2d"}, f"day = {utc}::date - 9"),
                ("before", {"day": "@yesterday"}, f"day = {utc}::date - 1"),
                ("month", {"day": "@som"}, f"day = date_trunc('month', {utc})::date"),
                ("month_end", {"day": "@eom-1M"}, f"day = date_trunc('month', {utc})::date - 1"),
                ("none", {}, "true"),
                ("two", {"site": "b", "paid": True}, "site = 'b' AND paid")):
            with self.subTest(name):
                self.assertEqual(self.make(name, **values), self.body(name, **values))
                self.assertEqual(self.ids(name), self.expected(condition))

    def test_listed_and_described_as_tables(self):
        self.make("Listed One", site="b")
        tables = self.client.get(f"{self.project.data}/catalogs/{self.catalog['id']}/schemas/fixed/tables")
        listed = next(item for item in tables if item["tableName"] == "Listed One")
        self.assertFalse(listed["isCacheable"])
        self.assertIn("fixed", [item["schemaName"] for item in self.client.get(f"{self.project.data}/catalogs/{self.catalog['id']}/schemas")])
        columns = self.client.get(f"{self.project.data}/catalogs/{self.catalog['id']}/schemas/fixed/tables/{quoted('Listed One')}/columns")
        self.assertEqual([column["name"] for column in columns], ["id", "site", "day", "at", "seen", "paid", "price", "code"])
        shown = self.project.query(f"SELECT column_name FROM {self.catalog['name']}.information_schema.columns WHERE table_schema = 'fixed' AND table_name = 'listed one' ORDER BY ordinal_position")
        self.assertEqual(len(shown), 8)
        found = self.client.post(f"{self.project.data}/search", {"query": "Listed O"})["matchedTables"]
        self.assertIn({"catalog": self.catalog["name"], "schema": "fixed", "table": "Listed One"}, found)
        statistics = self.client.get(f"{self.project.data}/catalogs/{self.catalog['id']}/schemas/fixed/tables/{quoted('Listed One')}/statistics")
        self.assertEqual(statistics["columnStatistics"], [])

    def test_what_cannot_be_is_refused(self):
        self.make("taken", site="b")
        for body, word in ((self.body("TAKEN", site="b"), "already"), (self.body("visits") | {"toSchema": "public"}, "already"),
                           (self.body("x", no_such=1), "paramValues[0].key"), (self.body("x", id="seven"), ""), (self.body("x", id=None), "paramValues[0].value"),
                           (self.body("x", day="@today-7"), "paramValues[0].value"), (self.body("x", day="@someday"), "paramValues[0].value"),
                           (self.body("x") | {"fromTable": "no_such"}, "fromTable"), (self.body("x") | {"fromSchema": "fixed", "fromTable": "taken"}, "fromTable"),
                           (self.body("") | {"toTable": ""}, "toTable"), (self.body("x") | {"toSchema": "information_schema"}, "toSchema")):
            with self.subTest(word or body):
                self.assertIn(word, self.refused(body))
        for change in ("INSERT INTO {} VALUES (1)", "DELETE FROM {}"):
            answer = self.client.send("POST", f"{BASE}{self.project.data}/queries/execute", {"statement": change.format(f"{self.catalog['name']}.fixed.taken")})
            self.assertGreaterEqual(answer.status, 400, answer.text)
        cached = self.client.send("POST", f"{BASE}{self.project.data}/cache", {"catalogId": self.catalog["id"], "schemaName": "fixed", "tableName": "taken",
                                                                               "fullRefreshSchedule": every("PT1H")})
        self.assertIn("TABLE_NOT_CACHEABLE", cached.text)

    def test_reads_the_copy_of_a_cached_table(self):
        self.world.postgres.run("CREATE TABLE copied AS SELECT n AS id, n % 2 AS half FROM generate_series(1, 10) n")
        self.addCleanup(self.world.postgres.run, "DROP TABLE IF EXISTS copied")
        until("the table is seen", lambda: "copied" in self.project.tables(self.catalog, "public"), 30)
        self.client.post(self.path, {"fromSchema": "public", "fromTable": "copied", "toSchema": "fixed", "toTable": "halves", "paramValues": [{"key": "half", "value": 1}]})
        self.project.cached(self.catalog, "public", "copied", fullRefreshSchedule=every("PT1H"))
        self.world.postgres.run("DELETE FROM copied")
        self.assertEqual(self.ids("halves"), [1, 3, 5, 7, 9])

    def test_says_when_its_source_table_is_gone(self):
        self.world.postgres.run("CREATE TABLE going (id bigint)")
        until("the table is seen", lambda: "going" in self.project.tables(self.catalog, "public"), 30)
        self.client.post(self.path, {"fromSchema": "public", "fromTable": "going", "toSchema": "fixed", "toTable": "gone", "paramValues": []})
        self.world.postgres.run("DROP TABLE going")

        def text():
            return self.client.send("POST", f"{BASE}{self.project.data}/queries/execute", {"statement": f"SELECT * FROM {self.catalog['name']}.fixed.gone"}).text
        until("the table is known to be gone", lambda: "does not exist" in text(), 30)
        self.assertIn("public.going", text())
        self.project.query(f"SELECT count(*) FROM {self.catalog['name']}.information_schema.columns")

    def test_goes_with_its_catalog_and_is_deleted_once(self):
        catalog = self.project.catalog("Parametric second", {"id": self.catalog["connectionId"]})
        path = f"{self.project.data}/catalogs/{catalog['id']}/parametricTables"
        self.client.post(path, self.body("one", site="b"))
        self.client.post(path, self.body("two", site="b"))
        self.client.api("DELETE", path, query={"toSchema": "FIXED", "toTable": "one"}, expect=204)
        self.assertEqual([table["toTable"] for table in self.client.get(path)], ["two"])
        self.assertEqual(self.client.send("DELETE", BASE + path + "?toSchema=fixed&toTable=one").status, 404)
        self.assertEqual(self.client.send("DELETE", BASE + path + "?toSchema=fixed").status, 400)
        self.client.api("DELETE", f"{self.project.data}/catalogs/{catalog['id']}")
        again = self.project.catalog("Parametric second", {"id": self.catalog["connectionId"]})
        self.assertEqual(self.client.get(f"{self.project.data}/catalogs/{again['id']}/parametricTables"), [])

    def test_relative_dates_are_of_the_sessions_zone(self):
        self.make("zoned", day="@today")
        key, _ = self.project.key("zones")
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
            with self.subTest(zone), TrinoClient(self.world.server.port, key, zone=zone) as client:
                rows = client.run(f"SELECT id FROM {self.catalog['name']}.fixed.zoned")["rows"]
                self.assertEqual([row[0] for row in rows], self.expected(f"day = (now() AT TIME ZONE '{zone}')::date"))

    def test_a_guest_reads_them_through_a_shared_catalog(self):
        self.make("shown", site="b")
        guest = Project(self.client, "Parameters seen")
        self.client.post(f"{self.project.data}/catalogs/{self.catalog['id']}/share", {"targetProjectId": guest.id})
        window = next(item for item in self.client.get(f"{guest.data}/catalogs") if item["name"] not in ("peaka",))
        rows = guest.query(f"SELECT id FROM {window['name']}.fixed.shown ORDER BY id")
        self.assertEqual([row[0] for row in rows], self.expected("site = 'b'"))
        answer = self.client.send("POST", f"{BASE}{guest.data}/catalogs/{window['id']}/parametricTables", self.body("mine", site="b"))
        self.assertEqual(answer.status, 400, answer.text)
