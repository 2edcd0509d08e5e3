"""Semantic catalogs: saved queries under names of their own, shared to be read and no more."""

import unittest

from api.world import MARKER, world
from rig.client import BASE
from rig.shop import Project

SOURCE_ROWS = [[1, "row 1"], [2, "row 2"], [3, "row 3"]]


class SemanticTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = world()
        cls.client = cls.world.client
        cls.owner = Project(cls.client, "Meanings")
        cls.world.postgres.run("CREATE TABLE meant (id bigint PRIMARY KEY, label text); INSERT INTO meant SELECT n, 'row ' || n FROM generate_series(1, 3) n")
        cls.source = cls.owner.source("Hidden source", "POSTGRES", cls.world.postgres.credential())
        cls.sql = f'"{cls.source["name"]}".public.meant'

    @classmethod
    def tearDownClass(cls):
        cls.world.postgres.run("DROP TABLE meant")

    def make(self, name, project=None):
        project = project or self.owner
        return self.client.post(f"{project.data}/semantic-catalogs", {"name": name})

    def save(self, name, text):
        return self.client.post(f"{self.owner.data}/queries", {"displayName": name, "inputQuery": text})

    def table(self, catalog, table, query, schema="sales"):
        return self.client.post(f"{self.owner.data}/semantic-catalogs/{catalog['id']}", {"schemaName": schema, "tableName": table, "queryId": query["id"]})

    def window(self, catalog, guest):
        """The guest's catalog that a share makes."""
        self.client.api("POST", f"{self.owner.data}/semantic-catalogs/{catalog['id']}/share", {"target": guest.id})
        return next(item for item in self.client.get(f"{guest.data}/catalogs") if item["displayName"] == catalog["displayName"])

    def refused(self, method, path, body=None, expect=(400, 404)):
        answer = self.client.send(method, BASE + path, body)
        self.assertIn(answer.status, expect, f"{method} {path}: {answer.text}")
        return answer.text

    def execute(self, project, statement):
        return self.client.send("POST", f"{BASE}{project.data}/queries/execute", {"statement": statement})

    def test_tables_follow_their_queries(self):
        catalog = self.make("Follows")
        query = self.save("Follows behind", f"SELECT id, label FROM {self.sql}")
        made = self.table(catalog, "Paid_Orders", query)
        self.assertEqual(self.owner.query("SELECT * FROM follows.sales.paid_orders ORDER BY id"), SOURCE_ROWS)
        self.assertEqual(self.owner.query("SELECT p.label FROM follows.sales.paid_orders p JOIN follows.sales.paid_orders q ON p.id = q.id + 2"), [["row 3"]])
        columns = self.client.get(f"{self.owner.data}/catalogs/{catalog['id']}/schemas/sales/tables/Paid_Orders/columns")
        self.assertEqual([(column["name"], column["dataType"]) for column in columns], [("id", "bigint"), ("label", "varchar")])
        listed = self.owner.query("SELECT table_schema, table_name, column_name, data_type FROM follows.information_schema.columns "
                                  "WHERE table_schema = 'sales' ORDER BY ordinal_position")
        self.assertEqual(listed, [["sales", "paid_orders", "id", "bigint"], ["sales", "paid_orders", "label", "varchar"]])
        self.client.api("PUT", f"{self.owner.data}/queries/{query['id']}", {"inputQuery": f"SELECT count(*) AS n FROM {self.sql}"})
        self.assertEqual(self.owner.query("SELECT * FROM follows.sales.paid_orders"), [[3]])
        self.client.api("DELETE", f"{self.owner.data}/queries/{query['id']}")
        self.assertIn("does not exist", self.execute(self.owner, "SELECT * FROM follows.sales.paid_orders").text)
        self.refused("DELETE", f"{self.owner.data}/semantic-catalogs/{catalog['id']}/table/{made['tableId']}", expect=(404,))

    def test_names_collide_clearly(self):
        catalog = self.make("Collides")
        query = self.save("Collides behind", "SELECT 1 AS one")
        self.table(catalog, "taken", query)
        path = f"{self.owner.data}/semantic-catalogs/{catalog['id']}"
        for body in ({"schemaName": "sales", "tableName": "TAKEN", "queryId": query["id"]}, {"schemaName": "", "tableName": "x", "queryId": query["id"]},
                     {"schemaName": "information_schema", "tableName": "x", "queryId": query["id"]}, {"schemaName": "sales", "tableName": "x"}):
            self.refused("POST", path, body, (400,))
        self.refused("POST", f"{self.owner.data}/semantic-catalogs", {"name": "collides"}, (400,))
        self.refused("POST", f"{self.owner.data}/semantic-catalogs/{self.source['id']}", {"schemaName": "s", "tableName": "t", "queryId": query["id"]}, (400,))
        odd = self.table(catalog, "çok güzel \"🐟\"", query, "a.b")
        self.assertEqual(odd["tableName"], "çok güzel \"🐟\"")
        self.assertEqual(self.owner.query('SELECT * FROM collides."a.b"."çok güzel ""🐟"""'), [[1]])

    def test_a_guest_reads_the_owners_names_not_his_own(self):
        catalog = self.make("Given")
        self.save("Given inner", f"SELECT id, label FROM {self.sql}")
        self.table(catalog, "given", self.save("Given outer", "SELECT * FROM peaka.query.giveninner"))
        guest = Project(self.client, "Guest of names")
        # Things of the guest with the same names, which are not meant.
        self.client.post(f"{guest.data}/queries", {"displayName": "Given inner", "inputQuery": "SELECT 'mine' AS id, 'mine' AS label"})
        window = self.window(catalog, guest)
        key, _ = guest.key()
        rows = self.client.with_key(key).api("POST", f"{guest.data}/queries/execute",
                                             {"statement": f"SELECT * FROM {window['name']}.sales.given ORDER BY id"}, {"format": "TYPED"})
        self.assertEqual(rows["data"], SOURCE_ROWS)
        self.assertNotIn(self.source["name"], str(rows["columns"]))
        for statement in (f"EXPLAIN SELECT * FROM {window['name']}.sales.given", f"SELECT * FROM {self.sql}", "SELECT * FROM peaka.query.givenouter"):
            self.assertNotIn("hidden_source\"", self.execute(guest, statement).text)
        again = self.window(catalog, guest)
        self.assertEqual(again["id"], window["id"])

    def test_a_guest_cannot_write(self):
        catalog = self.make("Read only")
        query = self.save("Read only behind", f"SELECT id FROM {self.sql}")
        made = self.table(catalog, "kept", query)
        guest = Project(self.client, "Guest who writes")
        window = self.window(catalog, guest)
        own = self.client.post(f"{guest.data}/queries", {"displayName": "own", "inputQuery": "SELECT 1 AS one"})
        third = Project(self.client, "Third")
        base = f"{guest.data}/semantic-catalogs"
        for where in (window["id"], catalog["id"]):
            self.refused("POST", f"{base}/{where}", {"schemaName": "sales", "tableName": "new", "queryId": own["id"]})
            self.refused("DELETE", f"{base}/{where}/table/{made['tableId']}")
            self.refused("POST", f"{base}/{where}/share", {"target": third.id})
        self.refused("POST", f"{guest.data}/cache", {"catalogId": window["id"], "schemaName": "sales", "tableName": "kept"}, (400,))
        self.assertEqual(self.owner.query(f"SELECT count(*) FROM {catalog['name']}.sales.kept"), [[3]])

    def test_a_share_ends_at_once(self):
        catalog = self.make("Revoked")
        query = self.save("Revoked behind", f"SELECT id FROM {self.sql}")
        made = self.table(catalog, "shown", query)
        other = self.table(catalog, "other", query)
        guest = Project(self.client, "Guest whose share ends")
        window = self.window(catalog, guest)
        shown, second = (f"SELECT count(*) FROM {window['name']}.sales.{table}" for table in ("shown", "other"))
        self.assertEqual(guest.query(shown), [[3]])
        self.client.api("DELETE", f"{self.owner.data}/semantic-catalogs/{catalog['id']}/table/{made['tableId']}")
        self.assertEqual(self.execute(guest, shown).status, 400)
        self.assertEqual(guest.query(second), [[3]])
        self.client.api("DELETE", f"{self.owner.data}/catalogs/{catalog['id']}")
        self.assertEqual(self.execute(guest, second).status, 400)
        self.assertNotIn(window["id"], {item["id"] for item in self.client.get(f"{guest.data}/catalogs")})
        self.refused("DELETE", f"{self.owner.data}/semantic-catalogs/{catalog['id']}/table/{other['tableId']}", expect=(404,))

    def test_what_is_gone_at_the_owner_is_an_error_that_tells_no_names(self):
        catalog = self.make("Broken")
        inner = self.save(f"{MARKER} inner", f"SELECT id FROM {self.sql}")
        self.table(catalog, "broken", self.save("Broken behind", f"SELECT * FROM peaka.query.{inner['name']}"))
        guest = Project(self.client, "Guest of the broken")
        window = self.window(catalog, guest)
        self.client.api("DELETE", f"{self.owner.data}/queries/{inner['id']}")
        answer = self.execute(guest, f"SELECT * FROM {window['name']}.sales.broken")
        self.assertEqual(answer.status, 400, answer.text)
        self.assertNotIn(MARKER, answer.text)
        self.assertIn(MARKER, self.execute(self.owner, "SELECT * FROM broken.sales.broken").text)

    def test_results_of_shared_tables_can_be_stored(self):
        catalog = self.make("Stored elsewhere")
        self.table(catalog, "base", self.save("Stored behind", f"SELECT id FROM {self.sql}"))
        guest = Project(self.client, "Guest who stores")
        window = self.window(catalog, guest)
        query = self.client.post(f"{guest.data}/queries", {"displayName": "copied", "queryType": "MATERIALIZED",
                                                           "inputQuery": f"SELECT count(*) AS n FROM {window['name']}.sales.base"})
        self.assertEqual(guest.query("SELECT n FROM peaka.mtquery.copied"), [[3]])
        status = self.client.get(f"{guest.data}/materialized-queries/{query['id']}/status")
        self.assertNotIn("hidden_source", str(status))
        self.assertEqual([item["servedBy"] for item in status["inputs"]], ["SOURCE"])


if __name__ == "__main__":
    unittest.main()
