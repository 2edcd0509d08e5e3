"""Listings of what a project has: filters, agreement of the ways to ask, and sources that do not answer."""

import socket
import time
import unittest

from api.test_trino import Trino
from api.world import world
from rig.postgres import Postgres
from rig.shop import Project

TABLES = "".join(f"CREATE TABLE t{n} (id bigint PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', amount numeric(12,2), at timestamptz, tags text[]);"
                 f"COMMENT ON TABLE t{n} IS 'table {n}'; COMMENT ON COLUMN t{n}.name IS 'its name';" for n in range(5))
MORE = """
CREATE DOMAIN price AS numeric(10,2) NOT NULL;
CREATE SCHEMA other; CREATE TABLE other.priced (p price, "Odd Name" int, "odd name" text);
CREATE TABLE other.empty (); CREATE VIEW other.seen AS SELECT id FROM t0;
CREATE TABLE parts (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parts_2026 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
"""


class MetadataTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.project = Project(self.world.client, "Metadata")
        key, _ = self.project.key()
        self.trino = Trino(self.world.server.port, User="tester", Extra_Credential=f"peakaKey={key}")
        self.addCleanup(self.trino.connection.close)
        self.postgres = Postgres().start()
        self.addCleanup(self.postgres.close)
        self.postgres.run(TABLES + MORE)
        self.catalog = self.project.source("Shop", "POSTGRES", self.postgres.credential())["name"]

    def rows(self, statement):
        rows, page = self.trino.run(statement)
        self.assertNotIn("error", page, statement)
        return rows

    def test_a_listing_says_of_each_table_what_the_table_alone_says(self):
        columns = (f"SELECT table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, comment "
                   f"FROM {self.catalog}.information_schema.columns WHERE table_schema <> 'information_schema'")
        every = sorted(self.rows(columns), key=str)
        self.assertIn(["other", "priced", "p", 1, None, "NO", "decimal(10,2)", None], every)
        self.assertIn(["public", "t3", "name", 2, "'x'::character varying", "NO", "varchar(20)", "its name"], every)
        self.assertEqual(len([row for row in every if row[1] == "parts"]), 2)
        self.assertEqual([row for row in every if row[1] in ("parts_2026", "empty")], [])
        tables = self.rows(f"SELECT table_schema, table_name FROM {self.catalog}.information_schema.tables WHERE table_schema <> 'information_schema'")
        self.assertIn(["other", "empty"], tables)
        alone = []
        for schema, table in tables:
            alone += self.rows(f"{columns} AND table_schema = '{schema}' AND table_name = '{table}'")
        self.assertEqual(sorted(alone, key=str), every)
        self.assertIn(["table 2"], self.rows(f"SELECT comment FROM system.metadata.table_comments WHERE catalog_name = '{self.catalog}' AND schema_name = 'public'"))
        self.assertEqual(self.rows(f"SELECT count(*) FROM system.jdbc.columns WHERE table_cat = '{self.catalog}' AND table_schem IN ('public', 'other')"), [[len(every)]])

    def test_a_dead_source_harms_only_its_own_rows(self):
        dead = Postgres().start()
        self.addCleanup(dead.close)
        dead.run("CREATE TABLE lost (id int)")
        lost = self.project.source("Lost", "POSTGRES", dead.credential())["name"]
        count = "SELECT table_cat, count(*) FROM system.jdbc.columns WHERE table_schem = 'public' GROUP BY 1 ORDER BY 1"
        self.assertEqual([row[0] for row in self.rows(count)], sorted([lost, self.catalog]))
        dead.stop()
        with socket.socket() as silent:  # takes connections, and says nothing
            silent.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            silent.bind(("127.0.0.1", dead.port))
            silent.listen(64)
            time.sleep(6)  # what was read of it is no longer believed
            started = time.monotonic()
            self.assertEqual(self.rows(count), [[self.catalog, 27]])
            self.assertLess(time.monotonic() - started, 6)
            started = time.monotonic()
            self.assertEqual(self.rows(count), [[self.catalog, 27]])
            self.assertLess(time.monotonic() - started, 2, "it is not asked again at once")
            error = self.trino.run(f"SELECT * FROM {lost}.information_schema.columns", X_Trino_Session="query_max_run_time=2s")[1]["error"]
            self.assertIn(error["errorName"], ("EXCEEDED_TIME_LIMIT", "JDBC_ERROR"))


if __name__ == "__main__":
    unittest.main()
