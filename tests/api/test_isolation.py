"""A key of one project gets nothing of another through any endpoint or SQL text."""

import functools
import re
import unittest
from datetime import datetime, timedelta, timezone

from api.world import MARKER, world
from rig.client import BASE, quoted
from rig.waiting import until

OWNED = {"connectionId", "catalogId", "cacheId", "apiKeyId", "queryId", "exportId", "folderId", "parentFolderId", "tableId", "jobId", "relationId",
         "id"}
REFUSED = (400, 401, 403, 404, 405, 501)
TRICKS = (
    "SELECT * FROM information_schema.tables", "SELECT * FROM system.metadata.catalogs", "SHOW CATALOGS",
    "SELECT * FROM duckdb_databases()", "SELECT * FROM duckdb_tables()", "SELECT * FROM duckdb_secrets()", "SELECT * FROM pg_catalog.pg_class",
    "SELECT * FROM sqlite_master", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('*')", "SELECT getenv('TARN_PARTNER_KEY')", "SELECT current_setting('extension_directory')", "PRAGMA database_list",
    "ATTACH '/tmp/x.db' AS x", "COPY (SELECT 1) TO '/tmp/x'", "INSTALL httpfs", "LOAD httpfs", "SET threads = 1", "CALL dbgen(sf = 1)",
    "SELECT * FROM query('SELECT 1')", "SELECT * FROM query_table('x')", "EXPLAIN ANALYZE SELECT 1", "FROM duckdb_settings()", "EXECUTE x",
)


class IsolationTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.mine = self.world.client.with_key(self.world.first_key)

    def everything_of_the_second(self):
        second, client = self.world.second, self.world.client
        return [client.get(f"/projects/{second.id}"), client.get(f"/projects/{second.id}/apiKeys"),
                client.get(f"/connections/{second.id}"), client.get(f"{second.data}/catalogs"),
                client.get(f"{second.data}/queries"), client.get(f"{second.data}/queries/folders"),
                client.get(f"{second.data}/materialized-queries/status"),
                client.get(f"{second.data}/catalogs/{self.world.second_semantic['id']}/schemas/public/tables"),
                *(client.get(f"{second.data}/{kind}") for kind in ("table", "bitable")),
                *(client.get(f"{table.path}/columns") for table in self.world.second_tables),
                *(table.values("note, _id, _version") for table in self.world.second_tables),
                *(client.get(f"/jobs/{job['id']}") for job in self.world.second_jobs),
                client.get(f"/metadata/{second.id}/golden-sqls"), client.get(f"/metadata/{second.id}/relations/{self.world.second_catalog['id']}"),
                client.get(f"/metadata/{second.id}"),
                client.get(f"{second.data}/cache/{self.world.second_cache['id']}"), client.get(f"{second.data}/exports"),
                client.get(self.world.first.path + "/" + second.id)]

    def routes(self):
        """Method and path template of every declared route."""
        document = self.world.client.send("GET", "/v3/api-docs").json()
        found = [(method.upper(), path if path.startswith(BASE) else BASE + path)
                 for path, methods in document["paths"].items() for method in methods if method in
                 ("get", "post", "put", "patch", "delete")]
        self.assertGreater(len(found), 55)
        return found

    def names(self, project):
        """Path parameters that point at things of the second project, in a given project."""
        organization, workspace = re.findall(r"/organizations/([^/]+)/workspaces/([^/]+)", self.world.first.path)[0]
        return {"projectId": project, "organizationId": organization, "workspaceId": workspace,
                "connectionId": self.world.second_connection["id"], "catalogId": self.world.second_catalog["id"],
                "cacheId": self.world.second_cache["id"], "apiKeyId": self.world.second_key_id, "schemaName": "public",
                "tableName": f"{MARKER}_orders", "connectionType": "POSTGRES", "columnName": "note",
                "queryId": self.world.second_query["id"], "folderId": self.world.second_query["folderId"],
                "parentFolderId": self.world.second_query["folderId"], "tableId": self.world.second_table["tableId"],
                "exportId": self.exported(), "jobId": self.world.second_jobs[0]["id"], "relationId": self.world.second_relation["id"],
                "id": self.world.second_golden["id"]}

    @functools.cache
    def exported(self):
        """A finished export of the second project."""
        second, client = self.world.second, self.world.client
        export = client.api("POST", f"{second.data}/queries/{self.world.second_query['id']}/exports", {}, expect=202)["id"]
        until("the export ends", lambda: client.get(f"{second.data}/exports/{export}")["status"] == "SUCCEEDED", 60)
        return export

    def hostile_body(self):
        """A body that fits many operations and names things of the second project."""
        return {"name": "taken over", "connectionId": self.world.second_connection["id"], "catalogId": self.world.second_catalog["id"],
                "schemaName": "public", "tableName": f"{MARKER}_orders", "targetProjectId": self.world.first.id,
                "target": self.world.first.id, "type": "POSTGRES", "credential": self.world.postgres.credential(databaseName="vault"),
                "queryId": self.world.second_query["id"], "inputQueryRefId": self.world.second_query["id"],
                "queryType": "MATERIALIZED", "folderName": "taken over", "path": "/taken over", "queryIdsAdded": [self.world.second_query["id"]],
                "query": "e", "statement": f'SELECT * FROM {MARKER}_catalog.public.{MARKER}_orders', "displayName": "x"}

    def refuse(self, answer, what, sent):
        self.assertNotEqual(answer.status, 500, f"{what}: {answer.text[:200]}")
        leaked = [text for text in (f"{MARKER} note", f"{MARKER} link", f"{MARKER} project", f"{MARKER} key", f"{MARKER} question") if text in answer.text]
        self.assertEqual(leaked, [], what)
        if sent:
            self.assertIn(answer.status, REFUSED, f"{what}: {answer.text[:200]}")

    def test_every_route_with_another_projects_ids(self):
        self.exported()
        before = self.everything_of_the_second()
        for method, template in self.routes():
            parameters = re.findall(r"\{(\w+)\}", template)
            for project in (self.world.second.id, self.world.first.id):
                if project == self.world.first.id and not OWNED & set(parameters):
                    continue
                known = self.names(project)
                if "/semantic-catalogs/" in template:
                    known["catalogId"] = self.world.second_semantic["id"]
                if re.search(r"/(bi)?table/\{tableName\}", template):
                    known["tableName"] = quoted(self.world.second_tables[0].name)
                path = re.sub(r"\{(\w+)\}", lambda match: known.get(match[1], "00000000-0000-0000-0000-000000000000"), template)
                body = None if method in ("GET", "DELETE") else self.hostile_body()
                if path.endswith("/batch"):
                    body = [body]
                answer = self.mine.send(method, path, body)
                reaches = set(parameters) & {"projectId", "organizationId", "jobId"}
                self.refuse(answer, f"{method} {path}", sent=reaches)
        self.assertEqual(self.everything_of_the_second(), before, "the walk changed the second project")

    def test_bodies_with_another_projects_ids(self):
        data, body = self.world.first.data, self.hostile_body()
        where = {"catalogId": self.world.second_catalog["id"], "schemaName": "public", "tableName": f"{MARKER}_orders"}
        for path, sent in ((f"{data}/catalogs", body), (f"{data}/cache", where),
                           (f"{data}/queries", {"displayName": "taken", "queryType": "MATERIALIZED", "inputQueryRefId": self.world.second_query["id"]}),
                           (f"{data}/queries/execute", {"id": self.world.second_query["id"]}),
                           (f"{data}/queries/execute", {"from": [where]}),
                           (f"{data}/queries/execute", {"from": [{"catalogName": self.world.second_catalog["name"], "schemaName": "public",
                                                                  "tableName": f"{MARKER}_orders"}]}),
                           (f"{data}/queries/execute", {"qualifiedName": f"{self.world.second_catalog['name']}.public.{MARKER}_orders"})):
            answer = self.mine.send("POST", BASE + path, sent)
            self.assertIn(answer.status, (400, 404), f"{path} {sent}: {answer.text[:200]}")
            self.refuse(answer, path, sent=True)
        batch = self.mine.post(f"{data}/cache/batch", [where])
        self.assertFalse(batch[0]["success"], batch)

    def test_sql_text(self):
        first, table = self.world.first.data, f"{MARKER}_orders"
        internal = [f"cache_{self.world.second_cache['id']}", self.world.second_cache["id"], self.world.second_catalog["id"],
                    self.world.second.id, self.world.second_catalog["name"], "main", "memory", "system", "temp"]
        statements = list(TRICKS)
        statements += [f'SELECT * FROM "{catalog}"."{schema}"."{table}"' for catalog in internal for schema in ("public", "main")]
        statements += [f'SELECT * FROM {catalog}.{schema}.{name}' for catalog, schema, name in (
            ("peaka", "query", self.world.second_query["name"]), ("peaka", '"table"', f'"{MARKER} kept"'), ("peaka", "bitable", f'"{MARKER} kept"'), ("peaka", "mtquery", self.world.second_query["name"]),
            ("peaka", "mtquery", f'"{self.world.second_query["id"]}"'), ('"stored-results"', '""', f'"{self.world.second_query["id"]}"'),
            (self.world.second_semantic["name"], "public", f"{MARKER}_notes"))]
        statements += [f'SELECT * FROM "{table}"', f'SELECT * FROM "public"."{table}"', f'SELECT (SELECT max(note) FROM "{table}")']
        for statement in statements:
            answer = self.mine.send("POST", f"{BASE}{first}/queries/execute", {"statement": statement})
            self.assertLess(answer.status, 500, f"{statement}: {answer.text[:200]}")
            self.assertNotIn("root:x:0", answer.text, statement)
            if answer.status == 200:
                self.assertNotIn(MARKER, answer.text, statement)
            else:
                self.refuse(answer, statement, sent=True)

    def test_project_keys_reach_no_partner_operation(self):
        for path in ("/organizations", "/projects", f"/projects/{self.world.first.id}/apiKeys"):
            self.assertEqual(self.mine.send("GET", BASE + path).status, 403, path)

    def test_keys_are_revoked_at_once(self):
        key, key_id = self.world.first.key("short-lived")
        mine = self.world.client.with_key(key)
        self.assertEqual(mine.get("/info")["projectId"] if "projectId" in mine.get("/info") else self.world.first.id, self.world.first.id)
        self.world.client.api("DELETE", f"/projects/{self.world.first.id}/apiKeys/{key_id}")
        self.assertEqual(mine.send("GET", f"{BASE}/info").status, 401)

    def test_expired_keys_are_refused(self):
        soon = (datetime.now(timezone.utc) + timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        key, _ = self.world.first.key("short", expiresAt=soon)
        mine = self.world.client.with_key(key)
        until("the key expires", lambda: mine.send("GET", f"{BASE}/info").status == 401, 10)
