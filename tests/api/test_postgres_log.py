"""Incremental refreshes of PostgreSQL by its log of changes: what the log tells is read and nothing else, and nothing is lost
where the log is, becomes or was made unfit."""

import time
import unittest

from api.world import world
from rig.postgres import LOGICAL, Postgres
from rig.shop import INCREMENTAL, every
from rig.waiting import until

LARGE = 150_000  # rows; smaller tables are counted all the same
TABLE = f"""
CREATE TABLE {{0}} (id bigint PRIMARY KEY, note text, at timestamptz DEFAULT '2026-01-01', amount numeric(20,4));
INSERT INTO {{0}} SELECT n, 'note ' || n, timestamptz '2026-01-01 00:00:00Z' + n * interval '1 minute', n * 1.0001
FROM generate_series(1, {LARGE}) n; VACUUM ANALYZE {{0}};
"""
# Keys that need care on their way from the log into a statement and back.
TEXTS = ["plain", "it's", 'double "quotes"', "back\\slash", "{braces,and}", "NULL", "", " space ", "ünïcode €", "line\nbreak", "%s $1 :x"]


class PostgresLogTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = Postgres(**LOGICAL, synchronous_commit="on").start()
        cls.addClassCleanup(cls.postgres.close)
        cls.world = world()
        cls.project = cls.world.first
        cls.connection = cls.project.connect("Logged shop", "POSTGRES", cls.postgres.credential())
        cls.catalog = cls.project.catalog("Logged shop", cls.connection)

    def source(self, table):
        return f'"{self.catalog["name"]}".public."{table}"'

    def make(self, table, sql, ready=True, catalog=None, **options):
        """A cache by the log; `ready`: refreshed until the log tells its changes."""
        self.postgres.run(sql)
        catalog = catalog or self.catalog
        until("the table is seen", lambda: table in self.project.tables(catalog, "public"), 30, 0.2)
        self.addCleanup(self.postgres.run, f"DROP TABLE {table} CASCADE")
        cache = self.project.cached(catalog, "public", table, incrementalMethod="log",
                                    incrementalCacheSchedule=every("P1D"), **options)["id"]
        self.addCleanup(self.delete, cache)
        if ready:
            self.refresh(cache)
            self.assertEqual(self.method(cache), ("log", 5, None))
        return cache

    def delete(self, cache):
        if any(item["id"] == cache for item in self.world.client.get(f"{self.project.data}/cache/status")):
            self.world.client.api("DELETE", f"{self.project.data}/cache/{cache}")

    def method(self, cache):
        method = self.project.status(cache)["refreshMethod"]
        return method["incrementalMethod"], method["level"], method["reason"]

    def refresh(self, cache, how=INCREMENTAL, **query):
        """Inserted, updated, deleted and cached rows."""
        execution = self.project.refresh(cache, how, **query)
        self.assertEqual(execution["status"], "COMPLETED", execution)
        progress = execution["progress"]
        return tuple(progress[f"numberOf{what}Records"] for what in ("Inserted", "Updated", "Deleted", "Cached"))

    def scans(self, table):
        """How often PostgreSQL has read the whole table."""
        def counted():
            return int(self.postgres.rows(f"SELECT seq_scan FROM pg_stat_user_tables WHERE relname = '{table}'")[0][0])
        seen = counted()
        while True:  # its counters follow within a moment of a session's end
            time.sleep(0.5)
            now = counted()
            if now == seen:
                return now
            seen = now

    def slot_of(self, cache):
        return "tarn_" + cache.replace("-", "_")

    def slots(self):
        return self.postgres.rows("SELECT slot_name, confirmed_flush_lsn - '0/0' FROM pg_replication_slots")

    def told(self, cache):
        logs = self.world.client.get(f"{self.project.data}/cache/{cache}/status")["cacheActionLogs"]
        return " ".join(entry["message"] for entry in logs[:3])

    def expect_same(self, table):
        query = "SELECT count(*), sum(id), sum(amount), count(note) FROM {0}"
        copy = self.project.query(query.format(self.source(table)), "COMPACT")[0]
        source = self.postgres.rows(query.format(table))[0]
        self.assertEqual([float(value or 0) for value in copy], [float(value or 0) for value in source])

    def test_every_kind_of_change_is_told_and_the_table_is_not_read(self):
        cache = self.make("followed", TABLE.format("followed"))
        scans = self.scans("followed")
        for change, counts in (
                ("SELECT 1", (0, 0, 0, LARGE)),
                ("UPDATE followed SET note = NULL WHERE id % 1000 = 7", (0, 150, 0, LARGE)),
                ("UPDATE followed SET note = note WHERE id < 100", (0, 0, 0, LARGE)),
                ("DELETE FROM followed WHERE id IN (5, 77777)", (0, 0, 2, LARGE - 2)),
                ("INSERT INTO followed (id, note) VALUES (5, 'again'), (-5, 'first')", (2, 0, 0, LARGE)),
                ("UPDATE followed SET id = 1000000 WHERE id = 9", (1, 0, 1, LARGE)),
                ("BEGIN; DELETE FROM followed WHERE id = 10; INSERT INTO followed (id, note) VALUES (10, 'x'); COMMIT", (0, 1, 0, LARGE)),
                ("INSERT INTO followed (id) VALUES (-9); DELETE FROM followed WHERE id = -9", (0, 0, 0, LARGE)),
                ("BEGIN; UPDATE followed SET note = 'y' WHERE id < 1000; ROLLBACK", (0, 0, 0, LARGE)),
        ):
            with self.subTest(change=change):
                self.postgres.run(change)
                # The statements above look for their rows themselves.
                before = self.scans("followed")
                self.assertEqual(self.refresh(cache), counts)
                self.assertEqual(self.scans("followed"), before)
                self.expect_same("followed")
        self.assertLess(scans, self.scans("followed"))  # the counter does count
        self.assertNotIn("could not be used", self.told(cache))

    def test_what_is_emptied_or_changed_in_bulk_is_found_otherwise(self):
        cache = self.make("in_bulk", TABLE.format("in_bulk"))
        self.postgres.run("UPDATE in_bulk SET amount = amount + 1")
        self.assertEqual(self.refresh(cache), (0, LARGE, 0, LARGE))
        self.expect_same("in_bulk")
        self.postgres.run("DELETE FROM in_bulk WHERE id = 3")
        self.assertEqual(self.refresh(cache), (0, 0, 1, LARGE - 1))
        self.postgres.run("TRUNCATE in_bulk; INSERT INTO in_bulk (id, note) VALUES (1, 'new'), (2, 'new')")
        self.assertEqual(self.refresh(cache), (0, 2, LARGE - 3, 2))
        self.postgres.run("ALTER TABLE in_bulk ADD COLUMN more int DEFAULT 7; UPDATE in_bulk SET more = 8 WHERE id = 1")
        self.refresh(cache)
        self.assertEqual(self.project.query(f"SELECT id, more FROM {self.source('in_bulk')} ORDER BY id", "COMPACT"),
                         [["1", "8"], ["2", "7"]])

    def test_a_transaction_that_commits_late_is_not_lost(self):
        cache = self.make("late", TABLE.format("late"))
        # A prepared transaction holds what it wrote over any number of refreshes, as one that commits late does.
        self.postgres.run("BEGIN; INSERT INTO late (id) VALUES (-1); UPDATE late SET note = 'late' WHERE id = 1; PREPARE TRANSACTION 'late'")
        for i in range(3):
            self.postgres.run(f"INSERT INTO late (id) VALUES ({-10 - i})")
            self.assertEqual(self.refresh(cache), (1, 0, 0, LARGE + i + 1))
        # What was stored of the log outlives refreshes that find nothing, though the open transaction holds it back.
        self.refresh(cache)
        self.refresh(cache)
        scans = self.scans("late")
        self.postgres.run("INSERT INTO late (id) VALUES (-20)")
        self.assertEqual(self.refresh(cache), (1, 0, 0, LARGE + 4))
        self.assertEqual(self.scans("late"), scans)
        self.postgres.run("COMMIT PREPARED 'late'")
        self.assertEqual(self.refresh(cache), (1, 1, 0, LARGE + 5))
        self.expect_same("late")

    def test_values_that_the_log_leaves_out_are_read_from_the_table(self):
        cache = self.make("wide", "CREATE TABLE wide (id int PRIMARY KEY, body text, n int); ALTER TABLE wide ALTER body SET STORAGE EXTERNAL; "
                                  "INSERT INTO wide SELECT n, repeat(md5(n::text), 500), 0 FROM generate_series(1, 20) n")
        self.postgres.run("UPDATE wide SET n = 1 WHERE id = 7")  # the log has no body
        self.assertEqual(self.refresh(cache), (0, 1, 0, 20))
        self.assertEqual(self.project.query(f"SELECT length(body), n FROM {self.source('wide')} WHERE id = 7", "COMPACT"), [["16000", "1"]])

    def test_keys_of_every_kind(self):
        self.postgres.run("CREATE TYPE tint AS ENUM ('red', 'dark \"blue\"'); CREATE DOMAIN code AS varchar(20); "
                          "CREATE COLLATION backwards (provider = icu, locale = 'de-u-kf-upper')")
        self.addCleanup(self.postgres.run, "DROP TYPE tint; DROP DOMAIN code; DROP COLLATION backwards")
        kinds = (
                ("key_text", "k text", TEXTS),
                ("key_collated", 'k text COLLATE backwards', TEXTS),
                ("key_c", 'k varchar(40) COLLATE "C"', TEXTS),
                ("key_char", "k char(20)", ["a", "b ", "it's"]),
                ("key_number", "k numeric", ["1", "1.50", "-0.001", "99999999999999999999"]),
                ("key_double", "k float8", ["0.1", "1e300", "-5"]),
                ("key_uuid", "k uuid", ["6f0c0ad8-3c3e-4f0b-9f3c-0f1f4a6d5e77"]),
                ("key_time", "k timestamptz", ["2026-01-01 12:34:56.789012+05", "infinity", "0001-01-01 00:00:00+00"]),
                ("key_date", "k date", ["2026-02-28", "infinity"]),
                ("key_bytes", "k bytea", ["\\x00ff275c", "\\x"]),
                ("key_enum", "k tint", ["red", 'dark "blue"']),
                ("key_domain", "k code", ["x", "it's"]),
                ("key_bool", "k boolean", ["true"]),
                ("\"Key of 'Names'\"", 'k text', TEXTS[:3]),
        )
        self.postgres.run("; ".join(f'CREATE TABLE {table} ({columns}, "Other Part" int, n int, PRIMARY KEY ("Other Part", k))'
                                    for table, columns, _ in kinds))
        self.addCleanup(self.postgres.run, "; ".join(f"DROP TABLE {table}" for table, _, _ in kinds))
        until("the tables are seen", lambda: kinds[-1][0].strip('"') in self.project.tables(self.catalog, "public"), 30, 0.2)
        for table, columns, values in kinds:
            with self.subTest(table=table):
                cache = self.project.cached(self.catalog, "public", table.strip('"'), incrementalMethod="log")["id"]
                self.addCleanup(self.delete, cache)
                self.refresh(cache)
                rows = ", ".join("(" + self.literal(value) + f", {i}, 0)" for i, value in enumerate(values))
                self.postgres.run(f"INSERT INTO {table} VALUES {rows}")
                count = len(values)
                self.assertEqual(self.refresh(cache), (count, 0, 0, count))
                self.postgres.run(f"UPDATE {table} SET n = 1")
                self.assertEqual(self.refresh(cache), (0, count, 0, count))
                self.postgres.run(f'UPDATE {table} SET "Other Part" = 100 WHERE "Other Part" = 0')
                self.assertEqual(self.refresh(cache), (1, 0, 1, count))
                self.postgres.run(f'DELETE FROM {table} WHERE "Other Part" > 0')
                self.assertEqual(self.refresh(cache), (0, 0, count, 0))
                self.assertNotIn("could not be used", self.told(cache))

    @staticmethod
    def literal(value):
        return "'" + value.replace("'", "''") + "'"

    def test_a_log_that_was_lost_is_noticed_and_begun_anew(self):
        cache = self.make("orphaned", TABLE.format("orphaned"))
        slot = self.slot_of(cache)
        self.postgres.run(f"SELECT pg_drop_replication_slot('{slot}')")
        self.postgres.run("UPDATE orphaned SET note = 'unheard' WHERE id = 1; DELETE FROM orphaned WHERE id = 2")
        self.assertEqual(self.refresh(cache), (0, 1, 1, LARGE - 1))
        self.assertIn("does not go back far enough", self.told(cache))
        # Advanced by somebody else.
        self.refresh(cache)
        self.postgres.run("UPDATE orphaned SET note = 'skipped' WHERE id = 3; DELETE FROM orphaned WHERE id = 4")
        self.postgres.run(f"SELECT pg_replication_slot_advance('{slot}', pg_current_wal_lsn())")
        self.assertEqual(self.refresh(cache), (0, 1, 1, LARGE - 2))
        self.postgres.run("UPDATE orphaned SET note = 'heard' WHERE id = 5")
        scans = self.scans("orphaned")
        self.assertEqual(self.refresh(cache), (0, 1, 0, LARGE - 2))
        self.assertEqual(self.scans("orphaned"), scans)
        self.expect_same("orphaned")

    def test_a_table_that_was_not_published_for_a_while_is_read_otherwise(self):
        for name, off, on in (("unpublished", "ALTER PUBLICATION {0} DROP TABLE unpublished", "ALTER PUBLICATION {0} ADD TABLE unpublished"),
                              ("half", "ALTER PUBLICATION {0} SET (publish = 'insert')", "ALTER PUBLICATION {0} SET (publish = 'insert, update, delete, truncate')"),
                              ("otherwise", "ALTER TABLE otherwise REPLICA IDENTITY USING INDEX otherwise_more", "ALTER TABLE otherwise REPLICA IDENTITY DEFAULT")):
            with self.subTest(name=name):
                cache = self.make(name, TABLE.format(name) + f"ALTER TABLE {name} ADD more bigint GENERATED ALWAYS AS IDENTITY; "
                                                             f"CREATE UNIQUE INDEX {name}_more ON {name} (more)")
                publication = self.postgres.rows(f"SELECT pubname FROM pg_publication_tables WHERE tablename = '{name}'")[0][0]
                self.postgres.run(f"{off.format(publication)}; UPDATE {name} SET id = -id WHERE id IN (1, 2); UPDATE {name} SET note = 'x' WHERE id = 3;"
                                  f"{on.format(publication)}")
                self.assertEqual(self.refresh(cache), (2, 1, 2, LARGE))
                self.expect_same(name)

    def test_the_log_is_let_go_as_the_copy_is_refreshed_and_ends_with_it(self):
        cache = self.make("held", TABLE.format("held"))
        other = self.make("holding", TABLE.format("holding"))
        name = self.slot_of(cache)
        def released():
            return dict(self.slots())[name]
        begun = int(released())
        for _ in range(3):
            self.postgres.run("UPDATE held SET note = 'a' || note WHERE id < 1000")
            self.assertEqual(self.refresh(cache), (0, 999, 0, LARGE))
        self.assertGreater(int(released()), begun)
        self.delete(other)
        until("its slot is gone", lambda: self.slot_of(other) not in dict(self.slots()), 30, 0.2)
        self.assertIn(name, dict(self.slots()))
        self.world.client.api("PUT", f"{self.project.data}/cache/{cache}", {"incrementalMethod": "auto"})
        until("the slot is gone", lambda: name not in dict(self.slots()), 30, 0.2)
        self.assertEqual(self.postgres.rows(f"SELECT pubname FROM pg_publication WHERE pubname LIKE '{name}%'"), [])
        self.postgres.run("UPDATE held SET note = 'd' WHERE id < 10")
        self.assertEqual(self.refresh(cache), (0, 9, 0, LARGE))
        self.assertEqual(self.method(cache), ("xmin", 4, None))
        self.assertNotIn(name, dict(self.slots()))

    def test_a_role_without_the_rights_is_told_so_and_one_with_a_publication_needs_no_more(self):
        self.postgres.run("CREATE ROLE reader LOGIN PASSWORD 'reader-1'; CREATE ROLE follower LOGIN REPLICATION PASSWORD 'follower-1'")
        self.addCleanup(self.postgres.run, "DROP ROLE reader; DROP ROLE follower")
        sql = TABLE.format("guarded") + "GRANT SELECT ON guarded TO reader, follower;"
        reader = self.project.source("Reading shop", "POSTGRES", self.postgres.credential(user="reader", password="reader-1"))
        cache = self.make("guarded", sql, ready=False, catalog=reader)
        name, level, reason = self.method(cache)
        self.assertEqual((name, level), ("xmin", 4))
        self.assertIn("log was chosen, but PostgreSQL refused: 42501", reason)
        self.delete(cache)
        self.postgres.run("CREATE PUBLICATION mine FOR TABLE guarded")
        self.addCleanup(self.postgres.run, "DROP PUBLICATION IF EXISTS mine")
        follower = self.project.source("Following shop", "POSTGRES", self.postgres.credential(user="follower", password="follower-1"))
        cache = self.project.cached(follower, "public", "guarded", incrementalMethod="log")["id"]
        self.refresh(cache)
        self.assertEqual(self.method(cache), ("log", 5, None))
        self.postgres.run("DELETE FROM guarded WHERE id = 1")
        scans = self.scans("guarded")
        self.assertEqual(self.refresh(cache), (0, 0, 1, LARGE - 1))
        self.assertEqual(self.scans("guarded"), scans)
        self.delete(cache)
        until("the slot is gone", lambda: self.slot_of(cache) not in dict(self.slots()), 30, 0.2)
        self.assertEqual(self.postgres.rows("SELECT pubname FROM pg_publication WHERE pubname = 'mine'"), [["mine"]])  # is not ours

    def test_what_stands_against_the_log_is_said(self):
        for name, sql, reason in (
                ("key_elsewhere", "CREATE TABLE key_elsewhere (id int UNIQUE NOT NULL, n int PRIMARY KEY); ALTER TABLE key_elsewhere REPLICA IDENTITY USING INDEX key_elsewhere_id_key",
                 "replica identity"),
                ("key_of_arrays", "CREATE TABLE key_of_arrays (id int[] PRIMARY KEY, n int); INSERT INTO key_of_arrays VALUES ('{1,2}', 3)", "array"),
                ("in_parts", "CREATE TABLE in_parts (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE in_parts_1 PARTITION OF in_parts DEFAULT", "partitioned"),
        ):
            with self.subTest(name=name):
                cache = self.make(name, sql, ready=False)
                self.assertEqual(self.method(cache)[:2], ("xmin", 4))
                self.assertIn(reason, self.method(cache)[2])
        # A server that does not write such a log.
        usual = self.world.postgres
        usual.run("CREATE TABLE unlogged_shop (id int PRIMARY KEY); INSERT INTO unlogged_shop VALUES (1)")
        self.addCleanup(usual.run, "DROP TABLE unlogged_shop")
        until("the table is seen", lambda: "unlogged_shop" in self.project.tables(self.world.catalog, "public"), 30, 0.2)
        cache = self.project.cached(self.world.catalog, "public", "unlogged_shop", incrementalMethod="log")["id"]
        self.addCleanup(self.delete, cache)
        self.assertEqual(self.method(cache), ("xmin", 4, "log was chosen, but the server's wal_level is not logical"))

    def test_an_open_transaction_does_not_keep_a_copy_from_being_made(self):
        self.postgres.run("CREATE TABLE elsewhere (id int)")
        self.addCleanup(self.postgres.run, "ROLLBACK PREPARED 'open'; DROP TABLE elsewhere")
        self.postgres.run("BEGIN; INSERT INTO elsewhere VALUES (1); PREPARE TRANSACTION 'open'")
        cache = self.make("hasty", TABLE.format("hasty"), ready=False)
        self.assertEqual(self.method(cache)[:2], ("xmin", 4))
        self.assertIn("transactions that are open", self.method(cache)[2])
        self.postgres.run("UPDATE hasty SET note = 'x' WHERE id = 1")
        self.assertEqual(self.refresh(cache), (0, 1, 0, LARGE))

    def test_a_log_whose_source_is_down_ends_when_it_is_back(self):
        cache = self.make("stranded", TABLE.format("stranded"))
        self.assertIn(self.slot_of(cache), dict(self.slots()))
        self.postgres.stop()
        try:
            self.delete(cache)
        finally:
            self.postgres.start()
        until("the copy's folder is gone", lambda: not list((self.world.server.data / "cache").glob(f"*/{cache}")), 10)
        until("the slot is gone", lambda: self.slot_of(cache) not in dict(self.slots()), 90, 0.5)
