"""Statements as a whole: their history over restarts and crashes, and the limits that projects have."""

import json
import tempfile
import threading
import time
import unittest
from pathlib import Path

from api.test_trino import ENDLESS, MILLION, Trino
from api.world import PROGRAM
from rig.client import BASE
from rig.postgres import Postgres
from rig.server import Server
from rig.shop import Project
from rig.waiting import until

QUERIES = "SELECT query, state, error_code FROM system.runtime.queries"


class OwnServer(unittest.TestCase):
    """A server with settings of the test's own, and two projects."""

    SETTINGS = {}

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tarn-statements-")
        self.addCleanup(folder.cleanup)
        self.server = Server(PROGRAM, Path(folder.name) / "data", self.SETTINGS)
        self.server.start()
        self.addCleanup(self.server.close)
        self.one = Project(self.server.client(timeout=120), "One")
        self.two = Project(self.server.client(timeout=120), "Two")
        self.keys = {project.id: project.key()[0] for project in (self.one, self.two)}

    def client(self, project):
        made = Trino(self.server.port, User="tester", Source="tests", Extra_Credential=f"peakaKey={self.keys[project.id]}")
        self.addCleanup(made.connection.close)
        return made

    def state(self, client, page):
        return json.loads(client.send("GET", f"/v1/query/{page['id']}").content)

    def running(self, client, statement):
        """The last page of a statement that has begun."""
        page = client.post(statement)
        until("the statement runs", lambda: self.state(client, page)["state"] == "RUNNING", 10)
        return page

    def cancel(self, client, page):
        self.assertEqual(client.send("DELETE", f"/v1/query/{page['id']}").status, 204)


class HistoryTest(OwnServer):
    SETTINGS = {"history": {"statements_per_project": 40}}

    def test_statements_are_there_after_a_restart_and_seen_by_their_project_alone(self):
        client = self.client(self.one)
        client.run("SELECT 'over the protocol'")
        client.run("SELECT nope")
        self.assertEqual(self.one.query("SELECT 'over REST'"), [["over REST"]])
        self.server.stop()
        self.server.start()
        client = self.client(self.one)
        rows = {row[0]: row[1:] for row in client.run(QUERIES)[0]}
        self.assertEqual(rows["SELECT 'over the protocol'"], ["FINISHED", None])
        self.assertEqual(rows["SELECT 'over REST'"], ["FINISHED", None])
        self.assertEqual(rows["SELECT nope"], ["FAILED", "COLUMN_NOT_FOUND"])
        listed = {item["query"]: item for item in json.loads(client.send("GET", "/v1/query").content)}
        shown = self.state(client, {"id": listed["SELECT nope"]["queryId"]})
        self.assertEqual((shown["state"], shown["errorCode"]["name"], shown["session"]["user"], shown["session"]["source"]),
                         ("FAILED", "COLUMN_NOT_FOUND", "tester", "tests"))
        finished = self.state(client, {"id": listed["SELECT 'over REST'"]["queryId"]})["queryStats"]
        self.assertEqual(finished["outputPositions"], 1)
        self.assertNotEqual(finished["outputDataSize"], "0B")
        self.assertLess(finished["createTime"], finished["endTime"])
        stranger = self.client(self.two)
        self.assertEqual(len(stranger.run(QUERIES)[0]), 1)
        self.assertEqual(stranger.send("GET", f"/v1/query/{shown['queryId']}").status, 410)
        one = client.run(f"SELECT query FROM system.runtime.queries WHERE query_id = '{shown['queryId']}'")[0]
        self.assertEqual(one, [["SELECT nope"]])

    def test_what_a_crash_cut_off_is_failed_with_the_reason(self):
        client = self.client(self.one)
        page = self.running(client, ENDLESS)
        time.sleep(1)
        self.server.kill()
        self.server.start()
        client = self.client(self.one)
        shown = self.state(client, page)
        self.assertEqual((shown["state"], shown["errorCode"]["name"]), ("FAILED", "GENERIC_INTERNAL_ERROR"))
        self.assertIn("The server ended while the statement was under way", shown["failureInfo"]["message"])
        self.assertIn([ENDLESS, "FAILED", "GENERIC_INTERNAL_ERROR"], client.run(QUERIES)[0])

    def test_the_history_is_bounded(self):
        client = self.client(self.one)
        for number in range(60):
            client.run(f"SELECT {number}")
        self.server.stop()
        self.server.start()
        time.sleep(1)
        texts = [row[0] for row in self.client(self.one).run(QUERIES)[0]]
        self.assertIn("SELECT 59", texts)
        self.assertNotIn("SELECT 5", texts)
        self.assertLessEqual(len(texts), 42)

    def test_a_statement_that_came_by_rest_can_be_killed(self):
        answers = []
        sending = threading.Thread(target=lambda: answers.append(self.server.client(timeout=60).send(
            "POST", f"{BASE}{self.one.data}/queries/execute", {"statement": ENDLESS})))
        sending.start()
        client = self.client(self.one)
        find = f"SELECT query_id FROM system.runtime.queries WHERE state = 'RUNNING' AND query LIKE 'SELECT count(%sequence%'"
        identity = until("it runs", lambda: client.run(find)[0], 10)[0][0]
        self.assertEqual(client.send("DELETE", f"/v1/query/{identity}").status, 204)
        sending.join(20)
        self.assertFalse(sending.is_alive())
        self.assertGreaterEqual(answers[0].status, 400)
        self.assertEqual(self.state(client, {"id": identity})["errorCode"]["name"], "ADMINISTRATIVELY_KILLED")


