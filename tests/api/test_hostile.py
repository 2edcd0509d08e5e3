"""Requests that no honest client sends: each gets a clear answer, none a 500."""

import json
import unittest

from api.world import world
from rig.client import BASE

NAMES = ("'", '"', "a\"b'c`d", "Robert'); DROP TABLE caches;--", "\u0000", "\n\r\t", "ünïcödé 🐦", "‮right to left", "x" * 10_000,
         "../../../etc/passwd", "%2e%2e%2f", "${jndi:ldap://x}", "SELECT 1", " ", "", "\ud7ff\ue000", "null", "true")
WRONG_TYPES = (None, True, 1, -1, 1e400, 1.5, "", "x", [], [1], {}, {"a": 1})
MALFORMED = (b"", b"{", b"}", b"[", b"nul", b'{"a":}', b'{"a":1,}', b"{'a':1}", b'{"a":1}{"b":2}', b"\xff\xfe\x00", b'"\xc3("',
             b'{"a":"\\ud800"}', b"[" * 100_000, b'{"a":' * 50_000, b'{"a":1e999999}', b'{"a":' + b"9" * 100_000 + b"}")


class HostileTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.first = self.world.first
        self.client = self.world.client

    def bodies(self):
        """Every operation that takes a body, with an honest one."""
        where = {"catalogId": self.world.catalog["id"], "schemaName": "public", "tableName": "no_such_table"}
        data, project = self.first.data, self.first.id
        return {
            ("POST", f"/projects/{project}/apiKeys"): {"name": "k", "expiresAt": "2020-01-01T00:00:00Z"},
            ("POST", f"/connections/{project}"): {"name": "c", "type": "POSTGRES", "credential": self.world.postgres.credential(port=1)},
            ("POST", f"{data}/catalogs"): {"name": "c", "connectionId": "00000000-0000-0000-0000-000000000000"},
            ("POST", f"{data}/search"): {"query": "customer", "limit": 10, "offset": 0},
            ("POST", f"{data}/cache"): where | {"fullRefreshCacheSchedule": {"type": "BASIC", "expression": "PT1H"}},
            ("POST", f"{data}/queries/execute"): {"statement": "SELECT 1", "bindings": [], "timeout": 5},
            ("PUT", f"/projects/{project}"): {"name": "First project", "description": "d"},
        }

    def answer(self, method, path, body, what):
        answer = self.client.send(method, BASE + path, body)
        self.assertLess(answer.status, 500, f"{method} {path} with {what}: {answer.text[:300]}")
        if answer.status >= 400:
            self.assertTrue(answer.json()["message"], f"{method} {path} with {what} has no message")
        return answer

    def test_malformed_json(self):
        for method, path in self.bodies():
            for content in MALFORMED:
                answer = self.answer(method, path, content, repr(content[:30]))
                self.assertEqual(answer.status, 400, f"{method} {path} with {content[:30]!r}")

    def test_wrong_types_name_the_field(self):
        for (method, path), honest in self.bodies().items():
            for field, value in honest.items():
                for wrong in WRONG_TYPES:
                    if wrong is None or type(wrong) is type(value) or (field, wrong) == ("statement", ""):
                        continue
                    answer = self.answer(method, path, honest | {field: wrong}, f"{field} = {wrong!r}")
                    if isinstance(value, str) and isinstance(wrong, (dict, list)):
                        self.assertEqual(answer.status, 400, f"{method} {path} takes {field} = {wrong!r}")
                        self.assertIn(field, answer.text)

    def test_unknown_fields_are_ignored(self):
        body = {"statement": "SELECT 1", "surprise": {"deep": [1]}, "": 1}
        answer = self.answer("POST", f"{self.first.data}/queries/execute", body, "unknown fields")
        self.assertEqual(answer.status, 200)

    def test_hostile_names_in_bodies(self):
        for (method, path), honest in self.bodies().items():
            if (method, path) == ("PUT", f"/projects/{self.first.id}"):
                continue
            for field in (field for field, value in honest.items() if isinstance(value, str)):
                for name in NAMES:
                    self.answer(method, path, honest | {field: name}, f"{field} = {name[:30]!r}")

    def test_hostile_names_in_paths(self):
        from rig.client import quoted
        for name in NAMES:
            name = quoted(name)
            for path in (f"/projects/{name}", f"/connections/{self.first.id}/{name}", f"/data/projects/{name}/catalogs",
                         f"{self.first.data}/catalogs/{name}/schemas", f"{self.first.data}/cache/{name}/status",
                         f"{self.first.data}/catalogs/{self.world.catalog['id']}/schemas/{name}/tables",
                         f"{self.first.data}/catalogs/{self.world.catalog['id']}/schemas/public/tables/{name}/columns"):
                self.answer("GET", path, None, "a hostile path")

    def test_names_are_kept_as_given(self):
        for name in ("O'Brien \"Quote\"", "ünïcödé 🐦", "SELECT 1; --"):
            made = self.client.post(self.first.path, {"name": name})
            self.assertEqual(self.client.get(f"/projects/{made['id']}")["name"], name)
            self.client.api("DELETE", f"/projects/{made['id']}")

    def test_hostile_names_in_sql(self):
        for name in NAMES:
            escaped = name.replace('"', '""')
            for statement in (f'SELECT "{escaped}" FROM {self.world.source("customers")}', f'SELECT * FROM "{escaped}"."x"."y"',
                              f'SELECT * FROM "{self.world.catalog["name"]}"."public"."{escaped}"'):
                answer = self.answer("POST", f"{self.first.data}/queries/execute", {"statement": statement}, "a hostile name")
                self.assertEqual(answer.status, 400)
            literal = name.replace("'", "''")
            if "\0" in name:
                continue
            self.assertEqual(self.first.query(f"SELECT '{literal}'"), [[name]])

    def test_bodies_of_ten_megabytes(self):
        padding = "x" * 10_000_000
        for (method, path), honest in self.bodies().items():
            answer = self.answer(method, path, honest | {"padding": padding}, "ten megabytes")
            self.assertIn(answer.status, (200, 400, 413))
        statement = "SELECT '" + padding + "'"
        self.answer("POST", f"{self.first.data}/queries/execute", {"statement": statement}, "a long statement")
        self.assertEqual(self.client.send("GET", "/healthz").status, 200)

    def test_a_batch_of_a_thousand(self):
        item = {"catalogId": self.world.catalog["id"], "schemaName": "public", "tableName": "no_such_table"}
        made = self.client.post(f"{self.first.data}/cache/batch", [item] * 1000)
        self.assertEqual([entry["success"] for entry in made], [False] * 1000)
        self.answer("POST", f"{self.first.data}/cache/batch", [item] * 1001, "1,001 items")
        for wrong in ({}, "x", [1], [None], [[item]]):
            self.assertEqual(self.answer("POST", f"{self.first.data}/cache/batch", wrong, repr(wrong)).status, 400)
        answer = self.answer("POST", f"{self.first.data}/cache/batch", [item, item | {"tableName": 5}], "a wrong item")
        self.assertIn("[1].tableName", answer.text)

    def test_deep_and_wide_statements(self):
        for statement in ("SELECT " + "(" * 20_000 + "1" + ")" * 20_000, "SELECT " + "1 + " * 50_000 + "1",
                          "SELECT " + ", ".join(["1"] * 20_000), "SELECT 1 WHERE " + "NOT " * 20_000 + "true",
                          "SELECT * FROM " + "(SELECT * FROM " * 5_000 + "(SELECT 1)" + ")" * 5_000,
                          "SELECT 1 IN (" + ", ".join(["1"] * 50_000) + ")", "/*" * 10_000, "--" + "x" * 100_000,
                          "SELECT '" + "''" * 100_000 + "'", 'SELECT "' + '""' * 100_000):
            self.answer("POST", f"{self.first.data}/queries/execute", {"statement": statement, "timeout": 20}, statement[:30])
        self.assertTrue(self.world.server.running())

    def test_wrong_verbs_and_routes(self):
        for method, path, expected in (("PATCH", "/organizations", 405), ("GET", "/nothing/here", 404), ("TRACE", "/info", 405),
                                       ("DELETE", "/info", 405)):
            self.assertIn(self.answer(method, path, None, "a wrong verb or route").status, (expected, 404, 405))

    def test_only_reads(self):
        table = self.world.source("customers")
        for kind, statement in (("Insert", f"INSERT INTO {table} VALUES (1)"), ("Delete", f"DELETE FROM {table}"),
                                ("Update", f"UPDATE {table} SET id = 1")):
            answer = self.answer("POST", f"{self.first.data}/queries/execute", {"statement": statement}, kind)
            self.assertEqual(answer.status, 400)
            self.assertIn(f"Statement type '{kind}' is not allowed", json.loads(answer.content)["message"])
