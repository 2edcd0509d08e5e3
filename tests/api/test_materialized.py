"""Materialized queries: results that stay until they are refreshed, whole or not at all."""

import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from api.world import PROGRAM, world
from rig.client import BASE
from rig.server import Server
from rig.shop import Project, every
from rig.waiting import until

SECONDS = 60
ENDED = ("COMPLETED", "FAILED", "CANCELED")


class Materialized(Project):
    """A project with materialized queries."""

    def materialize(self, name, text, **more):
        return self.client.post(f"{self.data}/queries", {"displayName": name, "inputQuery": text, "queryType": "MATERIALIZED", **more})

    def attempt(self, name, text, **more):
        return self.client.send("POST", f"{BASE}{self.data}/queries", {"displayName": name, "inputQuery": text, "queryType": "MATERIALIZED", **more})

    def state(self, query):
        return self.client.get(f"{self.data}/materialized-queries/{query['id']}/status")

    def rerun(self, query):
        self.client.api("POST", f"{self.data}/materialized-queries/{query['id']}/refresh")

    def ended(self, query, after=None):
        """The status of the first run that began after another one, once it has ended."""
        def probe():
            status = self.state(query)
            return status if status["status"] in ENDED and status["lastExecutionStartTime"] != after else None
        return until(f"{query['name']} has run", probe, SECONDS)

    def refreshed(self, query):
        before = self.state(query)["lastExecutionStartTime"]
        self.rerun(query)
        return self.ended(query, before)

    def stored(self, query, columns="*"):
        return self.query(f'SELECT {columns} FROM peaka.mtquery."{query["name"]}"')

    def refuses(self, statement):
        answer = self.client.send("POST", f"{BASE}{self.data}/queries/execute", {"statement": statement})
        return answer if answer.status == 400 else None


class MaterializedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = world()
        cls.project = Materialized(cls.world.client, "Materialized")
        cls.catalog = cls.project.source("Stored shop", "POSTGRES", cls.world.postgres.credential())
        cls.world.postgres.run("CREATE TABLE stored (id bigint PRIMARY KEY, label text); INSERT INTO stored SELECT n, 'row ' || n "
                               "FROM generate_series(1, 30) n; CREATE TABLE half (id bigint PRIMARY KEY); INSERT INTO half VALUES (1), (2)")

    @classmethod
    def tearDownClass(cls):
        cls.world.postgres.run("DROP TABLE stored; DROP TABLE half")

    def source(self, table):
        return f'"{self.catalog["name"]}".public."{table}"'

    def test_a_result_stays_until_it_is_refreshed(self):
        query = self.project.materialize("Stays", f"SELECT count(*) AS n, max(label) AS top FROM {self.source('stored')}")
        self.assertEqual(self.project.stored(query), [[30, "row 9"]])
        self.world.postgres.run("INSERT INTO stored VALUES (1000, 'zz')")
        self.addCleanup(self.world.postgres.run, "DELETE FROM stored WHERE id = 1000")
        self.assertEqual(self.project.stored(query), [[30, "row 9"]])
        self.assertEqual(self.project.query('SELECT n FROM peaka.query."stays"'), [[31]])
        status = self.project.refreshed(query)
        self.assertEqual((status["status"], status["rowCount"]), ("COMPLETED", 1))
        self.assertEqual(self.project.stored(query), [[31, "zz"]])

    def test_types_and_values_are_those_of_the_query(self):
        text = """SELECT * FROM (VALUES
            (CAST(1 AS tinyint), decimal '12345678901234567890.123456789', date '2024-02-29', timestamp '2024-01-01 00:00:00.123456789',
             timestamp '2024-06-01 12:00:00.123 UTC', time '23:59:59.999999', interval '3' month, interval '2' day,
             ARRAY[1, null], MAP(ARRAY['k'], ARRAY[2.5]), CAST(ROW(1, 'x') AS ROW(a integer, b varchar(3))), X'00ff', json '{"a":[1]}',
             uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59', CAST('ab' AS char(4)), nan(), true),
            (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null))
            t (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)"""
        query = self.project.materialize("Types", text)
        body = {"format": "CELL_TYPED"}
        live, stored = (self.client_rows(f'SELECT * FROM peaka.{schema}."types" ORDER BY a', body) for schema in ("query", "mtquery"))
        self.assertEqual(stored, live)
        self.assertEqual(len(stored), 2)
        expressions = ("b + 1, c + interval '1' day, at_timezone(e, 'UTC'), hour(e), i[1], j['k'], k.b, "
                       "json_extract_scalar(m, '$.a[0]'), o || 'x', to_hex(l)")
        self.assertEqual(self.project.stored(query, expressions), self.project.query(f'SELECT {expressions} FROM peaka.query."types"'))

    def client_rows(self, statement, parameters):
        return self.project.client.api("POST", f"{self.project.data}/queries/execute", {"statement": statement}, parameters)["data"]

    def test_a_result_without_rows_has_columns(self):
        query = self.project.materialize("Nothing", f"SELECT id, label FROM {self.source('stored')} WHERE id < 0")
        self.assertEqual(self.project.stored(query), [])
        self.assertEqual(self.project.stored(query, "count(id), max(label)"), [[0, None]])

    def test_a_first_run_that_fails_leaves_nothing(self):
        for text, says in (("SELECT 1 / 0 AS x", "Division by zero"), ("SELECT no_such AS x", "no_such"), ("SELEC 1", "line 1:1"),
                           (f"SELECT x.id FROM {self.source('lost')} x", "lost"), ("SELECT 1 AS a, 2 AS A", "more than once"),
                           ("SELECT NULL AS x", "unknown"), ("DELETE FROM t", "not allowed"),
                           ("SELECT timestamp '2024-06-01 12:00:00 Europe/Istanbul' AS x", "another time zone"),
                           ("SELECT at_timezone(now(), name) AS x FROM (VALUES 'Asia/Tokyo', '+02:00') t (name)", "another time zone")):
            answer = self.project.attempt("Fails", text)
            self.assertEqual(answer.status, 400, f"{text}: {answer.text}")
            self.assertIn(says, answer.text)
            self.assertNotIn("fails", {query["name"] for query in self.project.client.get(f"{self.project.data}/queries")})

    def test_a_change_whose_run_fails_is_undone(self):
        query = self.project.materialize("Undone", "SELECT 1 AS one", schedule={"type": "interval", "repeatDuration": "PT1H"})
        path = f"{self.project.data}/queries/{query['id']}"
        for body in ({"inputQuery": "SELECT 1 / 0 AS one"}, {"inputQuery": "SELECT broken", "schedule": {"type": "none"}},
                     {"displayName": "Other name", "inputQuery": "SELECT 1 AS a, 2 AS a"}):
            answer = self.project.client.send("PUT", BASE + path, body)
            self.assertEqual(answer.status, 400, answer.text)
            self.assertEqual(self.project.client.get(path), query)
            self.assertEqual(self.project.stored(query), [[1]])
        plain = self.project.client.post(f"{self.project.data}/queries", {"displayName": "Stays plain", "inputQuery": "SELECT 1 / 0 AS x"})
        answer = self.project.client.send("PUT", f"{BASE}{self.project.data}/queries/{plain['id']}", {"queryType": "MATERIALIZED"})
        self.assertEqual(answer.status, 400, answer.text)
        self.assertEqual(self.project.client.get(f"{self.project.data}/queries/{plain['id']}"), plain)
        self.assertTrue(self.project.refuses('SELECT * FROM peaka.mtquery."staysplain"'))

    def test_a_changed_text_has_a_new_result_and_a_new_name_the_same(self):
        query = self.project.materialize("Changed", "SELECT 1 AS one")
        changed = self.project.client.api("PUT", f"{self.project.data}/queries/{query['id']}", {"inputQuery": "SELECT 2 AS two, 'x' AS t"})
        self.assertEqual(self.project.stored(changed), [[2, "x"]])
        before = self.project.state(query)["lastExecutionStartTime"]
        renamed = self.project.client.api("PUT", f"{self.project.data}/queries/{query['id']}", {"displayName": "Renamed one"})
        self.assertEqual(self.project.stored(renamed), [[2, "x"]])
        self.assertEqual(self.project.state(query)["lastExecutionStartTime"], before)
        self.assertTrue(self.project.refuses('SELECT * FROM peaka.mtquery."changed"'))
        plain = self.project.client.api("PUT", f"{self.project.data}/queries/{query['id']}", {"queryType": "PLAIN"})
        self.assertEqual((plain["queryType"], "schedule" in plain), ("PLAIN", False))
        self.assertTrue(self.project.refuses('SELECT * FROM peaka.mtquery."renamedone"'))
        answer = self.project.client.send("GET", f"{BASE}{self.project.data}/materialized-queries/{query['id']}/status")
        self.assertEqual(answer.status, 400, answer.text)

    def test_a_failed_refresh_leaves_the_result_and_says_why(self):
        self.world.postgres.run("CREATE TABLE shaky (id bigint); INSERT INTO shaky VALUES (1)")
        query = self.project.materialize("Shaky", f"SELECT 10 / id AS x FROM {self.source('shaky')}")
        self.world.postgres.run("UPDATE shaky SET id = 0")
        status = self.project.refreshed(query)
        self.assertEqual((status["status"], status["errorCode"]), ("FAILED", "DIVISION_BY_ZERO"))
        self.assertIn("Division by zero", status["errorMessage"])
        self.assertEqual(self.project.stored(query), [[10]])
        self.world.postgres.run("DROP TABLE shaky")
        status = self.project.refreshed(query)
        self.assertEqual(status["status"], "FAILED")
        self.assertTrue(status["errorMessage"])
        self.assertEqual(self.project.stored(query), [[10]])

    def test_inputs_are_recorded(self):
        cached = self.project.cached(self.catalog, "public", "stored", fullRefreshCacheSchedule=every("P1D"))
        self.addCleanup(self.project.client.api, "DELETE", f"{self.project.data}/cache/{cached['id']}")
        first = self.project.materialize("Input", f"SELECT id FROM {self.source('stored')}")
        second = self.project.materialize("Of inputs", f"SELECT count(*) AS n FROM peaka.mtquery.input, {self.source('half')}")
        inputs = {item["tableName"]: item for item in self.project.state(second)["inputs"]}
        self.assertEqual({name: item["servedBy"] for name, item in inputs.items()}, {"input": "MATERIALIZED_QUERY", "half": "SOURCE"})
        self.assertEqual(inputs["input"]["asOf"], self.project.state(first)["lastExecutionStartTime"])
        copy = self.project.state(first)["inputs"][0]
        self.assertEqual((copy["servedBy"], copy["schemaName"]), ("CACHE", "public"))
        self.assertLess(copy["asOf"], self.project.state(first)["lastExecutionStartTime"])

    def test_an_input_that_is_not_complete_is_refused(self):
        text = f"SELECT count(*) AS n FROM {self.source('half')}"
        kept = self.project.materialize("Kept whole", text)
        with self.world.postgres.locked("half"):
            cache = self.project.cache(self.catalog, "public", "half")
            answer = self.project.attempt("Half", text)
            self.assertEqual(answer.status, 400, answer.text)
            self.assertIn("not complete", answer.text)
            status = self.project.refreshed(kept)
            self.assertEqual((status["status"], status["errorCode"]), ("FAILED", "INPUT_INCOMPLETE"))
        self.project.settled(cache["id"])
        self.assertEqual(self.project.refreshed(kept)["status"], "COMPLETED")
        self.assertEqual(self.project.stored(self.project.materialize("Half", text)), [[2]])
        self.project.client.api("DELETE", f"{self.project.data}/cache/{cache['id']}")

    def test_cancelling(self):
        query = self.project.materialize("Cancelled", f"SELECT count(*) AS n FROM {self.source('half')} h")
        dependent = self.project.materialize("Cancelled too", "SELECT n + 1 AS n FROM peaka.mtquery.cancelled")
        cancel = f"{self.project.data}/materialized-queries/{{}}/cancel"
        before = self.project.state(query)["lastExecutionStartTime"]
        with self.world.postgres.locked("half"):
            self.project.rerun(query)
            until("it runs", lambda: self.project.state(query)["status"] == "RUNNING", SECONDS)
            waits = self.project.state(dependent)
            self.project.rerun(dependent)
            self.project.client.api("POST", cancel.format(dependent["id"]))
            self.assertEqual(self.project.state(dependent)["status"], "CANCELED")
            self.assertEqual(self.project.state(dependent)["lastExecutionStartTime"], waits["lastExecutionStartTime"])
            self.project.client.api("POST", cancel.format(query["id"]))
            self.assertEqual(self.project.ended(query, before)["status"], "CANCELED")
        self.project.client.api("POST", cancel.format(query["id"]))
        self.assertEqual(self.project.state(query)["status"], "CANCELED")
        self.assertEqual(self.project.refreshed(query)["status"], "COMPLETED")

    def test_dependent_results_are_made_in_order(self):
        query = self.project.materialize("Base", f"SELECT count(*) AS n FROM {self.source('half')} h")
        middle = self.project.materialize("Middle", "SELECT n * 10 AS n FROM peaka.mtquery.base")
        last = self.project.materialize("Last", "SELECT n + 1 AS n FROM peaka.mtquery.middle")
        self.world.postgres.run("INSERT INTO half VALUES (3)")
        self.addCleanup(self.world.postgres.run, "DELETE FROM half WHERE id = 3")
        starts = [self.project.state(item)["lastExecutionStartTime"] for item in (query, middle, last)]
        with self.world.postgres.locked("half"):
            for item in (query, middle, last):
                self.project.rerun(item)
            until("the first runs", lambda: self.project.state(query)["status"] == "RUNNING", SECONDS)
            self.assertEqual([self.project.state(item)["lastExecutionStartTime"] for item in (middle, last)], starts[1:])
        for item, start in zip((query, middle, last), starts):
            self.assertEqual(self.project.ended(item, start)["status"], "COMPLETED")
        self.assertEqual([self.project.stored(item) for item in (query, middle, last)], [[[3]], [[30]], [[31]]])

    def test_no_result_is_made_of_itself(self):
        first = self.project.materialize("First of two", "SELECT 1 AS n")
        second = self.project.materialize("Second of two", 'SELECT n FROM peaka.mtquery."firstoftwo"')
        for text in ('SELECT n FROM peaka.mtquery."firstoftwo"', 'SELECT n FROM peaka.mtquery."secondoftwo"',
                     'SELECT n FROM peaka.query."secondoftwo"'):
            answer = self.project.client.send("PUT", f"{BASE}{self.project.data}/queries/{first['id']}", {"inputQuery": text})
            self.assertEqual(answer.status, 400, f"{text}: {answer.text}")
            self.assertIn("reads its own result", answer.text)
        self.assertEqual(self.project.stored(second), [[1]])

    def test_schedules(self):
        cron = {"type": "cron", "cronExpression": "30 6 * * 1-5", "timezone": "Europe/Istanbul"}
        query = self.project.materialize("Scheduled", "SELECT 1 AS one", schedule=cron)
        self.assertEqual(query["schedule"], cron)
        runs = self.project.state(query)["nextExecutionStartTimes"]
        self.assertEqual(len(runs), 3)
        self.assertTrue(all(run.endswith("T03:30:00.000000Z") for run in runs), runs)
        self.assertEqual(runs[0], self.project.state(query)["nextExecutionStartTime"])
        for schedule, field in (({"type": "interval"}, "schedule.repeatDuration"), ({"type": "interval", "repeatDuration": "PT5S"}, "schedule.repeatDuration"),
                                ({"type": "cron", "cronExpression": "61 * * * *"}, "schedule.cronExpression"),
                                ({"type": "cron", "cronExpression": "0 0 30 2 *"}, "schedule.cronExpression"), ({"repeatDuration": "PT1H"}, "schedule.type"),
                                ({"type": "cron", "cronExpression": "0 0 * * *", "timezone": "Mars/Base"}, "schedule.timezone")):
            answer = self.project.client.send("PUT", f"{BASE}{self.project.data}/queries/{query['id']}", {"schedule": schedule})
            self.assertEqual((answer.status, answer.json().get("field")), (400, field), answer.text)
            self.assertEqual(self.project.state(query)["nextExecutionStartTimes"], runs)
        answer = self.project.client.send("POST", f"{BASE}{self.project.data}/queries",
                                          {"displayName": "plain", "inputQuery": "SELECT 1 AS one", "schedule": cron})
        self.assertEqual((answer.status, answer.json().get("field")), (400, "schedule"), answer.text)

    def test_deleting_takes_the_result_and_its_file(self):
        project = Materialized(self.world.client, "Deleted with results")
        kept = project.materialize("Kept", "SELECT 1 AS one")
        gone = project.materialize("Gone", "SELECT 1 AS one", path="/old/deep")
        folder = self.world.server.data / "materialized" / project.id
        files = lambda query: list((folder / query["id"]).glob("*.duckdb"))  # noqa: E731
        self.assertEqual((len(files(kept)), len(files(gone))), (1, 1))
        old = next(item for item in project.client.get(f"{project.data}/queries/folders")["items"] if item["path"] == "/old")
        project.client.api("DELETE", f"{project.data}/queries/folders/{old['id']}", query={"force": "true"}, expect=204)
        self.assertTrue(project.refuses("SELECT * FROM peaka.mtquery.gone"))
        until("its file is gone", lambda: not files(gone), SECONDS)
        project.client.api("DELETE", f"/projects/{project.id}")
        until("the project's file is gone", lambda: not files(kept), SECONDS)

    def test_results_of_other_projects_are_not_seen(self):
        self.project.materialize("Mine alone", "SELECT 1 AS one")
        other = Materialized(self.world.client, "Other results")
        self.assertIn("does not exist", other.refuses('SELECT * FROM peaka.mtquery."minealone"').text)


