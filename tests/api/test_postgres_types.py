"""Every type of PostgreSQL with its extremes: live and cached alike, and as PostgreSQL itself writes it but for what the third
column says."""

import json
import unittest

from api.world import world
from rig.client import BASE
from rig.waiting import until

SAME = None  # as PostgreSQL's own text
VALUES = (
    ("boolean", "true", SAME), ("boolean", "false", SAME),
    ("smallint", "-32768", SAME), ("smallint", "32767", SAME), ("integer", "-2147483648", SAME), ("integer", "2147483647", SAME),
    ("bigint", "-9223372036854775808", SAME), ("bigint", "9223372036854775807", SAME), ("oid", "4294967295", SAME), ("serial", "1", SAME),
    ("real", "1.1", "1.1E0"), ("real", "3.4028235e38", "3.4028235E38"), ("real", "1.1754944e-38", "1.1754944E-38"), ("real", "NaN", "NaN"), ("real", "-Infinity", "-Infinity"),
    ("double precision", "1.7976931348623157e308", "1.7976931348623157E308"), ("double precision", "2.2250738585072014e-308", "2.2250738585072014E-308"),
    ("double precision", "-0", "-0E0"), ("double precision", "Infinity", "Infinity"), ("double precision", "NaN", "NaN"),
    ("numeric(38,0)", "9" * 38, SAME), ("numeric(38,38)", "-0." + "9" * 38, SAME), ("numeric(12,2)", "-0.01", SAME), ("numeric(5,0)", "0", SAME),
    ("numeric", "12345678901234567890123456789012345678901234567890.000100", SAME), ("numeric", "NaN", SAME), ("numeric", "-Infinity", SAME),
    ("numeric(50,10)", "1" * 40 + ".0000000001", SAME), ("numeric(3,-2)", "12300", SAME), ("numeric(2,5)", "0.00099", SAME), ("numeric", "1e1000", "1" + "0" * 1000),
    ("money", "-92233720368547758.08", SAME),
    ("text", "  ünï 😀 \n'\"\\ ", SAME), ("text", "", SAME), ("text", "x" * 200_000, SAME), ("varchar(20)", "ab ", SAME), ("char(5)", "ab", SAME),
    ('"char"', "x", SAME), ("name", "a name", SAME), ("varchar", "z\u0301", SAME),
    ("bytea", "\\x00ff0a27", "AP8KJw=="), ("bytea", "\\x", ""),
    ("date", "0001-01-01", SAME), ("date", "9999-12-31", SAME), ("date", "4713-01-01 BC", "-4712-01-01"), ("date", "5874897-12-31", "+5874897-12-31"),
    ("time", "00:00:00", "00:00:00.000000"), ("time(3)", "23:59:59.999", SAME), ("time(0)", "12:30:00", SAME), ("time", "23:59:59.999999", SAME),
    ("time with time zone", "10:00:00.5+03:30", "10:00:00.500000+03:30"),
    ("timestamp", "0001-01-01 00:00:00", "0001-01-01 00:00:00.000000"), ("timestamp(0)", "9999-12-31 23:59:59", SAME), ("timestamp(3)", "2026-03-29 02:30:00.123", SAME),
    ("timestamp", "4713-01-01 00:00:00 BC", "-4712-01-01 00:00:00.000000"),
    ("timestamptz", "2026-03-29 02:30:00.123456+03", "2026-03-28 23:30:00.123456 UTC"), ("timestamptz(0)", "1970-01-01 00:00:00+00", "1970-01-01 00:00:00 UTC"),
    ("interval", "1 year -2 mons 3 days 04:05:06.7", SAME), ("interval", "-178000000 years", SAME),
    ("uuid", "123e4567-e89b-12d3-a456-426614174000", SAME), ("uuid", "ffffffff-ffff-ffff-ffff-ffffffffffff", SAME),
    ("json", '{"b": 1, "a": [1.50, null]}', '{"a":[1.50,null],"b":1}'), ("jsonb", '{"b": 1, "a": "é"}', '{"a":"é","b":1}'), ("jsonb", "null", "null"),
    ("xml", "<a>1</a>", SAME), ("inet", "10.0.0.1/8", SAME), ("inet", "::1", "::1"), ("cidr", "10.0.0.0/8", SAME), ("macaddr", "08:00:2b:01:02:03", SAME),
    ("macaddr8", "08:00:2b:01:02:03:04:05", SAME), ("bit(5)", "10101", SAME), ("varbit", "1", SAME), ("tsvector", "'a':1 'b'", SAME), ("tsquery", "'a' & 'b'", SAME),
    ("point", "(1.5,-2)", SAME), ("line", "{1,2,3}", SAME), ("box", "(2,2),(1,1)", SAME), ("path", "[(1,1),(2,2)]", SAME), ("polygon", "((0,0),(1,1))", SAME),
    ("circle", "<(1,1),2>", SAME), ("lseg", "[(0,0),(1,1)]", SAME), ("int4range", "[1,5)", SAME), ("numrange", "(,1.5]", SAME), ("tstzrange", "empty", SAME),
    ("int4multirange", "{[1,3),[5,7)}", SAME), ("pg_lsn", "16/B374D848", SAME), ("type_mood", "sad", SAME), ("type_pair", "(1,\"a b\")", SAME), ("type_positive", "42", SAME),
    ("type_money", "12.50", SAME), ("integer[]", "{1,NULL,-2147483648}", '[1,null,-2147483648]'), ("text[]", '{a,"b c",NULL}', '["a","b c",null]'),
    ("double precision[]", "{NaN,1.5}", '["NaN",1.5]'), ("numeric[]", "{1.10,NaN}", '["1.10","NaN"]'), ("type_mood[]", "{sad,happy}", '["sad","happy"]'),
    ("timestamptz[]", '{"2026-01-01 00:00:00+00"}', '["2026-01-01 00:00:00+00"]'), ("integer[]", "{}", "[]"),
)
# Values that no value of Trino's type can be: a clear error, live and cached, which names the column.
REFUSED = (("numeric(10,2)", "NaN", "NaN"), ("timestamp", "294276-12-31 23:59:59", "294246"), ("integer[]", "{{1},{2}}", "dimensions"))
TYPES = """CREATE TYPE type_mood AS ENUM ('sad', 'happy'); CREATE TYPE type_pair AS (a int, b text); CREATE DOMAIN type_positive AS int CHECK (value > 0);
CREATE DOMAIN type_money AS numeric(10,2);"""


class PostgresTypesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server, cls.project = world().postgres, world().first
        cls.server.run(TYPES)
        cls.cached = cls.project.source("Types cached", "POSTGRES", cls.server.credential())
        cls.live = cls.project.source("Types live", "POSTGRES", cls.server.credential())

    def table(self, catalog, name):
        return f'"{catalog["name"]}"."public"."{name}"'

    def seen(self, name):
        for catalog in (self.cached, self.live):
            until("the table is seen", lambda: name in self.project.tables(catalog, "public"), 30, 0.2)

    def test_every_type_with_its_extremes(self):
        columns = ", ".join(f"c{number} {kind}" for number, (kind, _, _) in enumerate(VALUES))
        literals = ", ".join("$q$" + text + "$q$::" + {"serial": "int"}.get(kind, kind) for kind, text, _ in VALUES)
        self.server.run(f"CREATE TABLE every_type (id int PRIMARY KEY, {columns}); ALTER TABLE every_type ALTER c9 DROP NOT NULL;"
                        f"INSERT INTO every_type VALUES (1, {literals}); INSERT INTO every_type VALUES (2{', NULL' * len(VALUES)});")
        self.seen("every_type")
        self.project.cached(self.cached, "public", "every_type")
        texts = ", ".join(f"c{number}::text" if kind != "inet" else f"abbrev(c{number})" for number, (kind, _, _) in enumerate(VALUES))
        own = json.loads(self.server.run(f"SELECT to_json(ARRAY[{texts}]) FROM every_type WHERE id = 1"))
        for catalog in (self.live, self.cached):
            shown = [self.row(self.table(catalog, "every_type"), row) for row in (1, 2)]
            for number, (kind, text, expected) in enumerate(VALUES):
                with self.subTest(kind=kind, text=text[:60], catalog=catalog["displayName"]):
                    self.assertEqual(shown[0][number], own[number] if expected is SAME else expected)
                    self.assertIsNone(shown[1][number])

    def row(self, table, row):
        """The texts of the columns: values that have no cast to varchar are taken as they are shown."""
        values = []
        for first in range(0, len(VALUES), 20):
            part = range(first, min(first + 20, len(VALUES)))
            shown = ", ".join(f"c{number}" if "[]" in VALUES[number][0] or VALUES[number][0].startswith(("bytea", "json")) else f"CAST(c{number} AS varchar)"
                              for number in part)
            values += self.project.query(f"SELECT {shown} FROM {table} WHERE id = {row}", "COMPACT")[0]
        return [value if value is None or isinstance(value, str) else str(value) for value in values]

    def test_what_trino_has_no_value_for(self):
        for number, (kind, text, said) in enumerate(REFUSED):
            name = f"refused_value_{number}"
            self.server.run(f"CREATE TABLE {name} (id int PRIMARY KEY, odd {kind}); INSERT INTO {name} VALUES (1, '{text}')")
            self.seen(name)
            with self.subTest(kind=kind, text=text):
                answer = self.project.client.send("POST", f"{BASE}{self.project.data}/queries/execute", {"statement": f"SELECT odd FROM {self.table(self.live, name)}"})
                self.assertEqual(answer.status, 400, answer.text)
                self.assertIn(said, answer.json()["message"])
                self.assertIn("odd", answer.json()["message"])
                cache = self.project.cache(self.cached, "public", name)
                status = self.project.settled(cache["id"])
                self.assertEqual(status["status"], "FAILED")


if __name__ == "__main__":
    unittest.main()