class QueueTest(OwnServer):
    SETTINGS = {"engine": {"concurrent_statements": 2}, "limits": {"statements_per_project": 1, "queued_per_project": 3},
                "http": {"blocking_threads": 4}}

    def test_statements_wait_visibly_in_order_and_can_be_cancelled(self):
        client = self.client(self.one)
        first = self.running(client, ENDLESS)
        waiting = [client.post(f"SELECT {number}") for number in range(3)]
        time.sleep(0.5)
        pages = [client.get(page["nextUri"]) for page in waiting]
        self.assertEqual([page["stats"]["state"] for page in pages], ["QUEUED"] * 3)
        self.assertTrue(all("/queued/" in page["nextUri"] for page in pages))
        refused = client.run("SELECT 'one too many'")[1]
        self.assertEqual(refused["error"]["errorName"], "QUERY_QUEUE_FULL")
        # Another project has a place of its own.
        started = time.monotonic()
        self.assertEqual(self.client(self.two).run("SELECT 42")[0], [[42]])
        self.assertLess(time.monotonic() - started, 2)
        self.cancel(client, waiting[1])
        self.assertEqual(client.get(pages[1]["nextUri"])["error"]["errorName"], "USER_CANCELED")
        self.cancel(client, first)
        begun = []
        for number in (0, 2):
            page = pages[number]
            while "nextUri" in page and "data" not in page:
                page = client.get(page["nextUri"])
            self.assertEqual(page["data"], [[number]])
            begun.append(self.state(client, waiting[number])["queryStats"]["queuedTime"])
        self.assertTrue(all(not time_text.startswith("0.00") for time_text in begun), begun)

    def test_waiting_is_part_of_a_statements_time(self):
        client = self.client(self.one)
        first = self.running(client, ENDLESS)
        started = time.monotonic()
        error = client.run("SELECT 1", X_Trino_Session="query_max_run_time=700ms")[1]["error"]
        self.assertEqual(error["errorName"], "EXCEEDED_TIME_LIMIT")
        self.assertLess(time.monotonic() - started, 3)
        answer = self.server.client().send("POST", f"{BASE}{self.one.data}/queries/execute", {"statement": "SELECT 1", "timeout": 1})
        self.assertEqual(answer.status, 504, answer.text)
        self.cancel(client, first)

    def test_a_flood_by_rest_does_not_keep_another_project_out(self):
        client = self.client(self.one)
        first = self.running(client, ENDLESS)
        answers = []
        def send():
            answers.append(self.server.client(timeout=60).send("POST", f"{BASE}{self.one.data}/queries/execute",
                                                               {"statement": "SELECT 1", "timeout": 20}).status)
        flood = [threading.Thread(target=send) for _ in range(40)]
        for thread in flood:
            thread.start()
        until("the queue is full", lambda: len(answers) >= 37, 20)
        started = time.monotonic()
        self.assertEqual(self.two.query("SELECT 7"), [[7]])
        self.assertEqual(self.client(self.two).run("SELECT 8")[0], [[8]])
        self.assertLess(time.monotonic() - started, 2)
        self.cancel(client, first)
        for thread in flood:
            thread.join(30)
        self.assertEqual(sorted(set(answers)), [200, 429], answers)
        self.assertEqual(answers.count(200), 3)

    def test_a_slow_client_gives_its_place_and_gets_every_row(self):
        slow, other = self.client(self.one), self.client(self.one)
        page, numbers = slow.post(MILLION), []
        while len(numbers) < 1000:
            page = slow.get(page["nextUri"])
            numbers += [row[0] for row in page.get("data", [])]
        # Nobody takes its rows now; the project's other statements run all the same.
        started = time.monotonic()
        self.assertEqual(other.run("SELECT 5")[0], [[5]])
        self.assertLess(time.monotonic() - started, 5)
        busy = self.running(other, ENDLESS)
        shown = self.state(slow, page)
        self.assertEqual(shown["state"], "RUNNING")
        page = slow.get(page["nextUri"])  # made ahead
        numbers += [row[0] for row in page.get("data", [])]
        waiting = slow.get(page["nextUri"])  # its turn is the other's now
        self.assertNotIn("data", waiting)
        self.cancel(other, busy)
        page = waiting
        while "nextUri" in page:
            page = slow.get(page["nextUri"])
            numbers += [row[0] for row in page.get("data", [])]
        self.assertEqual(len(numbers), 1_000_000)
        self.assertEqual(sorted(numbers), list(range(1_000_000)))


