"""MariaDB as a source: values exact, live and cached alike; names, filters, keys, errors."""

import atexit
import functools
import unittest

from api.test_trino import Trino
from api.world import world
from rig.client import BASE
from rig.mariadb import MariaDB
from rig.shop import FULL, INCREMENTAL

from rig.waiting import until

# Type, literal, the text that is right; None: shown as NULL.
VALUES = (
    ("tinyint", "-128", "-128"), ("tinyint unsigned", "255", "255"), ("smallint", "-32768", "-32768"),
    ("smallint unsigned", "65535", "65535"), ("mediumint", "-8388608", "-8388608"), ("mediumint unsigned", "16777215", "16777215"),
    ("int", "-2147483648", "-2147483648"), ("int unsigned", "4294967295", "4294967295"),
    ("bigint", "-9223372036854775808", "-9223372036854775808"), ("bigint unsigned", "18446744073709551615", "18446744073709551615"),
    ("boolean", "1", "1"), ("boolean", "2", "2"), ("year", "2026", "2026"),
    ("decimal(38,10)", "1234567890123456789012345678.0123456789", "1234567890123456789012345678.0123456789"),
    ("decimal(10,2)", "-0.01", "-0.01"), ("decimal(5,0)", "99999", "99999"), ("decimal(4,4)", "0.0001", "0.0001"),
    ("decimal(65,30)", "9" * 35 + "." + "9" * 30, "9" * 35 + "." + "9" * 30),
    ("float", "1.1", "1.1E0"), ("float", "16777217", "1.6777216E7"), ("double", "1.1", "1.1E0"), ("double", "1e300", "1.0E300"),
    ("double", "-1.7976931348623157e308", "-1.7976931348623157E308"),
    ("bit(1)", "b'1'", "true"), ("bit(8)", "b'11111111'", "255"), ("bit(64)", f"b'{'1' * 64}'", "18446744073709551615"),
    ("date", "1000-01-01", "1000-01-01"), ("date", "9999-12-31", "9999-12-31"), ("date", "0000-00-00", None), ("date", "2020-00-00", None),
    ("datetime", "9999-12-31 23:59:59", "9999-12-31 23:59:59"), ("datetime(6)", "2026-03-29 02:30:00.123456", "2026-03-29 02:30:00.123456"),
    ("datetime", "0000-00-00 00:00:00", None),
    ("timestamp(3) NULL", "2026-03-29 01:30:00.123", "2026-03-29 01:30:00.123 UTC"), ("timestamp NULL", "1970-01-01 00:00:01", "1970-01-01 00:00:01 UTC"),
    ("time", "23:59:59", "23:59:59"), ("time(6)", "00:00:00.000001", "00:00:00.000001"),
    ("char(5)", "ab", "ab"), ("varchar(20)", "  ünï 😀 ", "  ünï 😀 "), ("varchar(5)", "", ""), ("text", "a'b\"c\\\\d\\n", "a'b\"c\\d\n"),
    ("longtext", "x" * 100_000, "x" * 100_000), ("varbinary(4)", "x'00ff0a27'", "AP8KJw=="), ("binary(3)", "x'61'", "YQAA"), ("blob", "x'00'", "AA=="),
    ("enum('red','dark red')", "dark red", "dark red"), ("set('a','b','c')", "a,c", "a,c"), ("json", '{"b": 1, "a": [1.50]}', '{"a":[1.50],"b":1}'),
    ("uuid", "123e4567-e89b-12d3-a456-426655440000", "123e4567-e89b-12d3-a456-426655440000"), ("inet6", "2001:db8::1", "2001:db8::1"),
    ("point", "ST_GeomFromText('POINT(1 2)')", "POINT(1 2)"), ("varchar(10) CHARACTER SET latin1", "ä€", "ä€"),
)
BARE = ("b'", "x'", "ST_")  # literals that are no texts


@functools.cache
def mariadb():
    server = MariaDB().start()
    atexit.register(server.close)
    return server


def execute(project, statement, style="COMPACT"):
    return project.client.send("POST", f"{BASE}{project.data}/queries/execute", {"statement": statement}, {"format": style})


class MysqlTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = mariadb()
        cls.project = world().first
        cls.catalog = cls.project.source("MariaDB shop", "MARIADB", cls.server.credential())

    def cache(self, name):
        until("the table is seen", lambda: name in self.project.tables(self.catalog, "shop"), 30, 0.2)
        return self.project.cache(self.catalog, "shop", name)

    def table(self, name):
        return f'"{self.catalog["name"]}".shop."{name}"'

    def test_every_type_with_its_extremes(self):
        names = [f"value_{number}" for number in range(len(VALUES))]
        literals = [text if text.startswith(BARE) else "'" + text.replace("'", "''") + "'" for _, text, _ in VALUES]
        self.server.run("SET sql_mode = ''; SET time_zone = '+00:00';" + "".join(
            f"CREATE TABLE {name} (id int PRIMARY KEY, v {kind}) ; INSERT INTO {name} VALUES (1, {literal}), (2, NULL);"
            for name, literal, (kind, _, _) in zip(names, literals, VALUES)))
        made = [self.cache(name) for name in names]
        for name, cache, (kind, text, right) in zip(names, made, VALUES):
            with self.subTest(kind=kind, text=text[:60]):
                self.assertEqual(self.project.settled(cache["id"])["status"], "COMPLETED")
                # A second statement over the source itself: the copy is left out by reading under another catalog.
                cached = self.values(self.table(name))
                live = self.values(f'"{self.live()["name"]}".shop."{name}"')
                self.assertEqual(live, [right, None])
                self.assertEqual(cached, live, "the copy answers otherwise than the source")

    @functools.cache  # pylint: disable=method-cache-max-size-none
    def live(self):
        return self.project.source("MariaDB live", "MYSQL", self.server.credential())

    def values(self, table):
        answer = execute(self.project, f"SELECT CAST(v AS varchar) FROM {table} ORDER BY id")
        if answer.status == 400:  # varbinary has no cast to varchar
            answer = execute(self.project, f"SELECT v FROM {table} ORDER BY id")
        self.assertEqual(answer.status, 200, answer.text[:300])
        return [row[0] for row in answer.json()["data"]]

    def test_a_value_that_its_type_has_not_is_an_error_that_names_the_column(self):
        self.server.run("CREATE TABLE too_long (id int PRIMARY KEY, lasted time); INSERT INTO too_long VALUES (1, '100:00:00');")
        answer = execute(self.project, f"SELECT lasted FROM {self.table('too_long')}")
        self.assertEqual(answer.status, 400)
        self.assertIn("lasted", answer.json()["message"])
        cache = self.cache("too_long")
        self.assertEqual(self.project.settled(cache["id"])["status"], "FAILED")

    def test_texts_compare_as_texts_whatever_the_collation(self):
        self.server.run("CREATE TABLE words (id int PRIMARY KEY, w varchar(20)) COLLATE utf8mb4_general_ci;"
                        "INSERT INTO words VALUES (1, 'paid'), (2, 'PAID'), (3, 'Paid '), (4, 'pâid'), (5, '');")
        for condition, ids in (("w = 'paid'", [1]), ("w IN ('PAID', '')", [2, 5]), ("w > 'Z'", [1, 4]), ("w LIKE 'p%'", [1, 4]), ("w <> 'paid'", [2, 3, 4, 5])):
            with self.subTest(condition=condition):
                rows = self.project.query(f"SELECT id FROM {self.table('words')} WHERE {condition} ORDER BY id", "COMPACT")
                self.assertEqual([int(row[0]) for row in rows], ids)
        rows = self.project.query(f"SELECT count(DISTINCT w) FROM {self.table('words')}", "COMPACT")
        self.assertEqual(rows, [["5"]])

    def test_filters_and_columns_go_to_the_source(self):
        self.server.run("CREATE TABLE sent (id int PRIMARY KEY, w varchar(20), d datetime, t timestamp NULL, n decimal(10,2));"
                        "INSERT INTO sent VALUES (1, 'a', '2026-01-01 10:00:00', '2026-01-01 10:00:00', 1.5), (2, 'b', NULL, NULL, 2.5);")
        key, _ = self.project.key("explain")
        client = Trino(world().server.port, User="tester", Extra_Credential=f"peakaKey={key}")
        self.addCleanup(client.connection.close)
        for condition, text in (("id = 1", '"id" = \'1\''), ("w = 'a'", '"w" = \'a\''), ("n > 2", '"n" > \'2.00\''), ("id IN (1, 3)", "IN"),
                                ("t > TIMESTAMP '2025-12-31 00:00:00 UTC'", "'2025-12-31 00:00:00'"), ("d IS NOT NULL", "IS NOT NULL")):
            with self.subTest(condition=condition):
                plan = client.run(f"EXPLAIN SELECT n FROM {self.table('sent')} WHERE {condition}")[0][0][0]
                self.assertIn(text, plan)
                self.assertNotIn(self.server.password, plan)
                self.assertEqual(len(self.project.query(f"SELECT n FROM {self.table('sent')} WHERE {condition}", "COMPACT")), 1)

    def test_hostile_names(self):
        self.server.run('CREATE TABLE `a "b" \'c\' ``d; DROP` (`id` int PRIMARY KEY, `select` int, `Ü \'"``;--` varchar(10)); '
                        "INSERT INTO `a \"b\" 'c' ``d; DROP` VALUES (1, 2, 'x')")
        name = "a \"b\" 'c' `d; DROP"
        until("the table is seen", lambda: name in self.project.tables(self.catalog, "shop"), 30, 0.2)
        table = f'"{self.catalog["name"]}".shop."{name.replace(chr(34), chr(34) * 2)}"'
        self.assertEqual(self.project.query(f"SELECT * FROM {table}", "COMPACT"), [["1", "2", "x"]])
        cache = self.cache(name)
        self.assertEqual(self.project.settled(cache["id"])["status"], "COMPLETED")
        self.assertEqual(self.project.query(f"SELECT \"select\" FROM {table}", "COMPACT"), [["2"]])

    def test_refreshes_count_exactly(self):
        self.server.run("CREATE TABLE moving (id int PRIMARY KEY, n int); INSERT INTO moving SELECT seq, seq FROM seq_1_to_1000;")
        cache = self.cache("moving")
        self.assertEqual(self.project.settled(cache["id"])["status"], "COMPLETED")
        self.server.run("UPDATE moving SET n = -1 WHERE id <= 10; DELETE FROM moving WHERE id > 995; INSERT INTO moving VALUES (2000, 1);")
        done = self.project.refresh(cache["id"], INCREMENTAL)
        self.assertEqual(done["status"], "COMPLETED", done)
        self.assertEqual([done["progress"][f"numberOf{what}Records"] for what in ("Inserted", "Updated", "Deleted", "Cached")], [1, 10, 5, 996])
        self.assertEqual(self.project.query(f"SELECT count(*), sum(n) FROM {self.table('moving')}", "COMPACT"),
                         [self.server.run("SELECT count(*), sum(n) FROM moving").split()])
        self.assertEqual(self.project.refresh(cache["id"], FULL)["status"], "COMPLETED")

    def test_wrong_credentials_are_refused_and_not_shown(self):
        for wrong in ({"password": "wrong-secret"}, {"user": "nobody"}, {"databaseName": "missing"}, {"port": 1}):
            with self.subTest(wrong=wrong):
                answer = self.project.client.send("POST", f"{BASE}/connections/{self.project.id}", {
                    "name": "Wrong", "type": "MYSQL", "credential": self.server.credential(**wrong)})
                self.assertEqual(answer.status, 400)
                self.assertIn("INVALID_CREDENTIALS", answer.text)
                self.assertNotIn(str(next(iter(wrong.values()))), answer.json()["message"].replace("port", ""))

    def test_a_statement_that_is_too_slow_ends_at_the_source(self):
        self.server.run("CREATE VIEW slow AS SELECT seq, SLEEP(30) AS s FROM seq_1_to_3")
        answer = self.project.client.send("POST", f"{BASE}{self.project.data}/queries/execute",
                                          {"statement": f"SELECT * FROM {self.table('slow')}", "timeout": 1})
        self.assertEqual(answer.status, 504, answer.text)
        until("the source runs nothing", lambda: "SLEEP" not in self.server.run(
            "SELECT info FROM information_schema.processlist WHERE info LIKE '%slow%' AND id <> connection_id()").upper(), 10)

    def test_a_list_of_everything(self):
        self.server.run("CREATE TABLE listed (a int NOT NULL COMMENT 'first', b varchar(5) DEFAULT 'x', UNIQUE KEY (a)) COMMENT 'the table'")
        rows = self.project.query(f"SELECT column_name, data_type, is_nullable, column_default FROM \"{self.catalog['name']}\".information_schema.columns "
                                  "WHERE table_name = 'listed' ORDER BY ordinal_position", "COMPACT")
        self.assertEqual(rows, [["a", "integer", "NO", None], ["b", "varchar(5)", "YES", "'x'"]])


if __name__ == "__main__":
    unittest.main()
