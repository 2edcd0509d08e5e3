"""The Trino protocol from outside: what each endpoint answers, to whom, and that waiting clients cost nothing."""

import base64
import gzip
import http.client
import json
import socket
import tempfile
import time
import unittest
from pathlib import Path

from api.world import MARKER, PROGRAM, world
from rig.server import Server
from rig.shop import Project

ENDLESS = ("SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) "
           "CROSS JOIN UNNEST(sequence(1, 10000)) c(z) WHERE x * y % 7 = z % 5")
MILLION = "SELECT a * 1000 + b AS n, 'some text' AS s FROM UNNEST(sequence(0, 999)) t(a) CROSS JOIN UNNEST(sequence(0, 999)) u(b)"


class Trino:
    """A client that hides nothing: one connection, and the answers as they come."""

    def __init__(self, port, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {f"X-Trino-{name.replace('_', '-')}": value for name, value in headers.items()}

    def send(self, method, path, body=None, **headers):
        self.connection.request(method, path, body, self.headers | {name.replace("_", "-"): value for name, value in headers.items()})
        answer = self.connection.getresponse()
        answer.content = answer.read()
        return answer

    def post(self, statement, **headers):
        answer = self.send("POST", "/v1/statement", statement.encode(), **headers)
        return json.loads(answer.content) if answer.status == 200 else answer

    def get(self, uri, **headers):
        answer = self.send("GET", uri.removeprefix(f"http://{self.connection.host}:{self.connection.port}"), **headers)
        return json.loads(answer.content) if answer.status == 200 else answer

    def run(self, statement, **headers):
        """The rows, and the last page."""
        page, rows = self.post(statement, **headers), []
        while "nextUri" in page:
            page = self.get(page["nextUri"])
            rows += page.get("data", [])
        return rows, page


class TrinoTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.port = self.world.server.port
        self.first = self.client(Extra_Credential=f"peakaKey={self.world.first_key}")
        self.second = self.client(Extra_Credential=f"peakaKey={self.world.second_key}")

    def client(self, **headers):
        made = Trino(self.port, User="tester", **headers)
        self.addCleanup(made.connection.close)
        return made

    def test_who_is_let_in(self):
        key, partner = self.world.first_key, self.world.server.key
        basic = lambda user, password: "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        good = [{"Authorization": f"Bearer {key}"}, {"Authorization": basic("anyone", key)}, {"X_Trino_Extra_Credential": f"peakaKey={key}"},
                {"X_Trino_Extra_Credential": f"peakaKey={partner}, peakaProject={self.world.first.id}"},
                {"Authorization": basic(self.world.first.id, partner)}]
        for headers in good:
            self.assertEqual(self.client().run("SELECT 1", **headers)[0], [[1]], headers)
            self.assertEqual(self.client().send("HEAD", "/v1/statement", **headers).status, 200)
        bad = [({}, 401), ({"Authorization": "Bearer x.y"}, 401), ({"Authorization": basic("a", "b")}, 401), ({"Authorization": f"Bearer {partner}"}, 403),
               ({"X_Trino_Extra_Credential": f"peakaKey={key}, peakaProject={self.world.second.id}"}, 403), ({"Authorization": "Basic ?"}, 400)]
        for headers, status in bad:
            answer = self.client().post("SELECT 1", **headers)
            self.assertEqual(answer.status, status, headers)
            self.assertEqual(answer.headers["Content-Type"], "text/plain; charset=utf-8")
            if status == 401:
                self.assertEqual(answer.headers["WWW-Authenticate"], 'Basic realm="Trino"')
        self.assertEqual(Trino(self.port).send("HEAD", "/v1/statement").status, 401)
        self.assertEqual(self.client().send("HEAD", "/v1/statement").status, 405)

    def test_a_key_sees_its_own_project(self):
        mine = f'SELECT count(*) FROM {self.world.source("orders")}'
        self.assertEqual(self.first.run(mine)[0], [[2000]])
        self.assertEqual(self.second.run(mine)[1]["error"]["errorName"], "CATALOG_NOT_FOUND")
        going = self.second.post(f"/* {MARKER} */ {ENDLESS}")
        listed = json.loads(self.first.send("GET", "/v1/query").content)
        self.assertNotIn(going["id"], [query["queryId"] for query in listed])
        self.assertNotIn(f"/* {MARKER} */ {ENDLESS}", [query["query"] for query in listed])
        self.assertEqual(self.first.send("GET", f"/v1/query/{going['id']}").status, 410)
        self.assertEqual(self.first.send("DELETE", f"/v1/query/{going['id']}").status, 204)
        time.sleep(0.1)
        self.assertNotEqual(json.loads(self.second.send("GET", f"/v1/query/{going['id']}").content)["state"], "FAILED")
        self.assertEqual(self.second.send("DELETE", f"/v1/query/{going['id']}").status, 204)
        self.assertEqual(json.loads(self.second.send("GET", f"/v1/query/{going['id']}").content)["failureInfo"]["errorInfo"]["name"], "USER_CANCELED")
        self.assertEqual(self.client().send("GET", "/v1/query").status, 401)

    def test_pages_need_no_key_and_no_user(self):
        page = self.first.post("SELECT 1")
        stranger = Trino(self.port)
        self.addCleanup(stranger.connection.close)
        answer = stranger.get(page["nextUri"])
        self.assertEqual(answer["data"], [[1]])
        self.assertEqual(stranger.get(page["nextUri"]), answer)
        head, _, token = page["nextUri"].rpartition("/")
        self.assertEqual(stranger.get(f"{head}/{int(token) + 1}").status, 404)
        self.assertEqual(stranger.get(f"{head[:-1]}{'0' if head[-1] != '0' else '1'}/{token}").status, 404)
        self.assertEqual(stranger.get(f"{head}/x").status, 404)
        self.assertEqual(stranger.send("HEAD", page["nextUri"].partition(f":{self.port}")[2]).status, 200)

    def test_a_page_that_is_gone(self):
        page = self.first.post(MILLION)
        first = page["nextUri"]
        for _ in range(2):
            page = self.first.get(page["nextUri"])
        self.assertEqual(self.first.get(first).status, 410)

    def test_cancel(self):
        page = self.first.post(ENDLESS)
        path = page["nextUri"].partition(f":{self.port}")[2]
        self.assertEqual(self.first.send("DELETE", path[:-1] + "7").status, 404)
        self.assertEqual(self.first.send("DELETE", path).status, 204)
        last = self.first.get(page["nextUri"])
        self.assertEqual((last["error"]["errorName"], last["error"]["errorCode"], last["stats"]["state"]), ("USER_CANCELED", 3, "FAILED"))
        page = self.first.post(ENDLESS)
        _, phase, identity, slug, token = page["nextUri"].rsplit("/", 4)
        self.assertEqual(self.first.send("DELETE", f"/v1/statement/partialCancel/{identity}/0/{slug}/{token}").status, 204, phase)
        self.assertEqual(self.first.send("DELETE", "/v1/query/20200101_000000_00000_aaaaa").status, 204)

    def test_malformed_requests(self):
        for headers, text in (({"X_Trino_Session": "x"}, "Invalid X-Trino-Session header"), ({"X_Trino_Schema": "s"}, "Schema is set but catalog is not")):
            answer = self.first.post("SELECT 1", **headers)
            self.assertEqual((answer.status, answer.content.decode()), (400, text))
        answer = self.first.post("")
        self.assertEqual((answer.status, answer.content.decode()), (400, "SQL statement is empty"))
        error = self.first.run("SELECT 1", X_Trino_Time_Zone="Nowhere/Land")[1]["error"]
        self.assertEqual((error["errorName"], error["message"]), ("NOT_SUPPORTED", "Time zone not supported: Nowhere/Land"))

    def test_whatever_the_body_is_called(self):
        for kind in ("application/x-www-form-urlencoded", "text/plain", "application/json", ""):
            self.assertEqual(self.first.run("SELECT 'a+b%20é'", Content_Type=kind)[0], [["a+b%20é"]])
        self.first.connection.request("POST", "/v1/statement", iter([b"SELECT ", b"4", b"2"]), self.first.headers, encode_chunked=True)
        page = json.loads(self.first.connection.getresponse().read())
        self.assertEqual(self.first.get(page["nextUri"])["data"], [[42]])

    def test_presto_family(self):
        presto = Trino(self.port)
        self.addCleanup(presto.connection.close)
        rows, _ = presto.run("SELECT current_user", X_Presto_User="bob", X_Presto_Extra_Credential=f"peakaKey={self.world.first_key}")
        self.assertEqual(rows, [["bob"]])

    def test_times_of_clients_that_know_no_precision(self):
        statement = "SELECT TIMESTAMP '2020-01-01 00:00:00.123456' AS t, ARRAY[TIME '01:02:03'] AS a"
        rows, page = self.first.run(statement)
        self.assertEqual((rows, [column["type"] for column in page["columns"]]), ([["2020-01-01 00:00:00.123", ["01:02:03.000"]]], ["timestamp", "array(time)"]))
        rows, page = self.first.run(statement, X_Trino_Client_Capabilities="PARAMETRIC_DATETIME")
        self.assertEqual((rows, [column["type"] for column in page["columns"]]),
                         ([["2020-01-01 00:00:00.123456", ["01:02:03"]]], ["timestamp(6)", "array(time(0))"]))

    def test_what_the_server_says_of_itself(self):
        info = json.loads(self.client().send("GET", "/v1/info").content)
        self.assertEqual((info["coordinator"], info["starting"]), (True, False))
        self.assertTrue(info["nodeVersion"]["version"])
        self.assertEqual(self.client().send("GET", "/v1/info/state").content, b'"ACTIVE"')
        self.assertEqual(json.loads(self.client().send("GET", "/v1/status").content)["coordinator"], True)
        self.assertEqual(self.client().send("GET", "/ui/query.html?<script>").content.count(b"<script>"), 0)

    def test_an_error_after_many_rows(self):
        statement = ("SELECT n, 1 / (n - 900000) FROM (SELECT a * 1000 + b AS n FROM UNNEST(sequence(0, 999)) t(a) CROSS JOIN "
                     "UNNEST(sequence(0, 999)) u(b))")
        _, last = self.first.run(statement)
        self.assertEqual(last["error"]["errorName"], "DIVISION_BY_ZERO")
        self.assertNotIn("data", last)

    def test_a_million_rows_are_all_there(self):
        rows, last = self.first.run(MILLION)
        self.assertEqual((len(rows), sum(row[0] for row in rows), last["stats"]["processedRows"]), (1000000, 499999500000, 1000000))

    def test_thousands_that_wait_harm_nobody(self):
        page = self.first.post(ENDLESS)
        path = page["nextUri"].partition(f":{self.port}")[2]
        waiting = []
        try:
            for _ in range(2000):
                waiting.append(socket.create_connection(("127.0.0.1", self.port)))
                waiting[-1].sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            slowest = 0
            for _ in range(20):
                started = time.monotonic()
                self.assertEqual(self.first.run("SELECT 1")[0], [[1]])
                slowest = max(slowest, time.monotonic() - started)
            self.assertLess(slowest, 1)
            answers = set()
            for connection in waiting[::100]:
                connection.settimeout(20)
                answers.add(connection.recv(65536).partition(b"\r\n\r\n")[2])
            self.assertEqual(len(answers), 1, "all who wait for a page get the same")
        finally:
            for connection in waiting:
                connection.close()
            self.first.send("DELETE", f"/v1/query/{page['id']}")

    def test_a_slow_client_holds_little_memory(self):
        statement = f"SELECT t.n, t.s, u.z FROM ({MILLION}) t CROSS JOIN UNNEST(sequence(1, 20)) u(z)"
        page = self.first.post(statement)
        self.first.get(page["nextUri"])
        time.sleep(0.5)
        before = self.world.server.resident_bytes()
        time.sleep(1.5)
        self.assertLess(self.world.server.resident_bytes() - before, 50_000_000)
        self.first.send("DELETE", f"/v1/query/{page['id']}")


