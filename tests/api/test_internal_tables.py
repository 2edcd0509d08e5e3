"""Internal tables: types, rules of columns, rows that are edited, names, and what hangs on them."""

import tempfile
import threading
import unittest
from pathlib import Path

from api.world import PROGRAM, world
from rig.client import BASE, quoted
from rig.server import Server
from rig.shop import Project
from rig.tables import TYPES, InternalTable, column, mapped
from rig.trino import TrinoClient

KINDS = ("table", "bitable")
EXACT = {
    "a_varchar": ("", "é🐟 'quoted' \"x\"\n", "x" * 5000),
    "a_bigint": ("-9223372036854775808", "9223372036854775807", "0"),
    "a_boolean": ("true", "false", "true"),
    "a_decimal": ("-9999999999999999999999999999.9999999999", "9999999999999999999999999999.9999999999", "0.0000000001"),
    "a_timestamp": ("0001-01-01 00:00:00.000000", "9999-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999"),
    "a_time": ("00:00:00.000000", "23:59:59.999999", "12:30:00.000001"),
    "a_date": ("0001-01-01", "9999-12-31", "2024-02-29"),
    "a_uuid": ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "123e4567-e89b-42d3-a456-426614174000"),
}
ODD = ("'; DROP TABLE tables; --", 'a"b', "çok güzel 🐟", "x" * 255, "a_b", "ab", "UPPER", " spaced ", "select", "a.b", "100%", "a/b?c")


def all_types():
    return [column(f"a_{kind.lower()}", kind) for kind in TYPES]


class InternalTablesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = Project(world().client, "Internal tables")
        cls.client = world().client
        cls.key, _ = cls.project.key("tables")

    def made(self, name, *columns, kind="table"):
        return InternalTable(self.project, name, *columns, kind=kind)

    def refused(self, answer, status, *texts):
        self.assertEqual(answer.status, status, answer.text)
        for text in texts:
            self.assertIn(text, answer.json()["message"] + answer.json().get("field", ""))

    def trino(self, statement):
        with TrinoClient(world().server.port, self.key) as client:
            return client.run(statement)

    def test_every_type_comes_back_exactly(self):
        expected = [[EXACT[name][row] for name in EXACT] for row in range(3)] + [[None] * len(EXACT)]
        for kind in KINDS:
            table = self.made("exact", column("n", "BIGINT"), *all_types(), kind=kind)
            if kind == "table":
                table.insert(*({"n": row} | {name: values[row] for name, values in EXACT.items()} for row in range(3)), {"n": 3})
            else:
                quoted_value = lambda value: '"' + value.replace('"', '""') + '"'
                lines = [",".join([str(row)] + [quoted_value(values[row]) for values in EXACT.values()]) for row in range(3)]
                table.load("\n".join([",".join(["n", *EXACT]), *lines, "3" + "," * len(EXACT)]) + "\n", mapped("n", *EXACT))
            self.assertEqual(table.values(", ".join(EXACT), "ORDER BY n"), expected)
            answer = self.trino(f"SELECT {', '.join(EXACT)} FROM {table.sql} ORDER BY n")
            self.assertIsNone(answer["error"], answer["message"])
            self.assertEqual([kind for _, kind in answer["columns"]], ["varchar", "bigint", "boolean", "decimal(38, 10)", "timestamp(6)", "time(6)", "date", "uuid"])
            shown = [[value if value is None or isinstance(value, str) else str(value).lower() for value in row] for row in answer["rows"]]
            self.assertEqual(shown, expected)
            ordered = {name: sorted(range(3), key=lambda row: EXACT[name][row]) for name in ("a_uuid", "a_date", "a_time", "a_timestamp")}
            for name, order in ordered.items():
                self.assertEqual([int(row[0]) for row in table.values("n", f"WHERE {name} IS NOT NULL ORDER BY {name}")], order, name)

    def test_values_that_are_none_of_their_type_are_refused(self):
        table = self.made("refusing", *all_types())
        for name, value in (("a_bigint", "9223372036854775808"), ("a_bigint", "1.5"), ("a_boolean", "yes"), ("a_decimal", "0.00000000001"),
                            ("a_decimal", "1" + "0" * 28), ("a_timestamp", "2023-02-29 00:00:00"), ("a_time", "24:00"), ("a_date", "2024-2-1"),
                            ("a_uuid", "123e4567e89b42d3a456426614174000"), ("a_bigint", ""), ("a_date", "2024-02-29x")):
            self.refused(table.send_rows("POST", [{"a_varchar": "fine"}, {name: value}]), 400, f"[1].{name}")
        self.assertEqual(table.rows(), [])

    def test_json_numbers_keep_their_digits(self):
        table = self.made("digits", column("d", "DECIMAL"), column("n", "BIGINT"))
        answer = table.send_rows("POST", b'[{"d": 0.1234567891, "n": 9007199254740993}, {"d": 12345678901234567890.0000000001,\n"n": -1}]')
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(table.values("d, n", "ORDER BY d"), [["0.1234567891", "9007199254740993"], ["12345678901234567890.0000000001", "-1"]])

    def test_system_columns_are_there_and_hidden(self):
        for kind in KINDS:
            table = self.made("hidden", column("code"), kind=kind)
            table.load("code\na\nb\n", mapped("code"))
            self.assertEqual([sorted(row) for row in table.rows()], [["code", "text"]] * 2)
            row = table.rows("_id, _version, _created_time, _created_by, _last_modified_time, _last_modified_by, _session", "ORDER BY _id")[0]
            self.assertEqual(row["_version"], "1")
            self.assertTrue(all(row.values()), row)
            shown = self.project.query(f"SELECT column_name FROM peaka.information_schema.columns WHERE table_schema = '{kind}' "
                                       "AND table_name = 'hidden' ORDER BY 1", "COMPACT")
            self.assertEqual(shown, [["code"], ["text"]])
            self.assertEqual(self.trino(f"SHOW COLUMNS FROM {table.sql}")["rows"][1][0], "code")
            ids = table.values("count(DISTINCT _id), count(*)")
            self.assertEqual(ids, [["2", "2"]])
            listed = self.client.get(f"{self.project.data}/catalogs/1/schemas/{kind}/tables/hidden/columns")
            self.assertEqual([item["name"] for item in listed], ["text", "code"])

    def test_rows_are_edited(self):
        table = self.made("edited", column("code", isUnique=True, isNotNull=True), column("n", "BIGINT", defaultValue="7"), column("note"))
        made = table.insert({"code": "a", "n": 1}, {"code": "b"}, {"code": "c", "n": None, "note": "x"})
        self.assertEqual(made["inserted"], 3)
        ids = made["ids"]
        self.assertEqual(table.values("code, n, note, _id", "ORDER BY code"),
                         [["a", "1", None, ids[0]], ["b", "7", None, ids[1]], ["c", None, "x", ids[2]]])
        answer = table.send_rows("PATCH", [{"_id": ids[0], "n": 5}, {"_id": int(ids[1]), "_version": 1, "code": "B", "note": "changed"}])
        self.assertEqual((answer.status, answer.json()), (200, {"updated": 2}), answer.text)
        self.assertEqual(table.values("code, n, note, _version", "ORDER BY _id"),
                         [["a", "5", None, "2"], ["B", "7", "changed", "2"], ["c", None, "x", "1"]])
        self.refused(table.send_rows("PATCH", [{"_id": ids[0], "n": 6}, {"_id": ids[1], "_version": 1, "n": 6}]), 409, "[1]")
        self.refused(table.send_rows("PATCH", [{"_id": ids[0], "n": 6}, {"_id": "1", "n": 6}]), 404, "[1]")
        self.refused(table.send_rows("PATCH", [{"n": 6}]), 400, "_id")
        self.refused(table.send_rows("PATCH", [{"_id": ids[0], "code": "c"}]), 400, '"code"')
        self.refused(table.send_rows("PATCH", [{"_id": ids[0], "code": None}]), 400, '"code"')
        self.refused(table.send_rows("DELETE", ids=f"{ids[0]},{ids[2]},17"), 404)
        self.assertEqual(table.values("count(*), sum(n)"), [["3", "12"]])
        answer = table.send_rows("DELETE", ids=f"{ids[0]},{ids[2]}")
        self.assertEqual((answer.status, answer.json()), (200, {"deleted": 2}), answer.text)
        self.assertEqual(table.values("code"), [["B"]])

    def test_rules_of_columns_hold(self):
        table = self.made("rules", column("code", isUnique=True), column("n", "BIGINT", isNotNull=True), column("d", "DECIMAL", isUnique=True))
        table.insert({"code": "a", "n": 1, "d": "1.50"}, {"code": None, "n": 1}, {"n": 2})
        self.refused(table.send_rows("POST", [{"code": "b", "n": 1}, {"code": "a", "n": 1}]), 400, "[1]", '"code"')
        self.refused(table.send_rows("POST", [{"code": "b", "n": 1, "d": 1.5}]), 400, '"d"')
        self.refused(table.send_rows("POST", [{"code": "b"}]), 400, '"n"')
        self.refused(table.send_rows("POST", [{"code": "b", "n": 1, "nowhere": 1}]), 400, "nowhere")
        self.refused(table.send_rows("POST", b'[{"code": "b", "n": 1}'), 400)
        self.assertEqual(table.values("count(*)"), [["3"]])

    def test_columns_change_with_their_rows(self):
        for kind in KINDS:
            table = self.made("changing", column("a"), column("b", "BIGINT"), kind=kind)
            table.load("a,b\nx,1\ny,2\ny,\n", mapped("a", "b"))
            columns = f"{BASE}{table.path}/columns"
            table.project.client.post(f"{table.path}/columns", [column("c", "DECIMAL", defaultValue="1.5"), column("d", "DATE")])
            self.assertEqual(table.values("a, b, c, d", "ORDER BY a, b"),
                             [["x", "1", "1.5000000000", None], ["y", "2", "1.5000000000", None], ["y", None, "1.5000000000", None]])
            self.client.api("PUT", f"{table.path}/columns/a", column("Renamed", displayName="A new name", isNotNull=True))
            self.assertEqual(table.values("renamed, b", "ORDER BY 1, 2"), [["x", "1"], ["y", "2"], ["y", None]])
            self.assertEqual(table.columns()["Renamed"]["displayName"], "A new name")
            put = lambda name, body: self.client.send("PUT", f"{columns}/{name}", body)
            self.refused(put("b", column("b", "VARCHAR")), 400, '"b"')
            self.refused(put("b", column("b", "BIGINT", isNotNull=True)), 400, '"b"')
            self.refused(put("renamed", column("renamed", isUnique=True)), 400)
            self.refused(put("b", column("C", "BIGINT")), 400, '"C"')
            self.refused(put("nowhere", column("x")), 404)
            self.client.api("PUT", f"{table.path}/columns/d", column("d", "UUID"))
            self.client.api("DELETE", f"{table.path}/columns/b")
            self.assertEqual(set(table.columns()), {"text", "Renamed", "c", "d"})
            self.assertEqual(table.values("renamed, d", "ORDER BY 1"), [["x", None], ["y", None], ["y", None]])
            table.project.client.post(f"{table.path}/columns", column("b", "DATE"))
            self.assertEqual(table.values("b"), [[None]] * 3)
            self.refused(self.client.send("POST", columns, [column("e"), column("E")]), 400)
            self.refused(self.client.send("POST", columns, [column("_id")]), 400)
            self.refused(self.client.send("POST", columns, [column("n", "BIGINT", isNotNull=True)]), 400)
            self.refused(self.client.send("POST", columns, [column("n", "BIGINT", defaultValue="x")]), 400, "defaultValue")
            self.refused(self.client.send("POST", columns, [column("n", "JSON")]), 400)
            self.assertNotIn("e", table.columns())
            table.drop()

    def test_odd_names_are_kept(self):
        for kind in KINDS:
            for number, name in enumerate(ODD):
                table = self.made(name, column(name, "BIGINT"), kind=kind)
                column_name = '"' + name.replace('"', '""') + '"'
                table.load(f"a\n{number}\n", [{"name": name, "csvColumnIndex": 0}])
                self.assertEqual(table.values(column_name), [[str(number)]], name)
                listed = self.client.get(f"{self.project.data}/{kind}")
                self.assertIn(name, [item["tableName"] for item in listed])
                found = self.client.post(f"{self.project.data}/search", {"query": name, "schema": kind})["matchedTables"]
                self.assertIn({"catalog": "peaka", "schema": kind, "table": name}, found or [])
            self.refused(self.client.send("POST", f"{BASE}{self.project.data}/{kind}/UPper"), 400, "UPper")
            for name in ("%20", "x" * 256):
                self.refused(self.client.send("POST", f"{BASE}{self.project.data}/{kind}/{name}"), 400)
            for name in ODD:
                self.client.api("DELETE", f"{self.project.data}/{kind}/{quoted(name)}")

    def test_joins_and_statements_of_several_states(self):
        table = self.made("joined", column("id", "BIGINT", isUnique=True), column("label"))
        table.insert(*({"id": n, "label": f"label {n}"} for n in range(1, 101)))
        other = world().first
        self.assertNotEqual(other.id, self.project.id)
        answer = self.client.send("POST", f"{BASE}{other.data}/queries/execute", {"statement": f"SELECT * FROM {table.sql}"})
        self.refused(answer, 400)
        rows = self.project.query(f"SELECT count(*), sum(t.id) FROM {table.sql} t JOIN tpch.tiny.nation n ON n.nationkey = t.id", "COMPACT")
        self.assertEqual(rows, [["24", "300"]])
        self.assertEqual(self.project.query(f"SELECT count(*) FROM {table.sql} a JOIN {table.sql} b USING (id)", "COMPACT"), [["100"]])

    def test_a_statement_sees_one_state(self):
        table = self.made("moving", column("n", "BIGINT"))
        ids = table.insert(*({"n": 0} for _ in range(2000)))["ids"]
        over, failed = threading.Event(), []

        def change():
            client, step = world().server.client(), 0
            while not over.is_set():
                step += 1
                answer = client.send("PATCH", f"{BASE}{table.path}/rows", [{"_id": each, "n": step} for each in ids])
                if answer.status != 200:
                    failed.append(answer.text)
                    return

        worker = threading.Thread(target=change)
        worker.start()
        try:
            seen = {tuple(table.values("min(n), max(n), (SELECT max(n) FROM " + table.sql + ")")[0]) for _ in range(60)}
        finally:
            over.set()
            worker.join()
        self.assertEqual(failed, [])
        self.assertEqual([each for each in seen if len(set(each)) > 1], [])
        self.assertGreater(len(seen), 1)

    def test_tables_go_while_statements_read_them(self):
        for kind in KINDS:
            table = self.made("leaving", column("n", "BIGINT"), kind=kind)
            table.load("n\n" + "\n".join(map(str, range(20_000))) + "\n", mapped("n"))
            whole, wrong = [], []

            def read():
                client = world().server.client()
                for _ in range(30):
                    answer = client.send("POST", f"{BASE}{self.project.data}/queries/execute", {"statement": f"SELECT count(*), sum(n) FROM {table.sql}"},
                                         {"format": "COMPACT"})
                    if answer.status == 200:
                        (whole if answer.json()["data"] in ([["20000", "199990000"]], [["0", None]]) else wrong).append(answer.text)
                    elif answer.status != 400 or not any(text in answer.text for text in ("does not exist", "changed", "cannot be resolved")):
                        wrong.append(answer.text)

            readers = [threading.Thread(target=read) for _ in range(3)]
            for reader in readers:
                reader.start()
            for _ in range(3):
                table.drop()
                table = self.made("leaving", column("n", "BIGINT"), kind=kind)
                table.load("n\n" + "\n".join(map(str, range(20_000))) + "\n", mapped("n"))
            for reader in readers:
                reader.join()
            self.assertEqual(wrong, [])
            self.assertTrue(whole)

    def test_a_table_made_again_is_another_one(self):
        for kind in KINDS:
            table = self.made("again", column("n", "BIGINT"), kind=kind)
            table.load("n\n1\n", mapped("n"))
            table.drop()
            table = self.made("again", column("other"), kind=kind)
            self.assertEqual((table.values("other"), set(table.columns())), ([], {"text", "other"}))
            self.refused(self.client.send("POST", f"{BASE}{table.path}"), 400, "again")

    def test_they_are_not_cached(self):
        self.made("never cached")
        where = f"{self.project.data}/catalogs/1/schemas/table/tables/never%20cached"
        self.assertEqual(self.client.get(f"{where}/isCached"), {"isCached": False, "isCacheable": False, "supportedCacheTypes": []})
        answer = self.client.send("POST", f"{BASE}{self.project.data}/cache", {"catalogId": "1", "schemaName": "table", "tableName": "never cached"})
        self.refused(answer, 400)

    def test_saved_queries_and_builder_read_them(self):
        table = self.made("saved", column("n", "BIGINT"), column("d", "DATE"))
        table.insert({"n": 1, "d": "2024-01-01"}, {"n": 2, "d": "2024-01-02"})
        saved = self.client.post(f"{self.project.data}/queries", {"displayName": "over saved", "inputQuery": f"SELECT * FROM {table.sql}"})
        self.assertEqual(len(self.project.query(f'SELECT * FROM peaka.query."{saved["name"]}"')), 2)
        answer = self.client.api("POST", f"{self.project.data}/queries/execute",
                                 {"from": [{"catalogId": "1", "schemaName": "table", "tableName": "saved"}], "orderBy": ["n DESC"], "limit": 1},
                                 {"format": "SIMPLE"})
        self.assertEqual(answer["data"], [{"text": None, "n": "2", "d": "2024-01-02"}])


