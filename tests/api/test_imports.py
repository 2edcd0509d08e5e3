"""Imports of files into internal tables: formats, modes, errors with their places, cancelling, stops in the middle."""

import os
import tempfile
import threading
import time
import unittest
import urllib.request
from pathlib import Path

from api.world import PROGRAM, world
from rig.client import BASE
from rig.server import Server
from rig.shop import Project
from rig.tables import InternalTable, column, mapped, send_file
from rig.waiting import until

KINDS = ("table", "bitable")
ENDED = ("COMPLETED", "FAILED", "CANCELLED")
SECONDS = 60


def numbers(count, first=0):
    """A file of rows with a number and a text."""
    return "n,label\n" + "".join(f"{n},row {n} with a text that makes it longer\n" for n in range(first, first + count))


class Imports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = world().client
        cls.project = Project(cls.client, "Imports")

    def made(self, name, *columns, kind="table"):
        table = InternalTable(self.project, name, *columns, kind=kind)
        self.addCleanup(table.drop)
        return table

    def refused(self, answer, status, *texts):
        self.assertEqual(answer.status, status, answer.text)
        for text in texts:
            self.assertIn(text, answer.json()["message"] + answer.json().get("field", ""))

    def job(self, id):
        return self.client.get(f"/jobs/{id}")

    def ended(self, id, seconds=SECONDS):
        return until("the import ends", lambda: (lambda job: job if job["status"] in ENDED else None)(self.job(id)), seconds)


