"""What a user chooses of a cache's refreshes: method, cursor, key, look-back, drift, deletes; on three kinds of source."""

import sqlite3
import unittest
from pathlib import Path

from api.test_mysql import mariadb
from api.world import world
from rig.client import BASE
from rig.shop import INCREMENTAL, every
from rig.waiting import until

ROWS = 1000
OPTIONS = ("incrementalMethod", "cursorColumn", "lookback", "keyColumns", "driftPolicy", "deleteDetection")


class Engine:
    """A database of one kind, reached past Tarn and through it."""

    def __init__(self, name, project, catalog, schema, run, stamp, ago):
        self.name, self.project, self.catalog, self.schema, self.run, self.stamp, self.ago = (
            name, project, catalog, schema, run, stamp, ago)

    def table(self, name):
        return f'"{self.catalog["name"]}"."{self.schema}"."{name}"'

    def make(self, table):
        """A thousand rows that were stamped a minute ago; the first is older, the second is of the year 2100."""
        self.run(f"CREATE TABLE {table} (id integer NOT NULL PRIMARY KEY, note varchar(40), at {self.stamp}, counted bigint)")
        values = ", ".join(f"({n}, 'note {n}', {self.ago(60)}, {n})" for n in range(1, ROWS + 1))
        self.run(f"INSERT INTO {table} VALUES {values}")
        self.run(f"UPDATE {table} SET at = {self.ago(86400 * 30)} WHERE id = 1")
        self.run(f"UPDATE {table} SET at = {self.ago(-86400 * 365 * 74)} WHERE id = 2")
        until("the table is seen", lambda: table in self.project.tables(self.catalog, self.schema), 30, 0.2)

    def cached(self, table, **options):
        return self.project.cached(self.catalog, self.schema, table, incrementalCacheSchedule=every("P1D"), **options)["id"]

    def notes(self, table):
        return {int(row[0]): row[1] for row in self.project.query(f"SELECT id, note FROM {self.table(table)}", "COMPACT")}


def postgres_engine():
    made = world()
    return Engine("postgres", made.first, made.catalog, "public", made.postgres.run, "timestamptz",
                  lambda seconds: f"now() - interval '{seconds} seconds'")


def mariadb_engine():
    server, project = mariadb(), world().first
    catalog = project.source("Options of MariaDB", "MARIADB", server.credential())
    return Engine("mariadb", project, catalog, "shop", lambda sql: server.run(sql + ";"), "datetime(6)",
                  lambda seconds: f"utc_timestamp(6) - INTERVAL {seconds} SECOND")


def sqlite_engine():
    made = world()
    path = Path(made.folder.name) / "options.sqlite"

    def run(sql):
        with sqlite3.connect(path) as connection:
            connection.execute(sql)
        connection.close()
    run("CREATE TABLE first (id integer PRIMARY KEY)")
    catalog = made.first.source("Options of SQLite", "SQLITE", {"path": str(path)})
    return Engine("sqlite", made.first, catalog, "main", run, "timestamp",
                  lambda seconds: f"strftime('%Y-%m-%d %H:%M:%f', 'now', '{-seconds} seconds')")


class RefreshOptionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project, cls.client = world().first, world().client
        cls.engines = (postgres_engine(), mariadb_engine(), sqlite_engine())
        cls.postgres = cls.engines[0]

    def refresh(self, cache):
        execution = self.project.refresh(cache, INCREMENTAL)
        self.assertEqual(execution["status"], "COMPLETED", execution)
        return tuple(execution["progress"][f"numberOf{what}Records"] for what in ("Inserted", "Updated", "Deleted", "Cached"))

    def method(self, cache):
        told = self.project.status(cache)["refreshMethod"]
        return told["incrementalMethod"], told["level"]

    def refused(self, table, field, **options):
        body = {"catalogId": self.postgres.catalog["id"], "schemaName": "public", "tableName": table} | options
        answer = self.client.send("POST", f"{BASE}{self.project.data}/cache", body)
        self.assertEqual(answer.status, 400, answer.text)
        self.assertIn(field, answer.json()["message"] + answer.text)

    def test_a_cursor_reads_what_is_new_and_its_look_back(self):
        for engine in self.engines:
            with self.subTest(engine=engine.name):
                engine.make("stamped")
                cache = engine.cached("stamped", incrementalMethod="cursor", cursorColumn="at", lookback="PT1H")
                self.assertEqual(self.method(cache), ("cursor", 2))
                self.assertEqual(self.refresh(cache), (0, 0, 0, ROWS))
                engine.run(f"UPDATE stamped SET note = 'new', at = {engine.ago(0)} WHERE id IN (10, 20)")
                self.assertEqual(self.refresh(cache), (0, 2, 0, ROWS))
                # A row of the year 2100 does not hide the others; one stamped within the look-back is found.
                engine.run(f"INSERT INTO stamped VALUES (5000, 'late', {engine.ago(1800)}, 0)")
                self.assertEqual(self.refresh(cache), (1, 0, 0, ROWS + 1))
                engine.run("DELETE FROM stamped WHERE id < 5")
                self.assertEqual(self.refresh(cache), (0, 0, 4, ROWS - 3))
                engine.run("UPDATE stamped SET at = NULL, note = 'no stamp' WHERE id = 30")
                self.assertEqual(self.refresh(cache), (0, 1, 0, ROWS - 3))
                # Stamped before the look-back: the count finds it missing, and everything is read.
                engine.run(f"INSERT INTO stamped VALUES (6000, 'very late', {engine.ago(86400)}, 0)")
                self.assertEqual(self.refresh(cache), (1, 0, 0, ROWS - 2))
                notes = engine.notes("stamped")
                self.assertEqual([notes[10], notes[30], notes[5000], notes[6000]], ["new", "no stamp", "late", "very late"])

    def test_what_a_cursor_cannot_see_is_seen_after_another_method_is_chosen(self):
        engine = self.postgres
        engine.make("unseen")
        cache = engine.cached("unseen", incrementalMethod="cursor", cursorColumn="at", lookback="PT0S")
        engine.run("UPDATE unseen SET note = 'without a stamp' WHERE id = 1")
        self.assertEqual(self.refresh(cache), (0, 0, 0, ROWS))
        self.client.api("PUT", f"{self.project.data}/cache/{cache}", {"incrementalMethod": "auto", "cursorColumn": "", "lookback": ""})
        self.assertEqual(self.refresh(cache), (0, 1, 0, ROWS))
        self.assertEqual(self.method(cache), ("xmin", 4))
        self.assertEqual(engine.notes("unseen")[1], "without a stamp")

    def test_append_reads_only_what_is_behind_the_last(self):
        for engine in self.engines:
            with self.subTest(engine=engine.name):
                engine.make("appended")
                cache = engine.cached("appended", incrementalMethod="append", cursorColumn="counted")
                self.assertEqual(self.method(cache), ("append", 1))
                self.assertEqual(self.refresh(cache), (0, 0, 0, ROWS))  # of SQLite this proves the key
                engine.run(f"INSERT INTO appended VALUES (7000, 'appended', {engine.ago(0)}, 7000)")
                engine.run("UPDATE appended SET note = 'not looked for' WHERE id = 3")
                self.assertEqual(self.refresh(cache), (1, 0, 0, ROWS + 1))
                self.assertEqual(engine.notes("appended")[3], "note 3")

    def test_a_delete_that_an_insert_hides(self):
        for engine in self.engines:
            with self.subTest(engine=engine.name):
                engine.make("hidden")
                cache = engine.cached("hidden", incrementalMethod="cursor", cursorColumn="at", deleteDetection="keys")
                engine.run("DELETE FROM hidden WHERE id = 77")
                engine.run(f"INSERT INTO hidden VALUES (8000, 'instead', {engine.ago(86400)}, 0)")
                self.assertEqual(self.refresh(cache), (1, 0, 1, ROWS))
                self.assertNotIn(77, engine.notes("hidden"))
                self.assertEqual(engine.notes("hidden")[8000], "instead")

    def test_full_reads_everything_and_says_who_wanted_it(self):
        engine = self.postgres
        engine.make("whole")
        cache = engine.cached("whole", incrementalMethod="full")
        self.assertEqual(self.method(cache), ("full", 0))
        self.assertIn("chosen", self.project.status(cache)["refreshMethod"]["reason"])
        engine.run("UPDATE whole SET note = 'x' WHERE id < 4")
        self.assertEqual(self.refresh(cache), (0, 3, 0, ROWS))

    def test_a_key_of_ones_own(self):
        engine = self.postgres
        engine.run(f"CREATE TABLE keyless AS SELECT n::int AS id, 'n' || n AS note, now() AS at FROM generate_series(1, {ROWS}) n")
        until("the table is seen", lambda: "keyless" in self.project.tables(engine.catalog, "public"), 30, 0.2)
        cache = engine.cached("keyless", keyColumns=["ID"])
        engine.run("UPDATE keyless SET note = 'x' WHERE id = 4; DELETE FROM keyless WHERE id = 5")
        self.assertEqual(self.refresh(cache), (0, 1, 1, ROWS - 1))
        engine.run("INSERT INTO keyless VALUES (4, 'twice', now())")  # a key that is none
        self.assertEqual(self.refresh(cache)[3], ROWS)
        rows = self.project.query(f"SELECT note FROM {engine.table('keyless')} WHERE id = 4 ORDER BY note", "COMPACT")
        self.assertEqual(rows, [["twice"], ["x"]])

    def test_drift(self):
        engine = self.postgres
        caches = {}
        for policy in ("evolve", "freeze", "fail"):
            engine.make(f"drift_{policy}")
            caches[policy] = engine.cached(f"drift_{policy}", driftPolicy=policy)
            engine.run(f"ALTER TABLE drift_{policy} ADD COLUMN more int DEFAULT 5")
        self.assertEqual(self.refresh(caches["evolve"])[3], ROWS)
        self.assertEqual(self.project.query(f"SELECT max(more) FROM {engine.table('drift_evolve')}", "COMPACT"), [["5"]])
        engine.run("UPDATE drift_freeze SET note = 'x' WHERE id = 6")
        self.assertEqual(self.refresh(caches["freeze"]), (0, 1, 0, ROWS))
        self.assertEqual(len(self.project.query(f"SELECT * FROM {engine.table('drift_freeze')} LIMIT 1", "COMPACT")[0]), 4)
        execution = self.project.refresh(caches["fail"], INCREMENTAL)
        self.assertEqual((execution["status"], execution["error"]["errorCode"]), ("FAILED", "STRUCTURE_CHANGED"))
        self.assertIn("more", execution["error"]["message"])
        self.assertEqual(len(engine.notes("drift_fail")), ROWS)
        engine.run("ALTER TABLE drift_freeze DROP COLUMN counted")  # what freezing cannot give
        execution = self.project.refresh(caches["freeze"], INCREMENTAL)
        self.assertEqual((execution["status"], execution["error"]["errorCode"]), ("FAILED", "STRUCTURE_CHANGED"))

    def test_what_is_asked_wrongly_is_refused_with_its_field(self):
        self.postgres.make("asked")
        cursor = {"incrementalMethod": "cursor", "cursorColumn": "at"}
        for field, options in (
                ("incrementalMethod", {"incrementalMethod": "best"}), ("driftPolicy", {"driftPolicy": "EVOLVE!"}),
                ("deleteDetection", {"deleteDetection": "none"}), ("cursorColumn", {"incrementalMethod": "cursor"}),
                ("cursorColumn", {"incrementalMethod": "append", "cursorColumn": "no_such"}),
                ("cursorColumn", {"incrementalMethod": "cursor", "cursorColumn": "note"}),
                ("cursorColumn", {"cursorColumn": "at"}), ("lookback", {"lookback": "PT1H"}),
                ("lookback", cursor | {"lookback": "an hour"}), ("lookback", cursor | {"cursorColumn": "counted", "lookback": "PT1H"}),
                ("lookback", cursor | {"incrementalMethod": "append", "lookback": "PT1H"}),
                ("keyColumns[1]", {"keyColumns": ["id", "no_such"]}), ("keyColumns[1]", {"keyColumns": ["id", "ID"]})):
            with self.subTest(options=options):
                self.refused("asked", field, **options)
        self.assertFalse([item for item in self.project.statuses() if item["tableName"] == "asked"])

    def test_options_are_shown_changed_and_taken_back(self):
        self.postgres.make("shown")
        chosen = {"incrementalMethod": "cursor", "cursorColumn": "at", "lookback": "PT2H", "keyColumns": ["id"],
                  "driftPolicy": "freeze", "deleteDetection": "keys"}
        items = [{"catalogId": self.postgres.catalog["id"], "schemaName": "public", "tableName": "shown"} | chosen,
                 {"catalogId": self.postgres.catalog["id"], "schemaName": "public", "tableName": "customers", "lookback": "x"}]
        made, refused = self.client.post(f"{self.project.data}/cache/batch", items)
        self.assertTrue(made["success"])
        self.assertEqual({name: made["cache"][name] for name in OPTIONS}, chosen)
        self.assertFalse(refused["success"])
        self.assertIn("lookback", refused["error"])
        path = f"{self.project.data}/cache/{made['cache']['id']}"
        self.project.settled(made["cache"]["id"])
        shown = self.client.api("PUT", path, {"lookback": "PT3H"})
        self.assertEqual({name: shown[name] for name in OPTIONS}, chosen | {"lookback": "PT3H"})
        answer = self.client.send("PUT", BASE + path, {"lookback": "soon"})
        self.assertEqual(answer.status, 400)
        back = self.client.api("PUT", path, dict.fromkeys(OPTIONS, "") | {"keyColumns": []})
        self.assertFalse([name for name in OPTIONS if name in back])
        world().server.stop()
        world().server.start(world().server.port)
        self.assertFalse([name for name in OPTIONS if name in self.client.get(path)])


if __name__ == "__main__":
    unittest.main()