class InternalTablesOfOneServerTest(unittest.TestCase):
    """What needs a server of its own: stops, and projects that go."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tarn-tables-")
        self.addCleanup(self.folder.cleanup)
        self.server = Server(PROGRAM, Path(self.folder.name) / "data")
        self.server.start()
        self.addCleanup(self.server.close)

    def test_rows_outlive_stops_and_kills(self):
        project = Project(self.server.client(), "Lasting")
        tables = [InternalTable(project, "kept", column("n", "BIGINT"), kind=kind) for kind in KINDS]
        for table in tables:
            table.load("n\n1\n2\n", mapped("n"))
        for stop in (self.server.kill, self.server.stop):
            stop()
            self.server.start()
            client = self.server.client()
            for table in tables:
                table.project.client = client
                self.assertEqual(table.values("n", "ORDER BY n"), [["1"], ["2"]])
        for table in tables:
            table.load("n\n3\n", mapped("n"))
            self.assertEqual(table.values("count(DISTINCT _id), sum(n)"), [["3", "6"]])

    def test_a_project_takes_its_tables_along(self):
        client = self.server.client()
        project, other = Project(client, "Going"), Project(client, "Staying")
        for kind in KINDS:
            for each in (project, other):
                InternalTable(each, "mine", column("n", "BIGINT"), kind=kind).load("n\n1\n", mapped("n"))
        folder = self.server.data / "tables"
        self.assertEqual({entry.name for entry in folder.iterdir()}, {project.id, other.id})
        client.api("DELETE", f"{project.path}/{project.id}")
        self.assertEqual({entry.name for entry in folder.iterdir()}, {other.id})
        for kind in KINDS:
            self.assertEqual(client.send("GET", f"{BASE}{project.data}/{kind}").status, 404)
            self.assertEqual(other.query(f'SELECT n FROM peaka."{kind}".mine', "COMPACT"), [["1"]])


if __name__ == "__main__":
    unittest.main()