class FormatsTest(Imports):
    def test_csv_as_it_comes(self):
        """Quotes, line ends of all systems, the mark of the byte order, other delimiters, columns by place."""
        cases = (
            ('a,b\r\n"x, y","say ""hi"""\r\n"two\r\nlines",\r\n', {}, [['two\r\nlines', None], ["x, y", 'say "hi"']]),
            ("\ufeffa,b\n1,2\n\n3,4", {}, [["1", "2"], ["3", "4"]]),
            ("a;b\r'x;y';NULL\r\r'NULL';z\r", {"delimiter": ";", "quoteChar": "'", "nullValue": "NULL"}, [["NULL", "z"], ["x;y", None]]),
            ('a,b\n"",x\n,y\n', {}, [["", "x"], [None, "y"]]),
        )
        for kind in KINDS:
            table = self.made("forms", column("a"), column("b"), kind=kind)
            for content, style, expected in cases:
                job = table.load(content, mapped("a", "b"), mode="replace", **style)
                self.assertEqual((job["status"], job["progress"], job["result"]),
                                 ("COMPLETED", 100, {"processed": 2, "inserted": 2, "updated": 0}))
                self.assertEqual(table.values("a, b", "ORDER BY a, b"), expected)
            table.load("1|2|3\n4|5|6\n", [{"name": "a", "csvColumnIndex": 2}, {"name": "b", "csvColumnIndex": 0}],
                       mode="replace", containsHeader=False, delimiter="|")
            self.assertEqual(table.values("a, b", "ORDER BY a"), [["3", "1"], ["6", "4"]])

    def test_json_lines(self):
        lines = ('{"n": 9007199254740993, "d": 12345678901234567890.0000000001, "t": "é\\n🐟", "more": {"x": [1]}}\n\n'
                 '{"t": null, "n": "-1", "more": true}\r\n{"n": 5}')
        for kind in KINDS:
            table = self.made("lines", column("n", "BIGINT"), column("d", "DECIMAL"), column("t"), column("more"), kind=kind)
            job = table.load(lines, mapped("n", "d", "t", "more"), format="JSONL")
            self.assertEqual(job["result"]["inserted"], 3)
            self.assertEqual(table.values("n, d, t, more", "ORDER BY n"), [["-1", None, None, "true"], ["5", None, None, None], [
                "9007199254740993", "12345678901234567890.0000000001", "é\n🐟", '{"x": [1]}']])
            self.refused(table.send_import('{"n": 1}\n[1]\n', mapped("n"), format="JSONL"), 400, "line 2")
            self.refused(table.send_import('{"n": 1}\n{"n": 1.5}\n', mapped("n"), format="JSONL"), 400, "line 2", '"1.5"')
            self.refused(table.send_import('{"n": 1}\n', mapped("n", "d"), format="JSONL"), 400, '"d"')
            self.refused(table.send_import('{"n": 1}\n', mapped("n"), format="JSONL", delimiter=";"), 400, "format")
            self.assertEqual(table.values("count(*)"), [["3"]])

    def test_parquet_there_and_back(self):
        source = self.made("there", *(column(f"a_{kind.lower()}", kind) for kind in ("VARCHAR", "BIGINT", "BOOLEAN", "DECIMAL", "TIMESTAMP", "TIME", "DATE", "UUID")))
        names = sorted(set(source.columns()) - {"text"})
        source.insert(*({"a_varchar": f"é {n}", "a_bigint": n * (1 << 53) + n, "a_boolean": n % 2 == 0, "a_decimal": f"{n}.0000000001",
                         "a_timestamp": f"2024-02-29 12:30:00.{n:06}", "a_time": f"00:00:0{n}.5", "a_date": f"000{n + 1}-01-01",
                         "a_uuid": f"123e4567-e89b-42d3-a456-42661417400{n}"} for n in range(5)), {})
        path = f"{self.project.data}/catalogs/1/schemas/table/tables/there/exports"
        export = self.client.api("POST", path, {"format": "PARQUET"}, expect=202)["id"]
        where = f"{self.project.data}/exports/{export}"
        job = until("the export ends", lambda: (lambda found: found if found["status"] == "SUCCEEDED" else None)(self.client.get(where)), SECONDS)
        with urllib.request.urlopen(job["files"][0]["url"], timeout=SECONDS) as response:
            content = response.read()
        for kind in KINDS:
            table = self.made("back", *(column(name, name[2:].upper()) for name in names), kind=kind)
            self.assertEqual(table.load(content, mapped(*names), format="PARQUET")["result"]["inserted"], 6)
            list_of = ", ".join(names)
            self.assertEqual(table.values(list_of, "ORDER BY a_bigint"), source.values(list_of, "ORDER BY a_bigint"))
            self.refused(table.send_import(content, mapped("a_bigint") + [{"name": "text", "csvColumnName": "nowhere"}], format="PARQUET"), 400, "nowhere")
            self.refused(table.send_import(content[:-20], mapped("a_bigint"), format="PARQUET"), 400, "Parquet")
            self.refused(table.send_import(content, [{"name": "a_bigint", "csvColumnName": "a_varchar"}], format="PARQUET"), 400, "row 1", "a_varchar")


