"""Statements of extreme size: a right answer or a clear error, and a server that goes on."""

import unittest

from api.world import world
from rig.client import BASE

DEPTH = 10_000
MEGABYTE = 1 << 20


class LimitsTest(unittest.TestCase):
    def setUp(self):
        self.world = world()
        self.first = self.world.first
        self.client = self.world.client

    def answer(self, statement, what):
        answer = self.client.send("POST", f"{BASE}{self.first.data}/queries/execute", {"statement": statement}, {"format": "COMPACT"})
        self.assertIn(answer.status, (200, 400), f"{what}: {answer.text[:300]}")
        if answer.status == 400:
            self.assertIn("too large", answer.json()["message"], what)
        return answer

    def tearDown(self):
        self.assertEqual(self.first.query("SELECT 1"), [[1]])

    def test_statement_of_a_megabyte(self):
        filler = "x" * MEGABYTE
        answer = self.answer(f"SELECT length('{filler}')", "a long literal")
        self.assertEqual((answer.status, answer.json()["data"]), (200, [[str(MEGABYTE)]]))
        answer = self.answer(f"SELECT 1 /* {filler} */", "a long comment")
        self.assertEqual((answer.status, answer.json()["data"]), (200, [["1"]]))
        numbers = ", ".join(str(number) for number in range(MEGABYTE // 8))
        answer = self.answer(f"SELECT 7 IN ({numbers})", "a long list")
        self.assertEqual((answer.status, answer.json()["data"]), (200, [["true"]]))

    def test_nested_parentheses(self):
        answer = self.answer("SELECT " + "(" * DEPTH + "1" + ")" * DEPTH, "parentheses")
        self.assertEqual(answer.status, 400)
        self.answer("SELECT " + "(SELECT " * DEPTH + "1" + ")" * DEPTH, "subqueries")
        self.answer("SELECT 1 FROM " + "(SELECT 1 FROM " * DEPTH + "t" + ")" * DEPTH, "derived tables")
        self.answer("SELECT " + "NOT " * DEPTH + "true", "negations")
        self.answer("SELECT " + "- " * DEPTH + "1", "signs")
        self.answer("SELECT " + "CASE WHEN true THEN " * DEPTH + "1" + " END" * DEPTH, "cases")
        self.answer("SELECT " + "ARRAY[" * DEPTH + "1" + "]" * DEPTH, "arrays")
        self.answer("SELECT " + "JSON_ARRAY(" * DEPTH + "1" + ")" * DEPTH, "JSON arrays")

    def test_long_chains(self):
        self.answer("SELECT " + " + ".join(["1"] * DEPTH), "a sum")
        self.answer("SELECT " + " AND ".join(["true"] * DEPTH), "a conjunction")
        self.answer("SELECT 1" + "[1]" * DEPTH, "subscripts")

    def test_union_branches(self):
        answer = self.answer(" UNION ALL ".join(["SELECT 1"] * DEPTH), "branches of UNION ALL")
        if answer.status == 200:
            self.assertEqual(len(answer.json()["data"]), DEPTH)
        self.answer(" UNION ".join(["SELECT 1"] * DEPTH), "branches of UNION")
        answer = self.answer(" UNION ALL ".join(["SELECT 1"] * 1000), "a thousand branches")
        self.assertEqual(answer.status, 200)
        self.assertEqual(len(answer.json()["data"]), 1000)


if __name__ == "__main__":
    unittest.main()
