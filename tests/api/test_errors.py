"""What goes wrong in a statement or a source is told plainly, in time, and without what is inside."""

import subprocess
import time
import unittest

from api.world import world
from rig.client import BASE
from rig.waiting import until

INSIDE = ("trino_", "TRINO:", "postgres_query", "/*tarn", "SELECT", "COPY", "g_", "s_1", "lowsecret", "127.0.0.1", "/tmp", "LINE 1")
STRUCTURE_SECONDS = 6  # how long a source's structure may be believed, and a little more


class ErrorsTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.first = self.world.first

    def statement(self, text, **more):
        return self.world.client.send("POST", f"{BASE}{self.first.data}/queries/execute", {"statement": text} | more)

    def refused(self, text, code, **more):
        answer = self.statement(text, **more)
        self.assertEqual(answer.status, 400, f"{text}: {answer.text[:300]}")
        self.assertEqual(answer.json().get("error"), code, f"{text}: {answer.text[:300]}")
        self.tells_nothing(answer, text)
        return answer.json()["message"]

    def tells_nothing(self, answer, what):
        message = answer.json()["message"]
        self.assertEqual([text for text in (*INSIDE, self.world.postgres.password) if text in message], [], f"{what}: {message}")

    def test_wrong_escapes_of_like(self):
        self.refused("SELECT 'a' LIKE 'a' ESCAPE 'xx'", "INVALID_FUNCTION_ARGUMENT")
        self.refused("SELECT 'a' LIKE '%\\' ESCAPE '\\'", "INVALID_FUNCTION_ARGUMENT")

    def test_a_function_that_is_not_built(self):
        self.assertIn("'variant_is_null'", self.refused("SELECT variant_is_null(NULL)", "NOT_SUPPORTED"))

    def test_values_made_whole_in_memory_are_bounded(self):
        started, before = time.monotonic(), self.world.server.resident_bytes()
        for text in ("SELECT sequence(1, 1000000000)", "SELECT sequence(1000000000, 1)", "SELECT sequence(1, 1000000000, 3)", "SELECT sequence(1, 5, 0)", "SELECT sequence(5, 1, 1)",
                     "SELECT sequence(date '0001-01-01', date '9999-12-31')",
                     "SELECT sequence(timestamp '2000-01-01 00:00:00', timestamp '2020-01-01 00:00:00', interval '1' second)",
                     "SELECT rpad('x', 2147483647, 'y')", "SELECT lpad('x', 2147483647, 'y')", "SELECT rpad('x', -1, 'y')"):
            self.refused(text, "INVALID_FUNCTION_ARGUMENT", timeout=20)
        self.assertLess(time.monotonic() - started, 10)
        self.assertLess(self.world.server.resident_bytes() - before, 300_000_000)
        self.assertEqual(self.first.query("SELECT cardinality(sequence(1, 10000)), cardinality(sequence(5, 1)), length(rpad('x', 1000, 'y'))"),
                         [[10000, 5, 1000]])
        self.assertEqual(self.first.query("SELECT count(*) FROM TABLE(sequence(start => 1, stop => 50000))"), [[50000]])

    def test_heavy_statements_end_in_time(self):
        many = ", ".join(f"unnest(sequence(1, 10000)) t{n}(a{n})" for n in range(3))
        for text in (f"SELECT sum(sin(a0 * a1 + a2)) FROM {many}", f"SELECT * FROM {many} ORDER BY a0 * a1 - a2"):
            started = time.monotonic()
            answer = self.statement(text, timeout=1)
            self.assertEqual(answer.status, 504, answer.text[:300])
            self.assertLess(time.monotonic() - started, 4, text)
        self.engine_is_free()

    def test_a_recursion_without_an_end_is_refused(self):
        started = time.monotonic()
        self.refused("WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t", "NOT_SUPPORTED", timeout=20)
        self.assertLess(time.monotonic() - started, 4)

    def test_a_source_that_does_not_answer_keeps_nobody_waiting(self):
        self.world.postgres.run("CREATE VIEW sleepy AS SELECT n AS id, pg_sleep(0.01)::text AS nap FROM generate_series(1, 800) n")
        started = time.monotonic()
        answer = self.statement(f"SELECT count(nap) FROM {self.world.source('sleepy')}", timeout=1)
        self.assertEqual(answer.status, 504, answer.text[:300])
        self.assertLess(time.monotonic() - started, 5)
        self.engine_is_free()

    def engine_is_free(self):
        def free():
            lines = self.world.client.send("GET", "/metrics").text.splitlines()
            return [line.split()[-1] for line in lines if line.startswith("tarn_engine_statements{")] == ["0"] * 3
        until("no statement is in the engine", free, 20)

    def test_a_table_that_changed_behind_the_statement(self):
        postgres = self.world.postgres
        postgres.run("CREATE TABLE leaving AS SELECT n AS id FROM generate_series(1, 10) n")
        postgres.run("CREATE TABLE shrinking AS SELECT n AS id, n AS other FROM generate_series(1, 10) n")
        for table in ("leaving", "shrinking"):
            self.assertEqual(self.first.query(f"SELECT count(*) FROM {self.world.source(table)}"), [[10]])
        postgres.run("DROP TABLE leaving; ALTER TABLE shrinking DROP COLUMN other")
        for table in ("leaving", "shrinking"):
            self.refused(f"SELECT * FROM {self.world.source(table)}", "TABLE_CHANGED")
        until("the new structure is known", lambda: self.statement(f"SELECT * FROM {self.world.source('shrinking')}").status == 200,
              STRUCTURE_SECONDS)
        self.refused(f"SELECT * FROM {self.world.source('leaving')}", "TABLE_NOT_FOUND")

    def test_a_table_that_may_not_be_read(self):
        postgres = self.world.postgres
        postgres.run("CREATE ROLE low LOGIN PASSWORD 'lowsecret'")
        catalog = self.first.source("Low shop", "POSTGRES", postgres.credential(user="low", password="lowsecret"))
        answer = self.statement(f'SELECT * FROM "{catalog["name"]}".public.customers')
        self.assertEqual(answer.status, 400, answer.text[:300])
        self.assertIn("permission denied", answer.json()["message"])
        self.tells_nothing(answer, "a table that may not be read")


class CommandsTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.folder = self.world.server.data.parent

    def run_tarn(self, *arguments):
        return subprocess.run([self.world.server.program, *arguments], capture_output=True, text=True, timeout=20, check=False)

    def test_keys_of_a_wrong_folder(self):
        missing = self.folder / "no-such-folder"
        for more in ((), ("--list",)):
            done = self.run_tarn("key", "--data", str(missing), *more)
            self.assertEqual(done.returncode, 1)
            self.assertIn("No server has started on this data folder", done.stderr)
        self.assertFalse(missing.exists(), "a wrong folder was made")

    def test_wrong_settings_are_named(self):
        file = self.folder / "wrong.toml"
        for text, named in (("[http]\nthreads = 99999999999", "http.threads"), ("[log]\nformat = 'xml'", "log.format"),
                            ("[log]\nlevel = 'loud'", "log.level"), ("surprise = 1", "surprise")):
            file.write_text(text)
            done = self.run_tarn("serve", "--data", str(self.folder / "unused"), "--listen", "127.0.0.1:0", "--config", str(file))
            self.assertEqual(done.returncode, 1, text)
            self.assertIn(f'"{named}"', done.stderr)