class ProjectLimitsTest(OwnServer):
    SETTINGS = {"limits": {"run_seconds": 2, "result_bytes": 1_000_000}, "engine": {"concurrent_statements": 2}}

    def test_run_time_and_bytes(self):
        client = self.client(self.one)
        started = time.monotonic()
        error = client.run(ENDLESS)[1]["error"]
        self.assertEqual(error["errorName"], "EXCEEDED_TIME_LIMIT")
        self.assertLess(time.monotonic() - started, 6)
        rows, page = client.run(MILLION)
        self.assertEqual(page["error"]["errorName"], "EXCEEDED_LOCAL_MEMORY_LIMIT")
        self.assertLess(len(rows), 200_000)
        self.assertEqual(len(client.run("SELECT * FROM tpch.tiny.nation")[0]), 25)

    def test_a_statement_that_waits_for_postgresql_ends_there_too(self):
        with Postgres() as postgres:
            postgres.start()
            postgres.run("CREATE VIEW slow AS SELECT g AS id, pg_sleep(60)::text AS t FROM generate_series(1, 1) g")
            catalog = self.one.source("Slow", "POSTGRES", postgres.credential())
            client = self.client(self.one)
            asleep = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%slow%' AND pid <> pg_backend_pid()"
            read = f'SELECT id, t FROM {catalog["name"]}.public.slow'
            for statement, end in ((read, "time"), (read, "cancel"), (f"CREATE TABLE memory.default.slow AS {read}", "cancel")):
                page = client.post(statement)
                until("the server reads", lambda: postgres.rows(asleep) != [["0"]], 10)
                if end == "cancel":
                    self.cancel(client, page)
                until(f"the server's statement ends by {end}", lambda: postgres.rows(asleep) == [["0"]], 8)
                until("its place is free", lambda: client.run("SELECT 1")[0] == [[1]], 8)


if __name__ == "__main__":
    unittest.main()