class ErrorsTest(Imports):
    def test_nothing_is_kept_of_a_file_with_an_error(self):
        cases = (
            ("n,d\n1,2024-01-01\n2,2024-02-30\n", {}, ("date", "line 3", '"d"', '"2024-02-30"')),
            ("n,d\n1,\n9223372036854775808,\n", {}, ("bigint", "line 3", '"n"')),
            ("n,d\n1.5,\n", {}, ("bigint", "line 2")),
            ("n,d\n1,\n,2024-01-01\n", {}, ("missing", "line 3", '"n"')),
            ("n,d\n1,\n1,2,3\n", {}, ("3 values where 2", "line 3")),
            ("n,d\n1,\n2\n", {}, ("1 values where 2", "line 3")),
            ('n,d\n1,"2024-01-01\n2,\n', {}, ("not closed", "line 2")),
            ('n,d\n1,"2024-01-01"x\n', {}, ("followed", "line 2")),
            ('"n","d"\n"1\n2",\n', {}, ("bigint", "line 2")),
            ("n,d\n1,\n2,\n1,\n", {}, ("unique", '"n"')),
            ("n,other\n1,\n", {}, ("header", '"d"')),
            ("n,d,d\n1,,\n", {}, ("more than once", '"d"')),
            ("", {}, ("empty",)),
            (b"n,d\n\xff,\n", {}, ("line 2",)),
            ("1,2024-01-01\n", {"containsHeader": False}, ("mappings[0].csvColumnName",)),
            ("n,d\n", {"delimiter": ";;"}, ("delimiter",)),
            ("n,d\n", {"delimiter": '"'}, ("delimiter",)),
            ("n,d\n", {"mode": "merge"}, ("mode",)),
            ("n,d\n", {"format": "XML"}, ("format",)),
            ("n,d\n", {"key": "n"}, ("key",)),
        )
        for kind in KINDS:
            table = self.made("strict", column("n", "BIGINT", isNotNull=True, isUnique=True), column("d", "DATE"), kind=kind)
            table.load("n,d\n100,\n", mapped("n", "d"))
            for content, request, said in cases:
                for mode in ({}, {"mode": "replace"}) if "mode" not in request and "key" not in request else ({},):
                    with self.subTest(kind=kind, content=content, mode=mode):
                        self.refused(table.send_import(content, mapped("n", "d"), **request, **mode), 400, *said)
                        self.assertEqual(table.values("n"), [["100"]])
            self.refused(table.send_import("n\n1\n", []), 400, "mappings")
            self.refused(table.send_import("n\n1\n", mapped("n", "n")), 400, '"n"')
            self.refused(table.send_import("n\n1\n", mapped("n", "nowhere")), 400, "nowhere")
            self.refused(table.send_import("d\n2024-01-01\n", mapped("d")), 400, '"n"')
            self.refused(table.send_import("n\n1\n", [{"name": "n"}]), 400, "mappings[0]")
            self.refused(table.send_import("n\n1\n", [{"name": "n", "csvColumnIndex": 7}]), 400, "7")
            self.refused(table.send_import("n\n100\n", mapped("n")), 400, "unique")
            self.assertEqual(table.values("n"), [["100"]])

    def test_a_form_that_is_none(self):
        table = self.made("form", column("n", "BIGINT"))
        path = f"{BASE}{table.path}/import"
        for body, content_type in ((b"n\n1\n", "text/csv"), (b"", "multipart/form-data"), (b"--x\r\n", "multipart/form-data; boundary=x"),
                                   (b"--x\r\n\r\nn\n1\r\n--x--\r\n", "multipart/form-data; boundary=x")):
            answer = self.client.send("POST", path, body, headers={"Content-Type": content_type})
            self.assertIn(answer.status, (400, 415), answer.text)
        self.assertEqual(table.values("count(*)"), [["0"]])
        answer = self.client.send("POST", f"{BASE}{self.project.data}/table/nowhere/import", b"", headers={"Content-Type": "multipart/form-data; boundary=x"})
        self.assertIn(answer.status, (400, 404), answer.text)

    def test_jobs_are_of_their_project(self):
        table = self.made("own", column("n", "BIGINT"))
        job = table.load("n\n1\n", mapped("n"))
        key, _ = self.project.key("imports")
        self.assertEqual(self.client.with_key(key).get(f"/jobs/{job['id']}")["status"], "COMPLETED")
        stranger = self.client.with_key(world().first_key)
        for method in ("GET", "DELETE"):
            for id in (job["id"], f"{self.project.id}.x", "x", "."):
                self.assertEqual(stranger.send(method, f"{BASE}/jobs/{id}").status, 404)


