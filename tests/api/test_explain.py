"""EXPLAIN: what is read from where, what goes to the sources, and never a credential; SHOW STATS."""

import json
import unittest

from api.test_trino import Trino
from api.world import MARKER, world


class ExplainTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.first = self.client(self.world.first_key)
        self.second = self.client(self.world.second_key)

    def client(self, key):
        made = Trino(self.world.server.port, User="tester", Extra_Credential=f"peakaKey={key}")
        self.addCleanup(made.connection.close)
        return made

    def plan(self, statement, client=None):
        rows, page = (client or self.first).run(statement)
        self.assertNotIn("error", page, statement)
        self.assertNotIn(self.world.postgres.password, rows[0][0])
        self.assertNotIn(str(self.world.postgres.port), rows[0][0])
        return rows[0][0]

    def error(self, statement):
        return self.first.run(statement)[1]["error"]["errorName"]

    def test_the_sql_that_goes_to_a_source(self):
        orders = self.world.source("orders")
        text = self.plan(f"EXPLAIN SELECT o.amount, n.name FROM {orders} o CROSS JOIN tpch.tiny.nation n WHERE o.id < 10 AND o.status = 'paid'")
        self.assertRegex(text, r"Table \S*public\.orders: read from its source \(postgres\)")
        self.assertRegex(text, r"Table tpch\.tiny\.nation: read from its source \(tpch\), 25 rows")
        sent = next(line for line in text.splitlines() if line.startswith("Source "))
        self.assertIn('"public"."orders" WHERE', sent)
        self.assertIn("< '10'", sent)
        self.assertIn("= 'paid'", sent)
        copied = self.plan(f"EXPLAIN SELECT count(*) FROM {self.world.second_catalog['name']}.public.{MARKER}_orders", self.second)
        self.assertIn("read from its copy, 50 rows", copied)
        self.assertNotIn("Source ", copied)

    def test_types_and_formats(self):
        nation = "SELECT * FROM tpch.tiny.nation"
        read = json.loads(self.plan(f"EXPLAIN (TYPE IO, FORMAT JSON) {nation}"))
        table = read["inputTableColumnInfos"][0]
        self.assertEqual((table["table"]["catalog"], table["estimate"]["outputRowCount"]), ("tpch", 25.0))
        self.assertGreater(read["estimate"]["outputRowCount"], 0)
        self.assertEqual(json.loads(self.plan(f"EXPLAIN (TYPE IO) {nation}")), read)
        for kind in ("LOGICAL", "DISTRIBUTED"):
            tree = json.loads(self.plan(f"EXPLAIN (TYPE {kind}, FORMAT JSON) {nation}"))["0"]
            self.assertEqual((tree["name"], tree["children"][0]["name"]), ("Output", "TableScan"))
            self.assertTrue(self.plan(f"EXPLAIN (TYPE {kind}, FORMAT GRAPHVIZ) {nation}").startswith("digraph"))
        self.assertEqual(self.error(f"EXPLAIN (TYPE IO, FORMAT GRAPHVIZ) {nation}"), "NOT_SUPPORTED")
        self.assertEqual(self.first.run("EXPLAIN (TYPE VALIDATE) SELECT 1")[0], [[True]])
        self.assertEqual(self.error("EXPLAIN SELECT nope FROM tpch.tiny.nation"), "COLUMN_NOT_FOUND")
        self.assertEqual(self.error("EXPLAIN SELECT * FROM tpch.tiny.nope"), "TABLE_NOT_FOUND")

    def test_analyze(self):
        text = self.plan("EXPLAIN ANALYZE SELECT * FROM tpch.tiny.nation WHERE regionkey = 1")
        self.assertRegex(text, r"Planning: [\d.]+ms, Start: [\d.]+ms, Execution: [\d.]+ms, Output: 5 rows")
        self.first.run("DROP TABLE IF EXISTS memory.default.explained")
        self.assertIn("Changed: 25 rows", self.plan("EXPLAIN ANALYZE CREATE TABLE memory.default.explained AS SELECT * FROM tpch.tiny.nation"))
        self.assertIn("Changed: 5 rows", self.plan("EXPLAIN ANALYZE DELETE FROM memory.default.explained WHERE regionkey = 0"))
        self.assertEqual(self.first.run("SELECT count(*) FROM memory.default.explained")[0], [[20]])
        self.first.run("DROP TABLE memory.default.explained")
        self.assertEqual(self.error("EXPLAIN ANALYZE SHOW TABLES FROM tpch.tiny"), "NOT_SUPPORTED")

    def test_changes_are_checked_and_not_made(self):
        self.first.run("DROP TABLE IF EXISTS memory.default.kept")
        self.assertEqual(self.error("EXPLAIN (TYPE VALIDATE) INSERT INTO memory.default.kept SELECT 1"), "TABLE_NOT_FOUND")
        self.assertEqual(self.first.run("EXPLAIN (TYPE VALIDATE) CREATE TABLE memory.default.kept AS SELECT 1 AS a, 'x' AS b")[0], [[True]])
        self.assertEqual(self.error("SELECT * FROM memory.default.kept"), "TABLE_NOT_FOUND")
        self.first.run("CREATE TABLE memory.default.kept AS SELECT 1 AS a, 'x' AS b")
        merge = "MERGE INTO memory.default.kept t USING (VALUES 1) s(x) ON t.a = s.x WHEN MATCHED THEN {0}"
        for way in ("EXPLAIN (TYPE VALIDATE) ", "EXPLAIN "):
            for statement, error in (
                    ("DELETE FROM memory.default.nope", "TABLE_NOT_FOUND"),
                    ("DELETE FROM memory.default.kept WHERE nope = 1", "COLUMN_NOT_FOUND"),
                    ("DELETE FROM tpch.tiny.nation", "NOT_SUPPORTED"),
                    ("UPDATE memory.default.kept SET zzz = 1", "COLUMN_NOT_FOUND"),
                    ("UPDATE memory.default.kept SET a = 'x'", "TYPE_MISMATCH"),
                    ("INSERT INTO memory.default.kept SELECT 'x', 1", "TYPE_MISMATCH"),
                    ("INSERT INTO memory.default.kept (nope) SELECT 1", "COLUMN_NOT_FOUND"),
                    ("CREATE TABLE memory.default.kept AS SELECT 1 AS a", "TABLE_ALREADY_EXISTS"),
                    (merge.format("UPDATE SET nope = 1"), "COLUMN_NOT_FOUND")):
                with self.subTest(statement=way + statement):
                    self.assertEqual(self.error(way + statement), error)
            for statement in ("DELETE FROM memory.default.kept", "UPDATE memory.default.kept SET a = 2", "INSERT INTO memory.default.kept VALUES (3, 'y')",
                              merge.format("DELETE")):
                with self.subTest(statement=way + statement):
                    self.assertNotIn("error", self.first.run(way + statement)[1])
        self.assertEqual(self.first.run("SELECT * FROM memory.default.kept")[0], [[1, "x"]])
        self.assertEqual(self.error("EXPLAIN (TYPE VALIDATE) DROP TABLE memory.default.kept"), "NOT_SUPPORTED")
        self.first.run("DROP TABLE memory.default.kept")

    def test_statistics(self):
        rows = self.first.run("SHOW STATS FOR tpch.tiny.nation")[0]
        self.assertEqual(rows, [["nationkey", None, 25.0, 0.0, None, "0", "24"], ["name", 177.0, 25.0, 0.0, None, None, None],
                                ["regionkey", None, 5.0, 0.0, None, "0", "4"], ["comment", 1857.0, 25.0, 0.0, None, None, None],
                                [None, None, None, None, 25.0, None, None]])
        copied = self.second.run(f"SHOW STATS FOR {self.world.second_catalog['name']}.public.{MARKER}_orders")[0]
        self.assertEqual(copied[0], ["id", None, 50.0, 0.0, None, "1", "50"])
        self.assertEqual(copied[-1][4], 50.0)
        half = self.first.run("SHOW STATS FOR (SELECT nullif(nationkey % 2, 0) AS odd FROM tpch.tiny.nation)")[0]
        self.assertEqual((half[0][:2], half[0][2]), (["odd", None], 1.0))
        self.assertAlmostEqual(half[0][3], 13 / 25)
        self.world.postgres.run("ANALYZE orders")
        live = {row[0]: row for row in self.first.run(f"SHOW STATS FOR {self.world.source('orders')}")[0]}
        self.assertEqual((live["id"][2], live["id"][3], live["status"][2]), (2000.0, 0.0, 2.0))
        self.assertEqual(self.error("SHOW STATS FOR tpch.tiny.nope"), "TABLE_NOT_FOUND")


if __name__ == "__main__":
    unittest.main()
