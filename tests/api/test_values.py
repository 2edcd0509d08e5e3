"""Values of PostgreSQL that have no easy counterpart: they arrive exactly, or the statement says why not; live and cached alike."""

import unittest

from api.world import world
from rig.client import BASE

NAN, INFINITE, NEGATIVE = {"NaN"}, {"Infinity", "infinity", "+Infinity"}, {"-Infinity", "-infinity"}
# A table each: type, literal, the texts that are right.
VALUES = (
    ("numeric", "12345678901234567890123.45678901234567", {"12345678901234567890123.45678901234567"}),
    ("numeric", "0.1", {"0.1"}), ("numeric", "NaN", NAN), ("numeric", "Infinity", INFINITE), ("numeric(38,0)", "9" * 38, {"9" * 38}),
    ("numeric(60,20)", "1.00000000000000000001", {"1.00000000000000000001"}), ("numeric(10,2)", "NaN", NAN),
    ("double precision", "NaN", NAN), ("double precision", "Infinity", INFINITE), ("real", "-Infinity", NEGATIVE),
    ("timestamptz", "infinity", INFINITE), ("timestamp", "-infinity", NEGATIVE), ("date", "infinity", INFINITE),
    ("bigint", "-9223372036854775808", {"-9223372036854775808"}), ("text", "", {""}), ("text", "ünï\tcödé 😀", {"ünï\tcödé 😀"}),
    ("inet", "10.0.0.1/8", {"10.0.0.1/8"}), ("interval", "1 mon 2 days 03:00:00", {"1 mon 2 days 03:00:00"}),
    ("int4range", "[1,5)", {"[1,5)"}), ("money", "12.34", {"$12.34"}), ("positive", "7", {"7"}), ("colour", "dark red", {"dark red"}),
    ("int[]", "{1,NULL,3}", {"{1,NULL,3}", "[1, NULL, 3]", "[1,null,3]", "[1, null, 3]"}), ("bit(3)", "101", {"101"}),
    ("point", "(1,2)", {"(1,2)"}), ("xml", "<a/>", {"<a/>"}), ("char(5)", "ab", {"ab", "ab   "}), ("jsonb", '{"a": 1}', {'{"a": 1}', '{"a":1}'}),
)
TYPES = "CREATE TYPE colour AS ENUM ('red', 'dark red'); CREATE DOMAIN positive AS integer CHECK (VALUE > 0);"


class ValuesTest(unittest.TestCase):
    def test_values_without_an_easy_counterpart(self):
        shared = world()
        names = [f"value_{number}" for number in range(len(VALUES))]
        shared.postgres.run(TYPES + "".join(
            f"CREATE TABLE {name} (id int PRIMARY KEY, v {kind}); INSERT INTO {name} VALUES (1, '{text}'), (2, NULL);"
            for name, (kind, text, _) in zip(names, VALUES)))
        project = shared.first
        made = project.source("Odd values", "POSTGRES", shared.postgres.credential())
        for name, (kind, text, right) in zip(names, VALUES):
            with self.subTest(kind=kind, text=text):
                columns = project.client.get(f"{project.data}/catalogs/{made['id']}/schemas/public/tables/{name}/columns")
                self.assertEqual([column["name"] for column in columns], ["id", "v"], "a column is hidden")
                statement = f'SELECT v FROM "{made["name"]}".public.{name} ORDER BY id'
                live = self.read(project, statement, right)
                cache = project.cache(made, "public", name)
                status = project.settled(cache["id"])["status"]
                cached = self.read(project, statement, right)
                if live:
                    self.assertEqual(status, "COMPLETED")
                    self.assertEqual(cached, live, "the copy answers otherwise than the source")

    def read(self, project, statement, right):
        """The value, when it is right; None where it is refused with a reason."""
        answer = project.client.send("POST", f"{BASE}{project.data}/queries/execute", {"statement": statement}, {"format": "COMPACT"})
        if answer.status == 400:
            self.assertTrue(answer.json()["message"])
            return None
        self.assertEqual(answer.status, 200, answer.text[:300])
        (value,), (missing,) = answer.json()["data"]
        self.assertIn(value, right)
        self.assertIsNone(missing)
        return value

    def test_names_keep_their_case(self):
        shared = world()
        shared.postgres.run('CREATE TABLE "Mixed Case" ("Select" int PRIMARY KEY, "ordEr" text); INSERT INTO "Mixed Case" VALUES (1, \'x\');')
        made = shared.first.source("Odd names", "POSTGRES", shared.postgres.credential())
        for served in ("live", "cached"):
            if served == "cached":
                shared.first.cached(made, "public", "Mixed Case")
            self.assertEqual(shared.first.query(f'SELECT "Select", "ordEr" FROM "{made["name"]}"."public"."Mixed Case"'), [[1, "x"]])
