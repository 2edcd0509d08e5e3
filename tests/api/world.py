"""What the API tests share: one server with two projects, each with a PostgreSQL database of its own.

Everything of the second project carries the marker "zebrafish", so that a leak shows in any answer."""

import atexit
import functools
import os
import tempfile
from pathlib import Path

from rig.postgres import Postgres
from rig.server import Server
from rig.shop import Project, every
from rig.tables import InternalTable, column, mapped

MARKER = "zebrafish"
PROGRAM = os.environ.get("TARN_PROGRAM", "build/release/bin/tarn")

FIRST = """
CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, balance numeric(12,2), seen_at timestamptz);
INSERT INTO customers SELECT n, 'Customer ' || n, n * 1.25, timestamptz '2026-01-01 00:00:00Z' + n * interval '1 hour'
FROM generate_series(1, 500) n;
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL, amount numeric(12,2) NOT NULL, status text);
INSERT INTO orders SELECT n, 1 + n % 500, n % 97, (ARRAY['new', 'paid'])[1 + n % 2] FROM generate_series(1, 2000) n;
"""
SECOND = f"""
CREATE TABLE {MARKER}_orders (id bigint PRIMARY KEY, note text);
INSERT INTO {MARKER}_orders SELECT n, '{MARKER} note ' || n FROM generate_series(1, 50) n;
"""


class World:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tarn-api-")
        self.postgres = Postgres().start()
        self.postgres.run("CREATE DATABASE vault")
        self.postgres.run(FIRST)
        self.postgres.run(SECOND, database="vault")
        self.server = Server(PROGRAM, Path(self.folder.name) / "data", {"file_roots": [self.folder.name]})
        self.server.start()
        self.client = self.server.client()
        self.first = Project(self.client, "First project")
        self.catalog = self.first.source("Main shop", "POSTGRES", self.postgres.credential())
        self.first_key, self.first_key_id = self.first.key("first key")
        self.second = Project(self.client, f"{MARKER} project")
        self.second_connection = self.second.connect(f"{MARKER} link", "POSTGRES", self.postgres.credential(databaseName="vault"))
        self.second_catalog = self.second.catalog(f"{MARKER} catalog", self.second_connection)
        self.second_key, self.second_key_id = self.second.key(f"{MARKER} key")
        self.second_cache = self.second.cached(self.second_catalog, "public", f"{MARKER}_orders",
                                               fullRefreshCacheSchedule=every("P1D"))
        self.second_query = self.client.post(f"{self.second.data}/queries", {
            "displayName": f"{MARKER} stored", "queryType": "MATERIALIZED", "path": f"/{MARKER} folder",
            "inputQuery": f'SELECT note FROM {self.second_catalog["name"]}.public.{MARKER}_orders'})
        self.second_semantic = self.client.post(f"{self.second.data}/semantic-catalogs", {"name": f"{MARKER} meanings"})
        self.second_table = self.client.post(f"{self.second.data}/semantic-catalogs/{self.second_semantic['id']}", {
            "schemaName": "public", "tableName": f"{MARKER}_notes", "queryId": self.second_query["id"]})

        self.client.post(f"{self.second.data}/catalogs/{self.second_catalog['id']}/parametricTables", {
            "fromSchema": "public", "fromTable": f"{MARKER}_orders", "toSchema": f"{MARKER}_fixed", "toTable": f"{MARKER}_first",
            "paramValues": [{"key": "id", "value": 1}]})
        self.second_tables = [InternalTable(self.second, f"{MARKER} kept", column("note"), kind=kind) for kind in ("table", "bitable")]
        self.second_jobs = [table.load(f"note\n{MARKER} note\n", mapped("note")) for table in self.second_tables]
        metadata = f"/metadata/{self.second.id}"
        self.second_golden = self.client.post(f"{metadata}/golden-sqls", {"prompt": f"{MARKER} question", "sql": f"SELECT '{MARKER} note'"})
        self.second_relation = self.client.post(
            f"{metadata}/relations/{self.second_catalog['id']}/public/{MARKER}_orders/id",
            {"targetCatalogId": self.second_catalog["id"], "targetSchemaName": "public", "targetTableName": f"{MARKER}_orders",
             "targetColumnName": "id", "type": "ONE_TO_ONE"})

    def source(self, table):
        return f'"{self.catalog["name"]}"."public"."{table}"'

    def close(self):
        self.server.close()
        self.postgres.close()
        self.folder.cleanup()


@functools.cache
def world():
    """The world, made when first asked for and removed when the tests end."""
    made = World()
    atexit.register(made.close)
    return made