class ModesTest(Imports):
    def test_append_upsert_replace(self):
        table = self.made("modes", column("code", isUnique=True), column("n", "BIGINT"), column("note", defaultValue="new"))
        table.load("code,n\na,1\nb,2\n", mapped("code", "n"))
        job = table.load("code,n\nb,20\nc,30\n,1\n", mapped("code", "n"), mode="upsert")
        self.assertEqual(job["result"], {"processed": 3, "inserted": 2, "updated": 1})
        self.assertEqual(table.values("code, n, note, _version", "ORDER BY code"),
                         [["a", "1", "new", "1"], ["b", "20", "new", "2"], ["c", "30", "new", "1"], [None, "1", "new", "1"]])
        table.load("code,n\na,7\n", mapped("code", "n"), mode="upsert", key="code")
        self.refused(table.send_import("code,n\na,7\n", mapped("code", "n"), mode="upsert", key="n"), 400, "key")
        self.refused(table.send_import("n\n7\n", mapped("n"), mode="upsert"), 400, "key")
        job = table.load("code\nz\n", mapped("code"), mode="replace")
        self.assertEqual(job["result"], {"processed": 1, "inserted": 1, "updated": 0})
        self.assertEqual(table.values("code, n"), [["z", None]])

    def test_tables_that_are_appended_to(self):
        table = self.made("columns", column("n", "BIGINT"), kind="bitable")
        for part in range(3):
            table.load(f"n\n{part}\n", mapped("n"))
        self.assertEqual(table.values("n", "ORDER BY _id"), [["0"], ["1"], ["2"]])
        self.refused(table.send_import("n\n1\n", mapped("n"), mode="upsert"), 400, "upsert")
        table.load("n\n9\n", mapped("n"), mode="replace")
        self.assertEqual(table.values("n"), [["9"]])
        table.load("n\n", mapped("n"), mode="replace")
        self.assertEqual(table.values("n"), [])

    def test_a_sample_can_be_imported(self):
        for kind in KINDS:
            table = self.made("sampled", column("a, \"b\""), column("n", "BIGINT"), column("d", "DECIMAL"), column("u", "UUID", isUnique=True), kind=kind)
            sample = self.client.send("GET", f"{BASE}{table.path}/sample")
            self.assertTrue(sample.headers["Content-Type"].startswith("text/csv"))
            table.load(sample.content, mapped('a, "b"', "n", "d", "u", "text"))
            self.assertGreater(int(table.values("count(*)")[0][0]), 0)


