"""Incremental refreshes of PostgreSQL through the API: only what changed is read, and nothing is lost."""

import unittest

from api.world import world
from rig.shop import FULL, INCREMENTAL, SLOTS, every
from rig.waiting import until

TABLE = """
CREATE TABLE moving (id bigint PRIMARY KEY, note text, at timestamptz, amount numeric(20,4));
INSERT INTO moving SELECT n, 'note ' || n, timestamptz '2026-01-01 00:00:00Z' + n * interval '1 minute', n * 1.0001 FROM generate_series(1, 150000) n;
"""
SAME = "SELECT count(*), sum(id), count(DISTINCT note), sum(amount), max(at) FROM {0}"


class IncrementalTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.postgres, self.project = self.world.postgres, self.world.first

    def make(self, table, sql):
        self.postgres.run(sql)
        until("the table is seen", lambda: table in self.project.tables(self.world.catalog, "public"), 30, 0.2)
        self.addCleanup(self.postgres.run, f"DROP TABLE {table} CASCADE")
        cache = self.project.cached(self.world.catalog, "public", table, incrementalCacheSchedule=every("P1D"))["id"]
        self.addCleanup(self.world.client.api, "DELETE", f"{self.project.data}/cache/{cache}")
        return cache

    def refresh(self, cache, **query):
        """Inserted, updated, deleted and cached rows of an incremental refresh."""
        execution = self.project.refresh(cache, INCREMENTAL, **query)
        self.assertEqual(execution["status"], "COMPLETED", execution)
        progress = execution["progress"]
        return tuple(progress[f"numberOf{what}Records"] for what in ("Inserted", "Updated", "Deleted", "Cached"))

    def expect_same(self, table):
        copy = self.project.query(SAME.format(self.world.source(table)), "SIMPLE")[0]
        source = self.postgres.rows(SAME.format(table) + " x")[0]
        self.assertEqual([str(value) for value in copy.values()][:2], [str(value) for value in source][:2])
        difference = self.project.query(f"SELECT count(*) FROM {self.world.source(table)} WHERE note IS NULL", "COMPACT")
        self.assertEqual(int(difference[0][0]), int(self.postgres.rows(f"SELECT count(*) FROM {table} WHERE note IS NULL")[0][0]))

    def test_counters_are_exact_through_every_kind_of_change(self):
        cache = self.make("moving", TABLE)
        method = self.project.status(cache)["refreshMethod"]
        self.assertEqual((method["incrementalMethod"], method["level"], method["reason"]), ("xmin", 4, None))
        self.assertTrue(method["verifiedAt"])
        for change, counts in (
                ("SELECT 1", (0, 0, 0, 150000)),
                ("UPDATE moving SET note = NULL WHERE id % 1000 = 7", (0, 150, 0, 150000)),
                ("UPDATE moving SET note = note WHERE id < 100", (0, 0, 0, 150000)),  # written, not changed
                ("DELETE FROM moving WHERE id IN (5, 77777)", (0, 0, 2, 149998)),
                ("INSERT INTO moving (id, note) VALUES (5, 'again'), (-5, 'first')", (2, 0, 0, 150000)),
                ("UPDATE moving SET id = 1000000 WHERE id = 9", (1, 0, 1, 150000)),
                ("BEGIN; DELETE FROM moving WHERE id = 10; INSERT INTO moving (id, note) VALUES (10, 'x'); COMMIT", (0, 1, 0, 150000)),
                ("BEGIN; UPDATE moving SET note = 'y'; ROLLBACK", (0, 0, 0, 150000)),
                ("UPDATE moving SET amount = amount + 1", (0, 149997, 0, 150000)),  # of three rows it is NULL
                ("TRUNCATE moving; INSERT INTO moving (id, note) VALUES (1, 'new'), (2, 'new')", (0, 2, 149998, 2)),
        ):
            with self.subTest(change=change):
                self.postgres.run(change)
                self.assertEqual(self.refresh(cache), counts)
                self.expect_same("moving")

    def test_a_transaction_that_commits_late_is_not_lost(self):
        cache = self.make("tardy", "CREATE TABLE tardy (id serial PRIMARY KEY, note text); INSERT INTO tardy (note) SELECT 'n' FROM generate_series(1, 1000)")
        # A prepared transaction holds what it wrote over any number of refreshes, as one that commits late does.
        self.postgres.run("BEGIN; INSERT INTO tardy (note) VALUES ('late'); UPDATE tardy SET note = 'late' WHERE id = 1; PREPARE TRANSACTION 'tardy'")
        self.postgres.run("INSERT INTO tardy (note) VALUES ('early')")
        self.assertEqual(self.refresh(cache), (1, 0, 0, 1001))
        self.assertEqual(self.refresh(cache), (0, 0, 0, 1001))
        self.postgres.run("COMMIT PREPARED 'tardy'")
        self.assertEqual(self.refresh(cache), (1, 1, 0, 1002))

    def test_a_refresh_tells_how_far_it_is_while_it_runs(self):
        cache = self.make("far", "CREATE TABLE far (id int PRIMARY KEY, note text); INSERT INTO far SELECT n, 'n' FROM generate_series(1, 1000) n; ANALYZE far")
        def progress():
            execution = self.project.status(cache).get(SLOTS[FULL])
            return execution["progress"] if execution else {}
        self.assertNotIn("estimatedNumberOfRecords", progress())
        with self.postgres.locked("far"):
            self.world.client.post(f"{self.project.data}/cache/{cache}/{FULL}")
            told = until("the estimate is told", lambda: progress() if progress().get("estimatedNumberOfRecords") else None, 30, 0.1)
            self.assertEqual(int(told["estimatedNumberOfRecords"]), 1000)
            self.assertGreaterEqual(int(told["numberOfBytesWritten"]), 0)
            self.assertEqual(int(told["numberOfCachedRecords"]), 0)
        until("it ends", lambda: int(progress().get("numberOfCachedRecords", 0)) == 1000, 30, 0.1)
        until("only what is final is told", lambda: "estimatedNumberOfRecords" not in progress(), 30, 0.1)

    def test_why_a_table_is_read_whole_is_said(self):
        cache = self.make("keyless", "CREATE TABLE keyless (id int, note text); INSERT INTO keyless VALUES (1, 'a')")
        method = self.project.status(cache)["refreshMethod"]
        self.assertEqual((method["incrementalMethod"], method["level"]), ("full", 0))
        self.assertIn("no key", method["reason"])

    def audit(self, cache):
        """The counts of a refresh that audits, how many rows differed, and what the log says of it."""
        counts = self.refresh(cache, audit="true")
        method = self.project.status(cache)["refreshMethod"]
        self.assertEqual(method["auditedAt"], method["verifiedAt"])
        def told():
            logs = self.world.client.get(f"{self.project.data}/cache/{cache}/status")["cacheActionLogs"]
            return logs[0]["action"] if logs[0]["action"].startswith("AUDIT") else None
        return counts, method["auditRepairedRows"], until("the log tells of it", told, 5)

    def test_an_audit_finds_and_repairs_what_the_method_did_not_see(self):
        # With a cursor, which sees no row that is not stamped; of many rows by ranges of keys, of few as a whole, and with
        # a column that the server cannot sum up by reading everything.
        for name, rows, more in (("ranges", 150000, ""), ("few", 500, ""), ("jsonic", 500, ", more jsonb DEFAULT '{\"a\": 1}'")):
            with self.subTest(name=name):
                self.postgres.run(f"CREATE TABLE {name} (id bigint PRIMARY KEY, note text, at timestamptz DEFAULT now(){more}); "
                                  f"INSERT INTO {name} (id, note) SELECT n, 'note ' || n FROM generate_series(1, {rows}) n")
                until("the table is seen", lambda table=name: table in self.project.tables(self.world.catalog, "public"), 30, 0.2)
                cache = self.project.cached(self.world.catalog, "public", name, incrementalMethod="cursor", cursorColumn="at",
                                            lookback="PT0S", incrementalCacheSchedule=every("P1D"))["id"]
                self.assertEqual(self.audit(cache), ((0, 0, 0, rows), 0, "AUDITED"))
                self.postgres.run(f"UPDATE {name} SET at = now() - interval '1 day' WHERE id <> 1; UPDATE {name} SET at = now() WHERE id = 1")
                self.audit(cache)
                self.postgres.run(f"UPDATE {name} SET note = 'unseen' WHERE id IN (7, 400); DELETE FROM {name} WHERE id = 8; "
                                  f"INSERT INTO {name} VALUES (-8, 'unseen', now() - interval '1 day')")
                self.assertEqual(self.refresh(cache), (0, 0, 0, rows))
                self.postgres.run(f"UPDATE {name} SET note = 'seen', at = now() WHERE id = 9")
                self.assertEqual(self.audit(cache), ((1, 3, 1, rows), 4, "AUDIT_REPAIRED"))
                self.assertEqual(self.project.query(f"SELECT count(*) FROM {self.world.source(name)} WHERE note = 'unseen'", "COMPACT"), [["3"]])
                self.assertEqual(self.audit(cache), ((0, 0, 0, rows), 0, "AUDITED"))
        metrics = self.world.client.send("GET", "/metrics").text
        self.assertRegex(metrics, r"tarn_audit_repaired_rows [1-9]")

    def test_an_audit_of_what_is_not_lost_finds_nothing(self):
        cache = self.make("sound", TABLE.replace("moving", "sound"))
        self.assertEqual(self.audit(cache), ((0, 0, 0, 150000), 0, "AUDITED"))
        self.postgres.run("UPDATE sound SET note = NULL WHERE id % 10 = 0; DELETE FROM sound WHERE id = 9; INSERT INTO sound (id) VALUES (-1)")
        self.assertEqual(self.audit(cache), ((1, 15000, 1, 150000), 0, "AUDITED"))


if __name__ == "__main__":
    unittest.main()