class CrashTest(unittest.TestCase):
    def test_a_killed_server_keeps_results_and_makes_up_for_runs(self):
        with tempfile.TemporaryDirectory(prefix="tarn-stored-") as folder:
            server = Server(PROGRAM, Path(folder) / "data")
            self.addCleanup(server.close)
            project = Materialized(server.start().client(), "Crash")
            postgres = world().postgres
            postgres.run("CREATE TABLE cut (id bigint); INSERT INTO cut VALUES (1)")
            self.addCleanup(postgres.run, "DROP TABLE cut")
            catalog = project.source("Crash shop", "POSTGRES", postgres.credential())
            query = project.materialize("Cut", f'SELECT count(*) AS n FROM "{catalog["name"]}".public.cut')
            postgres.run("INSERT INTO cut VALUES (2)")
            with postgres.locked("cut"):
                project.rerun(query)
                until("it runs", lambda: project.state(query)["status"] == "RUNNING", SECONDS)
                project.rerun(query)  # asked for while the other one runs
                server.process.send_signal(signal.SIGKILL)
                server.process.wait()
                stray = Path(folder) / "data" / "materialized" / project.id / query["id"] / "stray.duckdb.tmp"
                stray.write_text("left behind")
                project.client = server.start().client()
                self.assertEqual(project.stored(query), [[1]])
                self.assertFalse(stray.exists())
                until("the run that was asked for begins again", lambda: project.state(query)["status"] == "RUNNING", SECONDS)
            self.assertEqual(project.ended(query)["status"], "COMPLETED")
            self.assertEqual(project.stored(query), [[2]])
            server.stop()
            checked = subprocess.run([PROGRAM, "check", str(Path(folder) / "data")], capture_output=True, text=True, timeout=30, check=False)
            self.assertIn("mtquery.cut: sound, 1 rows", checked.stdout)
            project.client = server.start().client()
            file = next((Path(folder) / "data" / "materialized" / project.id / query["id"]).glob("*.duckdb"))
            server.stop()
            file.unlink()
            project.client = server.start().client()
            until("a lost result is made again", lambda: project.refuses("SELECT * FROM peaka.mtquery.cut") is None, SECONDS)
            self.assertEqual(project.stored(query), [[2]])


if __name__ == "__main__":
    unittest.main()
