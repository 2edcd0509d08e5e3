"""Exports: files of every form, links, expiry, cancel, restart, isolation."""

import csv
import gzip
import io
import json
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from api.world import MARKER, PROGRAM, world
from rig.duck import Duck
from rig.server import Server
from rig.shop import Project
from rig.waiting import until

LARGE = "SELECT l.orderkey, l.comment, p.comment AS other FROM tpch.tiny.lineitem l CROSS JOIN tpch.tiny.lineitem p"


def ended(client, exports, export_id, seconds=60):
    def look():
        job = client.get(f"{exports}/{export_id}")
        return job if job["status"] not in ("PENDING", "RUNNING") else None
    return until("the export ends", look, seconds)


def fetched(job):
    with urllib.request.urlopen(job["files"][0]["url"], timeout=60) as response:
        return response.read()


def status_of(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status
    except urllib.error.HTTPError as refused:
        return refused.code


class ExportsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = world().client
        cls.data = world().first.data
        cls.exports = f"{cls.data}/exports"
        cls.table = f"{cls.data}/catalogs/{world().catalog['id']}/schemas/public/tables"

    def query(self, text):
        made = self.client.post(f"{self.data}/queries", {"displayName": f"export {time.monotonic_ns()}", "inputQuery": text})
        return f"{self.data}/queries/{made['id']}/exports"

    def start(self, address, **body):
        created = self.client.api("POST", address, body, expect=202)
        self.assertEqual(created["status"], "PENDING")
        return created["id"]

    def run_export(self, address, **body):
        job = ended(self.client, self.exports, self.start(address, **body))
        self.assertEqual(job["status"], "SUCCEEDED", job.get("error"))
        content = fetched(job)
        self.assertEqual(job["files"][0]["bytes"], len(content))
        return job, content

    def test_csv_of_a_table(self):
        job, content = self.run_export(f"{self.table}/customers/exports", columns=["NAME", "id"], limit=7)
        rows = list(csv.reader(io.StringIO(content.decode())))
        self.assertEqual(rows[0], ["name", "id"])
        self.assertEqual(len(rows), 8)
        self.assertEqual((job["rowCount"], job["tableName"], job["apiKeyPrefix"]), (7, "customers", self.client.key[:8]))
        self.assertTrue(job["files"][0]["name"].endswith("_customers.csv"))

    def test_lines_of_a_query_compressed(self):
        job, content = self.run_export(self.query(f"SELECT id, name FROM {world().source('customers')} ORDER BY id DESC"), format="JSONL", compression="GZIP")
        lines = [json.loads(line) for line in gzip.decompress(content).decode().splitlines()]
        self.assertEqual([line["id"] for line in lines], list(range(500, 0, -1)))
        self.assertTrue(job["files"][0]["name"].endswith(".jsonl.gz"))

    def test_parquet_and_zstd(self):
        for body, reader in (({"format": "PARQUET"}, "read_parquet"), ({"format": "CSV", "compression": "ZSTD"}, "read_csv"),
                             ({"format": "PARQUET", "compression": "ZSTD"}, "read_parquet")):
            with self.subTest(body), tempfile.TemporaryDirectory() as folder, Duck(Path(PROGRAM).with_name("duck")) as duck:
                job, content = self.run_export(f"{self.table}/orders/exports", **body)
                file = Path(folder) / job["files"][0]["name"]
                file.write_bytes(content)
                answer = duck.rows(f"SELECT count(*), sum(amount), count(DISTINCT id) FROM {reader}('{file}')")
                self.assertEqual([float(value) for value in answer[0]], [2000, sum(n % 97 for n in range(1, 2001)), 2000])

    def test_an_empty_answer_is_a_file_with_a_header(self):
        job, content = self.run_export(self.query("SELECT 1 AS a, 'x' AS b WHERE false"))
        self.assertEqual((job["rowCount"], content), (0, b"a,b\n"))

    def test_what_cannot_be_is_refused_at_once(self):
        customers = f"{self.table}/customers/exports"
        for address, body, status in (
                (customers, {"columns": ["no_such"]}, 400), (customers, {"format": "XML"}, 400), (customers, {"csvOptions": {"quoteChar": "ab"}}, 400),
                (customers, {"csvOptions": {"delimiter": ""}}, 400), (f"{self.table}/no_such/exports", {}, 404),
                (f"{self.data}/queries/1/exports", {}, 400), (self.query("SELECT nothing FROM tpch.tiny.nation"), {}, 400),
                (self.query("SELECT 1 AS a, 2 AS a"), {"format": "JSONL"}, 400)):
            with self.subTest(body):
                self.client.api("POST", address, body, expect=status)

    def test_a_failure_while_running_tells_its_reason_and_leaves_no_file(self):
        export = self.start(self.query("SELECT 1 / (nationkey - 5) AS x FROM tpch.tiny.nation"))
        job = ended(self.client, self.exports, export)
        self.assertEqual((job["status"], job["downloadable"]), ("FAILED", False))
        self.assertIn("Division by zero", job["error"])
        self.assertNotIn("files", job)

    def test_cancel_leaves_nothing(self):
        for body in ({}, {"format": "PARQUET"}):
            export = self.start(self.query(LARGE), limit=1000000, **body)
            until("the export runs", lambda: self.client.get(f"{self.exports}/{export}")["status"] != "PENDING", 20)
            for _ in range(2):
                self.client.api("DELETE", f"{self.exports}/{export}", expect=204)
            self.assertEqual(self.client.get(f"{self.exports}/{export}")["status"], "CANCELLED")
            folder = Path(world().server.data) / "exports"
            until("its file is gone", lambda: not list(folder.rglob(f"{export}*")), 20)

    def test_links_are_good_for_their_export_alone(self):
        first, _ = self.run_export(self.query("SELECT 1 AS a"))
        second, _ = self.run_export(self.query("SELECT 2 AS a"))
        url = first["files"][0]["url"]
        self.assertEqual(status_of(url), 200)
        self.assertEqual(status_of(url.split("?")[0]), 403)
        self.assertEqual(status_of(url[:-4] + "AAAA"), 403)
        self.assertEqual(status_of(url.replace(first["id"], second["id"])), 403)

    def test_other_projects_and_users_see_nothing(self):
        job, _ = self.run_export(self.query("SELECT 1 AS a"))
        second = world().server.client(world().second_key)
        self.assertEqual(second.send("GET", f"/api/v1{self.exports}/{job['id']}").status, 403)
        own = f"{world().second.data}/exports"
        second.api("GET", f"{own}/{job['id']}", expect=404)
        second.api("DELETE", f"{own}/{job['id']}", expect=404)
        self.assertEqual([item for item in second.get(own) if item["id"] == job["id"]], [])
        foreign = f"{self.data}/catalogs/{world().second_catalog['id']}/schemas/public/tables/{MARKER}_orders/exports"
        self.client.api("POST", foreign, {}, expect=404)


class ExportLifetimeTest(unittest.TestCase):
    """Servers of their own: limits, expiry, restart."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tarn-exports-")
        self.addCleanup(self.folder.cleanup)

    def server(self, **settings):
        server = Server(PROGRAM, Path(self.folder.name) / "data", {"export": settings} if settings else {})
        self.addCleanup(server.close)
        server.start()
        return server

    def begin(self, server, text, **body):
        client = server.client()
        project = Project(client, "Exports")
        made = client.post(f"{project.data}/queries", {"displayName": "exported", "inputQuery": text})
        created = client.api("POST", f"{project.data}/queries/{made['id']}/exports", body, expect=202)
        return client, f"{project.data}/exports", created["id"]

    def files(self):
        return [path for path in (Path(self.folder.name) / "data" / "exports").rglob("*") if path.is_file()]

    def test_too_many_rows_fail_and_a_limit_is_clamped(self):
        server = self.server(rows=10)
        job = ended(*self.begin(server, "SELECT nationkey FROM tpch.tiny.nation"))
        self.assertEqual((job["status"], self.files()), ("FAILED", []))
        self.assertIn("more rows", job["error"])
        job = ended(*self.begin(server, "SELECT nationkey FROM tpch.tiny.nation", limit=1000, format="PARQUET"))
        self.assertEqual((job["status"], job["rowCount"]), ("SUCCEEDED", 10))

    def test_files_expire(self):
        client, exports, export = self.begin(self.server(kept_seconds=2), "SELECT 1 AS a")
        job = ended(client, exports, export)
        self.assertEqual(job["status"], "SUCCEEDED")
        until("it expires", lambda: client.get(f"{exports}/{export}")["status"] == "EXPIRED", 10)
        self.assertEqual([item["status"] for item in client.get(exports)], ["EXPIRED"])
        self.assertEqual(self.files(), [])
        self.assertIn(status_of(job["files"][0]["url"]), (403, 404))

    def test_what_a_stop_and_a_crash_interrupt_is_failed(self):
        for end in ("stop", "kill"):
            with self.subTest(end):
                server = self.server(rows=0)
                client, exports, export = self.begin(server, LARGE)
                until("it writes", self.files, 20)
                getattr(server, end)()
                server.start()
                job = server.client().get(f"{exports}/{export}")
                self.assertEqual((job["status"], job["error"]), ("FAILED", "The server stopped before the export ended"))
                self.assertEqual(self.files(), [])
                server.close()

    def test_a_project_takes_its_exports_along(self):
        server = self.server(rows=0)
        client, exports, export = self.begin(server, "SELECT 1 AS a")
        ended(client, exports, export)
        self.assertEqual(len(self.files()), 1)
        client.api("DELETE", "/projects/" + exports.split("/")[3], expect=200)
        self.assertEqual(self.files(), [])


if __name__ == "__main__":
    unittest.main()
