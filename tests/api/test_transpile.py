"""Transpiling: texts of other dialects, what they refuse, and the answers of real engines to them."""

import json
import sqlite3
import unittest
from decimal import Decimal
from pathlib import Path

from api.world import PROGRAM, world
from rig.duck import Duck
from rig.mariadb import MariaDB

ROWS = [(1, "Ada", "north", 10, 1.5), (2, "b_b", "south", None, 2.5), (3, "BOB", "north", 30, -3.0), (4, None, "south", 20, 0.0), (5, "a*c", "north", 25, 8.25),
        (6, "it's \\ %", None, 5, 1.0)]
TABLE = "people"
CREATE = f"CREATE TABLE {TABLE} (id bigint, name varchar(50), area varchar(50), score bigint, rate {{double}})"
QUERIES = (
    f"SELECT id, name FROM {TABLE} ORDER BY score, id",
    f"SELECT id FROM {TABLE} ORDER BY score DESC, id DESC",
    f"SELECT id FROM {TABLE} ORDER BY score DESC NULLS FIRST, id",
    f"SELECT area, count(*) AS n, sum(score) AS total, count(DISTINCT name) AS names FROM {TABLE} GROUP BY area HAVING count(*) > 0 ORDER BY area",
    f"SELECT count(*) FILTER (WHERE score > 10) AS many, sum(score) FILTER (WHERE area = 'north') AS north FROM {TABLE}",
    f"SELECT id FROM {TABLE} WHERE name LIKE 'b_%' OR name LIKE '%\\%' ORDER BY id",
    f"SELECT id FROM {TABLE} WHERE name LIKE 'a*%' ORDER BY id",
    f"SELECT id FROM {TABLE} WHERE name = 'it''s \\ %'",
    f"SELECT id, coalesce(name, '-') || '/' || coalesce(area, '?') AS label FROM {TABLE} ORDER BY id LIMIT 3",
    f"SELECT id FROM {TABLE} ORDER BY id OFFSET 2 LIMIT 2",
    f"SELECT id FROM {TABLE} ORDER BY id OFFSET 4",
    f"SELECT id, score / CAST(4 AS double) AS quarter FROM {TABLE} WHERE score IS NOT NULL ORDER BY id",
    f"SELECT id FROM {TABLE} WHERE area IS DISTINCT FROM 'north' ORDER BY id",
    f"SELECT id FROM {TABLE} WHERE area IS NOT DISTINCT FROM NULL ORDER BY id",
    f"SELECT a.id, b.id AS other FROM {TABLE} a LEFT JOIN {TABLE} b ON a.score = b.score AND b.id > 3 ORDER BY a.id",
    f"SELECT id, row_number() OVER (PARTITION BY area ORDER BY id) AS place, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS pair FROM {TABLE} ORDER BY id",
    f"WITH north AS (SELECT id FROM {TABLE} WHERE area = 'north') SELECT max(id) AS top, min(id) AS low FROM north",
    f"SELECT t.n FROM (SELECT count(*) AS n FROM {TABLE}) t",
    f"SELECT count(*) AS n FROM (SELECT DISTINCT area FROM {TABLE})",
    f"SELECT id FROM {TABLE} WHERE id IN (1, 2) UNION ALL SELECT id FROM {TABLE} WHERE id = 1",
    f"SELECT id, CASE WHEN score > 20 THEN 'high' WHEN score IS NULL THEN 'none' ELSE 'low' END AS level, if(id > 3, 1, 0) AS late FROM {TABLE} ORDER BY id",
    f"SELECT id FROM {TABLE} p WHERE EXISTS (SELECT 1 AS one FROM {TABLE} q WHERE q.score > p.score AND q.area = p.area) ORDER BY id",
    f"SELECT substr(name, 2, 2) AS part, length(name) AS size FROM {TABLE} WHERE name IS NOT NULL ORDER BY id",
    f"SELECT id, -score AS minus, abs(id - 3) AS far, nullif(area, 'north') AS rest FROM {TABLE} WHERE NOT (id BETWEEN 2 AND 4) ORDER BY id",
)


def plain(rows):
    def value(item):
        if isinstance(item, (int, float, Decimal)) and not isinstance(item, bool):
            return round(float(item), 6)
        try:
            return round(float(item), 6) if item is not None else None
        except ValueError:
            return item
    return [[value(item) for item in row] for row in rows]


def inserts():
    def literal(item):
        return "NULL" if item is None else str(item) if not isinstance(item, str) else "'" + item.replace("'", "''") + "'"
    return [f"INSERT INTO {TABLE} VALUES ({', '.join(map(literal, row))})" for row in ROWS]


class TranspileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = world().client
        world().postgres.run("; ".join([CREATE.format(double="double precision"), *inserts()]))
        cls.addClassCleanup(lambda: world().postgres.run(f"DROP TABLE {TABLE}"))

    def transpiled(self, text, dialect):
        found = self.client.post(f"/sql/transpile/{dialect}", {"query": text})
        self.assertEqual(found["query"], found["result"])
        return found["query"]

    def expected(self, text):
        return plain(world().first.query(text.replace(f"FROM {TABLE}", f"FROM {world().source(TABLE)}").replace(f"JOIN {TABLE}", f"JOIN {world().source(TABLE)}")))

    def compare(self, dialect, ask):
        for text in QUERIES:
            with self.subTest(dialect, query=text):
                written = self.transpiled(text, dialect)
                self.assertEqual(sorted(plain(ask(written)), key=repr) if "ORDER" not in text else plain(ask(written)),
                                 sorted(self.expected(text), key=repr) if "ORDER" not in text else self.expected(text), written)

    def test_sqlite_answers_alike(self):
        with sqlite3.connect(":memory:") as database:
            for statement in [CREATE.format(double="double"), *inserts()]:
                database.execute(statement)
            self.compare("sqlite", lambda text: database.execute(text).fetchall())

    def test_duckdb_answers_alike(self):
        with Duck(Path(PROGRAM).with_name("duck")) as duck:
            for statement in [CREATE.format(double="double"), *inserts()]:
                duck.run(statement)
            self.compare("duckdb", duck.rows)

    def test_postgres_answers_alike(self):
        def ask(text):
            answer = world().postgres.run(f"SELECT coalesce(json_agg(row_to_json(t)), '[]') FROM ({text}) t")
            return [list(row.values()) for row in json.loads(answer)]
        self.compare("postgres", ask)

    def test_mariadb_answers_alike(self):
        with MariaDB().start() as mariadb:
            create = CREATE.format(double="double") + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
            mariadb.run("; ".join([create, *(row.replace("\\", "\\\\") for row in inserts())]))

            def ask(text):
                lines = mariadb.run(text).splitlines()
                return [[None if item == "NULL" else item.replace("\\\\", "\\") for item in line.split("\t")] for line in lines]
            self.compare("mysql", ask)

    def test_each_dialect_has_its_words(self):
        text = """SELECT "a b", x || 'it''s \\' AS y FROM "s"."t" WHERE z ORDER BY x DESC OFFSET 1 LIMIT 2"""
        for dialect, written in {
            "trino": """SELECT "a b", (x || 'it''s \\') AS y FROM "s"."t" WHERE z ORDER BY x DESC OFFSET 1 ROWS LIMIT 2""",
            "postgres": """SELECT "a b", ("x" || 'it''s \\') AS "y" FROM "s"."t" WHERE "z" ORDER BY "x" DESC NULLS LAST LIMIT 2 OFFSET 1""",
            "mysql": """SELECT `a b`, CONCAT(`x`, 'it''s \\\\') AS `y` FROM `s`.`t` WHERE `z` ORDER BY `x` DESC LIMIT 2 OFFSET 1""",
            "bigquery": """SELECT `a b`, (`x` || 'it\\'s \\\\') AS `y` FROM `s`.`t` WHERE `z` ORDER BY `x` DESC NULLS LAST LIMIT 2 OFFSET 1""",
            "snowflake": """SELECT "a b", ("X" || 'it''s \\\\') AS "Y" FROM "s"."t" WHERE "Z" ORDER BY "X" DESC NULLS LAST LIMIT 2 OFFSET 1""",
            "tsql": """SELECT [a b], ([x] + N'it''s \\') AS [y] FROM [s].[t] WHERE [z] ORDER BY [x] DESC OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY""",
            "duckdb": """SELECT "a b", ("x" || 'it''s \\') AS "y" FROM "s"."t" WHERE "z" ORDER BY "x" DESC NULLS LAST LIMIT 2 OFFSET 1""",
        }.items():
            with self.subTest(dialect):
                self.assertEqual(self.transpiled(text, dialect), written)
        self.assertIn("join_use_nulls = 1", self.transpiled("SELECT 1", "clickhouse"))
        self.assertEqual(self.transpiled("SELECT a FROM t LIMIT 5", "tsql"), "SELECT TOP (5) [a] FROM [t]")

    def test_what_cannot_be_said_is_refused_with_its_place(self):
        for dialect, text, column in (
                ("mysql", "SELECT a / b FROM t", 10), ("mysql", "SELECT 1 FROM t FULL JOIN u ON true", 15), ("mysql", "SELECT 1 FROM a.b.c", 15),
                ("bigquery", "SELECT a FROM t WHERE a LIKE b", 25), ("tsql", "SELECT true", 8), ("tsql", "SELECT avg(a) FROM t", 8),
                ("sqlite", "SELECT CAST(a AS integer) FROM t", 8), ("clickhouse", "SELECT 1.5", 8), ("postgres", "SELECT approx_distinct(a) FROM t", 8),
                ("duckdb", "SELECT * FROM UNNEST(ARRAY[1])", 15), ("snowflake", "SELECT x -> x FROM t", None), ("postgres", "SELECT a[1] FROM t", 8),
                ("postgres", "SELECT 1 FROM t MATCH_RECOGNIZE (PATTERN (a) DEFINE a AS true)", 15), ("postgres", "INSERT INTO t VALUES 1", 1),
                ("postgres", "SELEC 1", 1), ("mysql", "SELECT DISTINCT a FROM t ORDER BY a", 35)):
            with self.subTest(dialect, query=text):
                refused = self.client.send("POST", f"/api/v1/sql/transpile/{dialect}", {"query": text})
                self.assertEqual(refused.status, 400, refused.text)
                if column is not None:
                    self.assertEqual((refused.json()["line"], refused.json()["column"]), (1, column), refused.text)
        self.client.api("POST", "/sql/transpile/cobol", {"query": "SELECT 1"}, expect=400)


if __name__ == "__main__":
    unittest.main()