class SettingsTest(unittest.TestCase):
    """A server behind a proxy that is trusted, mounted below a prefix."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tarn-trino-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.server = Server(PROGRAM, Path(cls.folder.name) / "data", {
            "prefix": "/tarn", "trino": {"trusted_proxies": ["127.0.0.1"], "compress": "all", "spool": "all", "client_timeout_seconds": 1}}).start()
        cls.addClassCleanup(cls.server.close)
        cls.key, _ = Project(cls.server.client(), "Behind a proxy").key()

    def setUp(self):
        self.client = Trino(self.server.port, User="tester", Extra_Credential=f"peakaKey={self.key}")
        self.addCleanup(self.client.connection.close)

    def next_of(self, path, **headers):
        answer = self.client.send("POST", path, b"SELECT 1", **headers)
        return json.loads(answer.content)["nextUri"].partition("/v1/")[0]

    def test_addresses(self):
        port = self.server.port
        self.assertEqual(self.next_of("/v1/statement"), f"http://127.0.0.1:{port}")
        self.assertEqual(self.next_of("/tarn/v1/statement"), f"http://127.0.0.1:{port}/tarn")
        self.assertEqual(self.next_of("/v1/statement", X_Forwarded_Proto="https", X_Forwarded_Host="data.example.com", X_Forwarded_Prefix="/a/b/"),
                         "https://data.example.com/a/b")
        self.assertEqual(self.next_of("/v1/statement", X_Forwarded_Proto="https", X_Forwarded_Host="data.example.com", X_Forwarded_Port="8443"),
                         "https://data.example.com:8443")
        self.assertEqual(self.next_of("/v1/statement", X_Forwarded_Host='evil"<>', X_Forwarded_Proto="gopher"), f"http://127.0.0.1:{port}")

    def test_compressed_answers(self):
        page = self.client.post(MILLION)
        answer = self.client.send("GET", page["nextUri"].partition(f":{self.server.port}")[2], Accept_Encoding="gzip")
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")
        self.assertGreater(len(json.loads(gzip.decompress(answer.content))["data"]), 1000)
        again = self.client.send("GET", page["nextUri"].partition(f":{self.server.port}")[2])
        self.assertIsNone(again.headers["Content-Encoding"])
        self.assertEqual(again.content, gzip.decompress(answer.content))

    def test_segments(self):
        page, rows, fetched = self.client.post(MILLION, X_Trino_Query_Data_Encoding="json"), 0, []
        while "nextUri" in page:
            answer = self.client.send("GET", page["nextUri"].partition(f":{self.server.port}")[2])
            page = json.loads(answer.content)
            self.assertEqual(answer.headers["X-Trino-Query-Data-Encoding"], "json")
            for segment in page.get("data", {}).get("segments", []):
                self.assertEqual(segment["metadata"]["rowOffset"], rows)
                rows += segment["metadata"]["rowsCount"]
                fetched.append(segment)
        self.assertEqual(rows, 1000000)
        stored = [segment for segment in fetched if segment["type"] == "spooled"]
        self.assertGreater(len(stored), 2)
        stranger = Trino(self.server.port)
        total = 0
        for segment in stored:
            content = stranger.send("GET", segment["uri"].partition(f":{self.server.port}")[2]).content
            self.assertEqual(len(content), segment["metadata"]["segmentSize"])
            total += len(json.loads(content))
            self.assertEqual(stranger.send("GET", segment["ackUri"].partition(f":{self.server.port}")[2]).status, 200)
            self.assertEqual(stranger.send("GET", segment["uri"].partition(f":{self.server.port}")[2]).status, 404)
        self.assertEqual(total, sum(segment["metadata"]["rowsCount"] for segment in stored))
        self.assertEqual(list((self.server.data / "segments").iterdir()), [])

    def test_an_abandoned_query_is_given_up(self):
        page = self.client.post(ENDLESS)
        deadline = time.monotonic() + 15
        state = None
        while state != "FAILED" and time.monotonic() < deadline:
            time.sleep(0.1)
            state = json.loads(self.client.send("GET", f"/v1/query/{page['id']}").content)["state"]
        self.assertEqual(self.client.get(page["nextUri"])["error"]["errorName"], "ABANDONED_QUERY")
