"""Incremental refreshes of MariaDB by the server's own stamps: what they find, what bounds them, and where they are refused."""

import shutil
import subprocess
import unittest

from api.test_mysql import mariadb
from api.world import world
from rig.mariadb import MariaDB
from rig.shop import INCREMENTAL, every
from rig.waiting import until

STAMPED = "at timestamp(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3)"
COUNTS = ("Inserted", "Updated", "Deleted", "Cached")


class Session:
    """A client of MariaDB whose transaction stays open."""

    def __init__(self, server):
        self.process = subprocess.Popen([*server.command(), "--unbuffered"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=server.environment(), text=True)

    def run(self, sql):
        self.process.stdin.write(f"{sql}; SELECT 'done';\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.strip() == "done":
                return

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


class MysqlChangesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server, cls.project = mariadb(), world().first
        cls.catalog = cls.project.source("Changes of MariaDB", "MARIADB", cls.server.credential())

    def session(self):
        made = Session(self.server)
        self.addCleanup(made.close)
        return made

    def cached(self, name, catalog=None, schema="shop"):
        catalog = catalog or self.catalog
        until("the table is seen", lambda: name in self.project.tables(catalog, schema), 30, 0.2)
        return self.project.cached(catalog, schema, name, incrementalCacheSchedule=every("P1D"))["id"]

    def refreshed(self, cache, **query):
        """The counters of a refresh, and its method."""
        done = self.project.refresh(cache, INCREMENTAL, **query)
        self.assertEqual(done["status"], "COMPLETED", done)
        return [done["progress"][f"numberOf{what}Records"] for what in COUNTS]

    def method(self, cache):
        found = self.project.status(cache)["refreshMethod"]
        return found["incrementalMethod"], found["level"], found["reason"]

    def same(self, name):
        rows = self.project.query(f'SELECT id, n FROM "{self.catalog["name"]}".shop.{name} ORDER BY id', "COMPACT")
        self.assertEqual(rows, [line.split("\t") for line in self.server.run(f"SELECT id, n FROM {name} ORDER BY id").splitlines()])

    def test_what_changes_is_found_and_counted(self):
        self.server.run(f"CREATE TABLE stamped_rows (id int PRIMARY KEY, n int, {STAMPED}); INSERT INTO stamped_rows (id, n) SELECT seq, seq FROM seq_1_to_1000;")
        cache = self.cached("stamped_rows")
        self.assertEqual(self.method(cache)[:2], ("updated_at", 3))
        for work, counts in (("DO 1", [0, 0, 0, 1000]),
                             ("UPDATE stamped_rows SET n = -1 WHERE id <= 10", [0, 10, 0, 1000]),
                             ("INSERT INTO stamped_rows (id, n) SELECT seq, 0 FROM seq_2001_to_2005", [5, 0, 0, 1005]),
                             ("DELETE FROM stamped_rows WHERE id > 2003", [0, 0, 2, 1003]),
                             ("UPDATE stamped_rows SET id = id + 5000 WHERE id BETWEEN 501 AND 503", [3, 0, 3, 1003]),
                             ("INSERT INTO stamped_rows (id, n, at) SELECT seq, 1, '2001-01-01' FROM seq_3001_to_3007", [7, 0, 0, 1010]),
                             ("REPLACE INTO stamped_rows (id, n) VALUES (1, 5), (9999, 5)", [1, 1, 0, 1011]),
                             ("TRUNCATE TABLE stamped_rows", [0, 0, 1011, 0]),
                             ("INSERT INTO stamped_rows (id, n) VALUES (1, 1)", [1, 0, 0, 1])):
            with self.subTest(work=work):
                self.server.run(work + ";")
                self.assertEqual(self.refreshed(cache), counts)
                self.same("stamped_rows")

    def test_deletes_of_a_large_table_are_found_by_ranges(self):
        self.server.run(f"CREATE TABLE large (id bigint PRIMARY KEY, n int, {STAMPED}); INSERT INTO large (id, n) SELECT CAST(seq AS signed) * 3 - 200000, seq FROM seq_1_to_150000;")
        cache = self.cached("large")
        self.server.run("DELETE FROM large WHERE id IN (-199997, 100, 100000) OR id BETWEEN 7000 AND 7010; INSERT INTO large (id, n) VALUES (-999999, 1), (9999999, 1);")
        deleted = 150000 + 2 - int(self.server.run("SELECT count(*) FROM large"))
        self.assertEqual(self.refreshed(cache), [2, 0, deleted, 150002 - deleted])
        self.same("large")

    def test_a_transaction_that_stamps_early_and_commits_late(self):
        """Its rows are older than the bound of refreshes that do not know it, by more than any margin."""
        self.server.run(f"CREATE TABLE late (id int PRIMARY KEY, n int, {STAMPED}); INSERT INTO late (id, n) SELECT seq, seq FROM seq_1_to_10;")
        cache = self.cached("late")
        slow = self.session()
        slow.run("BEGIN; UPDATE late SET n = 100 WHERE id = 1; SELECT SLEEP(8)")
        self.server.run("UPDATE late SET n = 200 WHERE id = 2;")
        self.assertEqual(self.refreshed(cache), [0, 1, 0, 10])
        slow.run("COMMIT")
        self.assertEqual(self.refreshed(cache), [0, 1, 0, 10])
        self.same("late")

    def test_a_statement_that_waits_before_it_writes(self):
        """Its stamp is the time at which it began to wait for the table, not that of its transaction."""
        self.server.run(f"CREATE TABLE waiting (id int PRIMARY KEY, n int, {STAMPED}); INSERT INTO waiting (id, n) SELECT seq, seq FROM seq_1_to_10;")
        cache = self.cached("waiting")
        holder, writer = self.session(), self.session()
        holder.run("LOCK TABLES waiting READ")
        writer.process.stdin.write("BEGIN; UPDATE waiting SET n = 100 WHERE id = 1; SELECT 'done';\n")
        writer.process.stdin.flush()
        holder.run("SELECT SLEEP(8)")
        self.assertEqual(self.refreshed(cache), [0, 0, 0, 10])
        holder.run("UNLOCK TABLES")
        writer.process.stdout.readline()
        writer.run("COMMIT")
        self.assertEqual(self.refreshed(cache), [0, 1, 0, 10])
        self.same("waiting")

    def test_prepared_transactions_stop_the_method_until_they_end(self):
        self.server.run(f"CREATE TABLE prepared (id int PRIMARY KEY, n int, {STAMPED}); INSERT INTO prepared (id, n) SELECT seq, seq FROM seq_1_to_10;")
        cache = self.cached("prepared")
        session = self.session()
        session.run("XA START 'one'; UPDATE prepared SET n = 100 WHERE id = 1; XA END 'one'; XA PREPARE 'one'")
        self.assertEqual(self.refreshed(cache), [0, 0, 0, 10])
        self.assertEqual(self.method(cache)[:2], ("full", 0))
        self.assertIn("prepared", self.method(cache)[2])
        session.run("XA COMMIT 'one'")
        self.assertEqual(self.refreshed(cache), [0, 1, 0, 10])
        self.assertEqual(self.refreshed(cache), [0, 0, 0, 10])
        self.assertEqual(self.method(cache)[:2], ("updated_at", 3))
        self.same("prepared")

    def test_a_stamp_that_was_set_back_is_found_by_an_audit(self):
        self.server.run(f"CREATE TABLE back_dated (id int PRIMARY KEY, n int, {STAMPED}); INSERT INTO back_dated (id, n) SELECT seq, seq FROM seq_1_to_10;")
        cache = self.cached("back_dated")
        self.server.run("UPDATE back_dated SET n = 100, at = '2001-01-01' WHERE id = 1;")
        self.assertEqual(self.refreshed(cache), [0, 0, 0, 10])
        self.assertEqual(self.refreshed(cache, audit="true"), [0, 1, 0, 10])
        self.assertEqual(self.project.status(cache)["refreshMethod"]["auditRepairedRows"], 1)
        self.same("back_dated")

    def test_where_stamps_tell_too_little(self):
        self.server.run("CREATE TABLE parents (id int PRIMARY KEY)")
        for number, (columns, more, reason) in enumerate((
                ("at datetime NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp()", "", "no column TIMESTAMP"),
                ("at timestamp NOT NULL DEFAULT current_timestamp()", "", "no column TIMESTAMP"),
                ("at timestamp NULL DEFAULT current_timestamp() ON UPDATE current_timestamp()", "", "no column TIMESTAMP"),
                (STAMPED, "ENGINE = MyISAM", "InnoDB"), (STAMPED, "ENGINE = Aria", "InnoDB"),
                (f"{STAMPED}, parent int, FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE SET NULL", "", "foreign key"),
                (f"{STAMPED}, parent int, FOREIGN KEY (parent) REFERENCES parents (id) ON UPDATE CASCADE", "", "foreign key"))):
            with self.subTest(columns=columns, more=more):
                name = f"refused_{number}"
                self.server.run(f"CREATE TABLE {name} (id int PRIMARY KEY, n int, {columns}) {more}; INSERT INTO {name} (id, n) VALUES (1, 1), (2, 2);")
                cache = self.cached(name)
                self.assertEqual(self.method(cache)[:2], ("full", 0))
                self.assertIn(reason, self.method(cache)[2])
                self.server.run(f"UPDATE {name} SET n = 9 WHERE id = 1")
                self.assertEqual(self.refreshed(cache), [0, 1, 0, 2])
                self.same(name)

    def test_a_user_who_sees_no_transactions(self):
        self.server.run(f"CREATE TABLE watched (id int PRIMARY KEY, n int, {STAMPED}); INSERT INTO watched (id, n) VALUES (1, 1);"
                        "CREATE USER 'modest'@'%' IDENTIFIED BY 'modest-secret'; GRANT SELECT ON shop.* TO 'modest'@'%';")
        catalog = self.project.source("Modest", "MARIADB", self.server.credential(user="modest", password="modest-secret"))
        cache = self.cached("watched", catalog)
        self.assertEqual(self.method(cache)[:2], ("full", 0))
        self.assertIn("PROCESS", self.method(cache)[2])
        self.server.run("UPDATE watched SET n = 9")
        self.assertEqual(self.refreshed(cache), [0, 1, 0, 1])

    def test_a_table_that_is_swapped_for_another(self):
        """As tools for changing structures do: the new table's rows have the stamps of the old one's."""
        self.server.run(f"CREATE TABLE swapped (id int PRIMARY KEY, n int, {STAMPED}); INSERT INTO swapped (id, n, at) SELECT seq, seq, '2020-01-01' FROM seq_1_to_10;")
        cache = self.cached("swapped")
        self.assertEqual(self.refreshed(cache), [0, 0, 0, 10])
        self.server.run("DO SLEEP(1.1); CREATE TABLE other LIKE swapped; INSERT INTO other SELECT id, n * 2, at FROM swapped;"
                        "RENAME TABLE swapped TO old, other TO swapped;")
        self.assertEqual(self.refreshed(cache), [0, 10, 0, 10])
        self.same("swapped")


class RestartedServerTest(unittest.TestCase):
    def test_a_server_that_was_put_back(self):
        """A copy of the data folder from before: what the copy has since is gone at the source, and nothing has a new stamp."""
        with MariaDB() as server:
            project = world().first
            server.run(f"CREATE TABLE kept (id int PRIMARY KEY, n int, {STAMPED}); INSERT INTO kept (id, n) SELECT seq, seq FROM seq_1_to_10;")
            server.stop()
            saved = server.folder / "saved"
            shutil.copytree(server.folder / "data", saved, copy_function=shutil.copy2)
            server.start()
            catalog = project.source("Restored", "MARIADB", server.credential())
            until("the table is seen", lambda: "kept" in project.tables(catalog, "shop"), 30, 0.2)
            server.run("UPDATE kept SET n = 77 WHERE id = 1;")
            cache = project.cached(catalog, "shop", "kept", incrementalCacheSchedule=every("P1D"))["id"]
            server.stop()
            owner = (server.folder / "data").stat()
            shutil.rmtree(server.folder / "data")
            shutil.copytree(saved, server.folder / "data", copy_function=shutil.copy2)
            subprocess.run(["chown", "-R", f"{owner.st_uid}:{owner.st_gid}", server.folder / "data"], check=True)
            server.start()
            done = project.refresh(cache, INCREMENTAL)
            self.assertEqual((done["status"], done["progress"]["numberOfUpdatedRecords"]), ("COMPLETED", 1), done)
            rows = project.query(f'SELECT n FROM "{catalog["name"]}".shop.kept WHERE id = 1', "COMPACT")
            self.assertEqual(rows, [["1"]])


if __name__ == "__main__":
    unittest.main()