class LongImportsTest(Imports):
    """Files that take their time: progress, readers meanwhile, several at once, cancelling."""

    ROWS = 400_000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = tempfile.TemporaryDirectory(prefix="tarn-imports-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.file = Path(cls.folder.name) / "long.csv"
        cls.file.write_text(numbers(cls.ROWS), encoding="utf-8")

    def begin(self, table, **request):
        answer = send_file(table, self.file, mapped("n", "label"), wait=0, **request)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json()

    def test_readers_see_all_or_nothing(self):
        for kind in KINDS:
            table = self.made("growing", column("n", "BIGINT"), column("label"), kind=kind)
            table.load(numbers(1, 5_000_000), mapped("n", "label"))
            job, seen, progress = self.begin(table), set(), []
            while job["status"] == "RUNNING":
                progress.append(job["progress"])
                seen.add(table.values("count(*)")[0][0])
                job = self.job(job["id"])
            self.assertEqual((job["status"], job["progress"], job["result"]["inserted"]), ("COMPLETED", 100, self.ROWS))
            self.assertLessEqual(job["startTime"], job["endTime"])
            self.assertEqual(progress, sorted(progress))
            self.assertLessEqual(seen, {"1", str(self.ROWS + 1)})
            self.assertEqual(table.values("count(*), sum(n), count(DISTINCT _id)"),
                             [[str(self.ROWS + 1), str(self.ROWS * (self.ROWS - 1) // 2 + 5_000_000), str(self.ROWS + 1)]])

    def test_cancelled_leaves_nothing(self):
        for kind in KINDS:
            table = self.made("cancelled", column("n", "BIGINT"), column("label"), kind=kind)
            table.load(numbers(1, 7), mapped("n", "label"))
            job = self.begin(table, mode="replace")
            self.client.api("DELETE", f"/jobs/{job['id']}")
            job = self.ended(job["id"])
            self.assertIn(job["status"], ("CANCELLED", "COMPLETED"))
            self.client.api("DELETE", f"/jobs/{job['id']}")  # one that is over stays as it is
            self.assertEqual(self.job(job["id"])["status"], job["status"])
            self.assertEqual(table.values("count(*)"), [["1" if job["status"] == "CANCELLED" else str(self.ROWS)]])
            table.load(numbers(1, 8), mapped("n", "label"))

    def test_several_at_once(self):
        for kind in KINDS:
            table = self.made("busy", column("n", "BIGINT"), column("label"), kind=kind)
            jobs = [self.begin(table)["id"] for _ in range(3)]
            ended = [self.ended(id) for id in jobs]
            self.assertEqual([job["status"] for job in ended], ["COMPLETED"] * 3, ended)
            self.assertEqual(table.values("count(*), count(DISTINCT n), count(DISTINCT _id)"),
                             [[str(3 * self.ROWS), str(self.ROWS), str(3 * self.ROWS)]])

    def test_the_table_goes_meanwhile(self):
        for kind in KINDS:
            table = InternalTable(self.project, "going", column("n", "BIGINT"), column("label"), kind=kind)
            job = self.begin(table)
            dropped = threading.Thread(target=table.drop)
            dropped.start()
            ended = self.ended(job["id"])
            dropped.join()
            self.assertIn(ended["status"], ("FAILED", "COMPLETED", "CANCELLED"))
            if ended["status"] == "FAILED":
                self.assertIn("going", ended["error"])
            again = self.made("going", column("n", "BIGINT"), kind=kind)
            self.assertEqual(again.values("count(*)"), [["0"]])


class StoppedImportsTest(unittest.TestCase):
    """A server that is killed while it imports: afterwards all of the file is there, or nothing, and the job says which."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tarn-imports-")
        self.addCleanup(self.folder.cleanup)
        self.file = Path(self.folder.name) / "long.csv"
        self.file.write_text(numbers(200_000), encoding="utf-8")
        self.server = Server(PROGRAM, Path(self.folder.name) / "data")
        self.server.start()
        self.addCleanup(self.server.close)

    def sizes(self):
        return sum(entry.stat().st_size for entry in (self.server.data / "tables").rglob("*") if entry.is_file())

    def test_killed_in_the_middle(self):
        project = Project(self.server.client(), "Killed")
        for kind in KINDS:
            table = InternalTable(project, "kept", column("n", "BIGINT"), column("label"), kind=kind)
            outcomes, rows = set(), 0
            for step in range(8):
                answer = send_file(table, self.file, mapped("n", "label"), wait=0)
                self.assertEqual(answer.status, 200, answer.text)
                time.sleep(0.09 * step)
                self.server.kill()
                self.server.start()
                project.client = client = self.server.client()
                job = client.get(f"/jobs/{answer.json()['id']}")
                outcomes.add(job["status"])
                self.assertIn(job["status"], ("COMPLETED", "FAILED"), job)
                rows += 200_000 if job["status"] == "COMPLETED" else 0
                self.assertEqual(table.values("count(*), count(DISTINCT _id)"), [[str(rows)] * 2], (step, job))
                if job["status"] == "FAILED":
                    self.assertTrue(job["error"], job)
            self.assertIn("FAILED", outcomes)
            table.load(numbers(10), mapped("n", "label"), mode="replace")
            self.assertEqual(table.values("count(*)"), [["10"]])

    def test_the_disk_is_kept_free(self):
        stat = os.statvfs(self.folder.name)
        self.server.stop()
        self.server.settings = {"cache": {"free_space_floor_bytes": stat.f_bavail * stat.f_frsize + (1 << 40)}}
        self.server.start()
        project = Project(self.server.client(), "Full")
        for kind in KINDS:
            table = InternalTable(project, "full", column("n", "BIGINT"), column("label"), kind=kind)
            answer = table.send_import(numbers(10), mapped("n", "label"))
            self.assertEqual(answer.status, 507, answer.text)
            self.assertIn("free space", answer.json()["message"])
            self.assertEqual(table.values("count(*)"), [["0"]])


if __name__ == "__main__":
    unittest.main()
