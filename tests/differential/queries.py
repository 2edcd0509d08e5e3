"""Queries of Trino's language, one for each seed and number: Query(text, ordered)."""

import random
from collections import namedtuple

from differential.data import TABLES
from differential.expressions import GROUPABLE, KINDS, ORDERABLE, RISKY, Expressions

# `ordered`: the rows come in the order of a key that has no ties.
Query = namedtuple("Query", "text ordered shape")


class Maker:
    def __init__(self, seed, number):
        self.random = random.Random(f"{seed}/{number}")
        self.aliases = 0

    # --- pieces -------------------------------------------------------------------------------------------------

    def table(self, weights=(6, 3, 3, 1)):
        """A table with an alias: its text, the alias, the columns in sight."""
        name = self.random.choices(list(TABLES), weights)[0]
        self.aliases += 1
        alias = f"t{self.aliases}"
        return f"{name} {alias}", alias, [(f'{alias}."{column}"', kind) for column, kind, _, _ in TABLES[name]]

    def condition(self, columns, depth=2):
        return Expressions(self.random, columns).make("bool", depth)

    def where(self, columns, chance=0.6):
        return f" WHERE {self.condition(columns)}" if self.random.random() < chance else ""

    def items(self, columns, kinds=KINDS, least=1, most=4, depth=2):
        """Select items with names; their kinds."""
        made = Expressions(self.random, columns)
        chosen = [self.random.choice(kinds) for _ in range(self.random.randint(least, most))]
        return ", ".join(f"{made.make(kind, depth)} AS c{number}" for number, kind in enumerate(chosen)), chosen

    def order(self, columns, key):
        """ORDER BY with a key at its end, and perhaps a bound."""
        made = Expressions(self.random, columns)
        first = made.make(self.random.choice(ORDERABLE), 1)
        keys = [f"{first}{self.random.choice(['', ' ASC', ' DESC'])}{self.random.choice(['', ' NULLS FIRST', ' NULLS LAST'])}"] if self.random.random() < 0.7 else []
        bound = self.random.choice(["", " LIMIT 5", " OFFSET 3 LIMIT 4", " FETCH FIRST 3 ROWS ONLY", " OFFSET 2 ROWS", " LIMIT 0", f" LIMIT {self.random.randint(1, 50)}"])
        return " ORDER BY " + ", ".join([*keys, *key]) + bound

    def aggregate(self, columns, key):
        """An aggregate; those that look at an order get one without ties."""
        made = Expressions(self.random, columns)
        pick = made.make(self.random.choice(ORDERABLE), 1)
        template = self.random.choice([
            "count(*)", f"count({pick})", f"count(DISTINCT {pick})", f"min({pick})", f"max({pick})", f"sum({made.make('small', 1)})", f"avg({made.make('small', 1)})",
            f"sum({made.make('price', 1)})", f"avg({made.make('price', 0)})", f"bool_and({made.make('bool', 1)})", f"bool_or({made.make('bool', 1)})",
            f"every({made.make('bool', 0)})", f"count_if({made.make('bool', 2)})", f"array_agg({made.make('text', 1)} ORDER BY {key})",
            f"array_agg({made.make('int', 1)} ORDER BY {key} DESC)", f"min_by({pick}, {key})", f"max_by({pick}, {key})", f"sum(DISTINCT {made.make('small', 0)})",
            f"listagg({made.leaf('text')}, '|') WITHIN GROUP (ORDER BY {key})", f"round(stddev({made.make('small', 1)}), 6)", f"round(var_pop({made.make('small', 1)}), 6)",
            f"bitwise_or_agg({made.make('small', 0)})", f"histogram({made.make('small', 0)})", f"max({pick}, 2)", f"approx_distinct({made.make('bool', 0)})",
            f"cardinality(array_agg(DISTINCT {made.make('small', 0)}))", f"geometric_mean(1e0)", f"bitwise_and_agg({made.make('small', 0)})",
            f"cardinality(map_agg({key}, {pick}))", f"checksum({made.make('small', 0)})", f"arbitrary(5)"])
        return template + (f" FILTER (WHERE {self.condition(columns, 1)})" if self.random.random() < 0.2 and "WITHIN" not in template else "")

    # --- shapes -------------------------------------------------------------------------------------------------

    def simple(self):
        text, alias, columns = self.table()
        items, _ = self.items(columns, depth=3)
        if self.random.random() < 0.4:
            return f"SELECT {items} FROM {text}{self.where(columns)}" + self.order(columns, [f"{alias}.id"]), True
        distinct = "DISTINCT " if self.random.random() < 0.2 else ""
        if distinct:
            items, _ = self.items(columns, GROUPABLE)
        return f"SELECT {distinct}{items} FROM {text}{self.where(columns)}", False

    def risky(self):
        """One expression that may fail, over every row."""
        text, alias, columns = self.table((8, 2, 2, 0))
        kind = self.random.choice(list(RISKY))
        return f"SELECT {alias}.id, {Expressions(self.random, columns).make(kind, 1, risky=True)} FROM {text}", False

    def joined(self):
        """FROM with two or three tables; the columns in sight and a key without ties."""
        text, alias, columns = self.table((4, 3, 3, 1))
        key = [f"{alias}.id"]
        for _ in range(self.random.choice([1, 1, 2])):
            right, name, more = self.table((2, 4, 2, 1))
            how = self.random.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "INNER JOIN", "CROSS JOIN"])
            if how == "CROSS JOIN":
                text += f" CROSS JOIN (SELECT * FROM {right} WHERE {name}.id < 4) {name}"
            else:
                on = self.random.choice([f"{alias}.k = {name}.k", f"{alias}.id = {name}.id", f"{alias}.k = {name}.id", f"{alias}.k = {name}.k AND {name}.id > 3",
                                         f"{alias}.id = {name}.k + 1"])
                text += f" {how} {right} ON {on}"
            columns = columns + more
            key.append(f"{name}.id")
        return text, columns, key

    def join(self):
        text, columns, key = self.joined()
        items, _ = self.items(columns)
        if self.random.random() < 0.4:
            return f"SELECT {items} FROM {text}{self.where(columns, 0.3)}" + self.order(columns, key), True
        return f"SELECT {items} FROM {text}{self.where(columns, 0.3)}", False

    def using(self):
        left, one, columns = self.table((3, 3, 3, 1))
        right, two, more = self.table((1, 4, 2, 1))
        column = self.random.choice(["id", "k"])
        seen = [pair for pair in columns + more if not pair[0].endswith(f'"{column}"')] + [(column, "int")]
        items, _ = self.items(seen)
        return f"SELECT {column}, {items} FROM {left} {self.random.choice(['JOIN', 'LEFT JOIN', 'FULL JOIN', 'RIGHT JOIN'])} {right} USING ({column}){self.where(seen, 0.4)}", False

    def grouped(self):
        if self.random.random() < 0.3:
            text, columns, keys = self.joined()
            key = "ROW(" + ", ".join(keys) + ")" if len(keys) > 1 and self.random.random() < 0 else keys[0]
            if len(keys) > 1:  # an order over two tables would have ties
                items = ", ".join(self.random.choice(["count(*)", f"count({name})", f"min({name})", f"count(DISTINCT {name})"]) + f" AS a{i}"
                                  for i, (name, kind) in enumerate(self.random.choices([c for c in columns if c[1] in ORDERABLE], k=3)))
                by = self.random.choice([name for name, kind in columns if kind in GROUPABLE])
                return f"SELECT {by} AS g, {items} FROM {text} GROUP BY {by}", False
        else:
            text, alias, columns = self.table()
            key = f"{alias}.id"
        made = Expressions(self.random, columns)
        groups = [made.make(self.random.choice(GROUPABLE), 1) if self.random.random() < 0.4 else self.random.choice([n for n, k in columns if k in GROUPABLE])
                  for _ in range(self.random.choice([0, 1, 1, 2]))]
        aggregates = ", ".join(f"{self.aggregate(columns, key)} AS a{number}" for number in range(self.random.randint(1, 3)))
        having = f" HAVING count(*) {self.random.choice(['>', '<', '<>'])} {self.random.randint(0, 4)}" if self.random.random() < 0.3 else ""
        heads = "".join(f"{group} AS g{number}, " for number, group in enumerate(groups))
        # A literal in GROUP BY would be a position.
        by = " GROUP BY " + ", ".join(str(number + 1) for number in range(len(groups))) if groups else ""
        return f"SELECT {heads}{aggregates} FROM {text}{self.where(columns, 0.4)}{by}{having}", False

    def sets(self):
        """GROUPING SETS, CUBE and ROLLUP."""
        text, alias, columns = self.table((5, 3, 3, 1))
        names = self.random.sample([name for name, kind in columns if kind in ("small", "bool", "text", "date", "int")], 2)
        by = self.random.choice([f"GROUPING SETS (({names[0]}, {names[1]}), ({names[0]}), ())", f"CUBE ({names[0]}, {names[1]})", f"ROLLUP ({names[0]}, {names[1]})",
                                 f"{names[0]}, ROLLUP ({names[1]})", f"GROUPING SETS (({names[0]}), ({names[1]}))", f"GROUPING SETS ((), ({names[1]}, {names[0]}))"])
        return (f"SELECT {names[0]}, {names[1]}, grouping({names[0]}, {names[1]}) AS g, {self.aggregate(columns, alias + '.id')} AS a, count(*) AS n "
                f"FROM {text}{self.where(columns, 0.3)} GROUP BY {by}"), False

    def window(self):
        text, alias, columns = self.table((5, 3, 3, 1))
        made = Expressions(self.random, columns)
        kind = self.random.choice(ORDERABLE)
        value = made.make(kind, 1)
        part = self.random.choice(["", f"PARTITION BY {self.random.choice([n for n, k in columns if k in ('small', 'text', 'bool', 'date')])} "])
        order = f"ORDER BY {made.make(self.random.choice(ORDERABLE), 0)}{self.random.choice(['', ' DESC', ' NULLS FIRST'])}, {alias}.id"
        frame = self.random.choice(["", " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW", " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
                                    " ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING", " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", " GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING"])
        function, framed = self.random.choice([
            ("row_number()", False), ("rank()", False), ("dense_rank()", False), ("ntile(3)", False), ("percent_rank()", False), ("cume_dist()", False),
            (f"lag({value})", False), (f"lead({value}, 2)", False), (f"lag({value}, 1, {value})", False), (f"first_value({value})", True), (f"last_value({value})", True),
            (f"nth_value({value}, 2)", True), ("count(*)", True), (f"sum({made.make('small', 1)})", True), (f"min({value})", True), (f"max({value})", True),
            (f"avg({made.make('small', 0)})", True), (f"array_agg({made.make('int', 0)})", True), (f"first_value({value}) IGNORE NULLS", True),
            (f"lag({value}) IGNORE NULLS", False)])
        return f"SELECT {alias}.id, {function} OVER ({part}{order}{frame if framed else ''}) AS w FROM {text}{self.where(columns, 0.3)}", False

    def setop(self):
        kinds = [self.random.choice([k for k in GROUPABLE if k not in ("ints",)]) for _ in range(self.random.randint(1, 3))]

        def part():
            text, _, columns = self.table((4, 3, 3, 1))
            made = Expressions(self.random, columns)
            return "SELECT " + ", ".join(f"{made.make(kind, 1)} AS c{number}" for number, kind in enumerate(kinds)) + f" FROM {text}{self.where(columns, 0.5)}"
        text = part()
        for _ in range(self.random.choice([1, 1, 2])):
            text += f" {self.random.choice(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL'])} {part()}"
        return text, False

    def subquery(self):
        text, alias, columns = self.table((5, 3, 2, 1))
        inner, name, more = self.table((3, 3, 3, 1))
        both = columns + more
        kind = self.random.choice([k for k in ("small", "int", "text", "date", "decimal") if any(k == of for _, of in more)] or ["small"])
        value = Expressions(self.random, columns).make(kind, 1)
        column = Expressions(self.random, more).leaf(kind)
        safe = self.where(more, 0.5)
        link = f"{name}.k = {alias}.k"
        test = self.random.choice([
            f"{value} IN (SELECT {column} FROM {inner}{safe})", f"{value} NOT IN (SELECT {column} FROM {inner} WHERE {column} IS NOT NULL)",
            f"EXISTS (SELECT 1 FROM {inner} WHERE {link} AND {self.condition(more, 1)})", f"NOT EXISTS (SELECT 1 FROM {inner} WHERE {link})",
            f"{value} = ANY (SELECT {column} FROM {inner}{safe})", f"{value} <= ALL (SELECT {column} FROM {inner} WHERE {column} IS NOT NULL)",
            f"{value} < (SELECT max({column}) FROM {inner} WHERE {link})", f"(SELECT count(*) FROM {inner} WHERE {link} AND {name}.id > 2) > 1",
            f"{value} > (SELECT min({column}) FROM {inner})", f"{value} NOT IN (SELECT {column} FROM {inner}{safe})"])
        items, _ = self.items(columns, most=2)
        scalar = self.random.choice(["", f", (SELECT max({column}) FROM {inner} WHERE {link}) AS s", f", EXISTS (SELECT 1 FROM {inner} WHERE {link}) AS s",
                                     f", (SELECT count(*) FROM {inner} WHERE {link}) AS s", f", {value} IN (SELECT {column} FROM {inner}) AS s"])
        del both
        return f"SELECT {alias}.id, {items}{scalar} FROM {text} WHERE {test}", False

    def unnest(self):
        text, alias, columns = self.table((1, 0, 0, 0))
        made = Expressions(self.random, columns)
        ints, texts = made.make("ints", 2), made.make("texts", 1)
        shape = self.random.choice([
            f"CROSS JOIN UNNEST({ints}) AS e(x)", f"CROSS JOIN UNNEST({ints}) WITH ORDINALITY AS e(x, n)", f"LEFT JOIN UNNEST({ints}) AS e(x) ON true",
            f"CROSS JOIN UNNEST({ints}, {texts}) AS e(x, y)", f"LEFT JOIN UNNEST({ints}, {texts}) WITH ORDINALITY AS e(x, y, n) ON true",
            f"CROSS JOIN UNNEST(MAP(ARRAY['a', 'b'], ARRAY[{made.make('int', 0)}, 7])) AS e(key, x)", f", UNNEST({ints}) AS e(x)",
            f"CROSS JOIN LATERAL (SELECT {alias}.k AS x UNION ALL SELECT 3) e"])
        return f"SELECT {alias}.id, {'e.*' if self.random.random() < 0.7 else 'e.x'} FROM {text} {shape}{self.where(columns, 0.4)}", False

    def common(self):
        """WITH, also recursive, and queries in FROM."""
        text, alias, columns = self.table((5, 3, 3, 1))
        items, kinds = self.items(columns, GROUPABLE, 2, 3)
        seen = [(f"c{number}", kind) for number, kind in enumerate(kinds)]
        shape = self.random.randrange(4)
        if shape == 0:
            return f"WITH w AS (SELECT {items} FROM {text}{self.where(columns)}) SELECT c0, count(*) AS n FROM w GROUP BY c0", False
        if shape == 1:
            return f"WITH w AS (SELECT {alias}.id, {items} FROM {text}) SELECT one.id, one.c0, two.c1 FROM w one JOIN w two ON one.id = two.id{self.where([('one.c0', kinds[0])], 0.5)}", False
        if shape == 2:
            return (f"WITH RECURSIVE w(n, s) AS (SELECT 1, CAST('' AS varchar) UNION ALL SELECT n + 1, s || CAST(n AS varchar) FROM w WHERE n < {self.random.randint(2, 9)}) "
                    f"SELECT w.n, w.s, {items} FROM w JOIN {text} ON {alias}.k = w.n"), False
        inner = f"(SELECT {alias}.id AS id, {items} FROM {text}{self.where(columns)}" + f" ORDER BY {alias}.id LIMIT 20) q"
        more, _ = self.items(seen + [("q.id", "int")])
        return f"SELECT {more} FROM {inner}{self.where(seen, 0.5)}", False

    def values(self):
        """VALUES beside a table."""
        text, alias, columns = self.table((4, 4, 3, 0))
        rows = ", ".join(f"({number}, {Expressions(self.random, []).leaf('text')}, {Expressions(self.random, []).leaf('date')})" for number in self.random.sample(range(-1, 9), 4))
        seen = columns + [("v.a", "int"), ("v.b", "text"), ("v.c", "date")]
        items, _ = self.items(seen)
        how = self.random.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])
        return f"SELECT {items}, v.a FROM {text} {how} (VALUES {rows}) v(a, b, c) ON {alias}.k = v.a", False

    def wrong(self):
        """What must be refused alike, by name."""
        text, alias, columns = self.table((4, 3, 3, 1))
        items, _ = self.items(columns, most=2)
        return self.random.choice([
            f"SELECT {items}, {alias}.nosuch FROM {text}", f"SELECT {items} FROM nosuch", f"SELECT {alias}.id + 'x' FROM {text}", f"SELECT {items} FROM {text} WHERE {alias}.id",
            f"SELECT {alias}.id, count(*) FROM {text}", f"SELECT nosuch({alias}.id) FROM {text}", f"SELECT {items} FROM {text} GROUP", f"SELECT id FROM {text}, dims x",
            f"SELECT {items} FROM {text} UNION SELECT 1, 2, 3, 4, 5", f"SELECT substr({alias}.id, 1) FROM {text}", f"SELECT {alias}.id FROM {text} ORDER BY 7",
            f"SELECT sum(count(*)) FROM {text}", f"SELECT * FROM {text} WHERE count(*) > 1", f"SELECT {items} FROM other.schema.table", f"SELECT CAST({alias}.id AS nosuch) FROM {text}",
            f"SELECT row_number() OVER () FROM {text} WHERE row_number() OVER () = 1", f"SELECT (SELECT id FROM facts) FROM {text}"]), False


SHAPES = {"simple": 5, "risky": 3, "join": 5, "using": 2, "grouped": 6, "sets": 2, "window": 4, "setop": 4, "subquery": 5, "unnest": 3, "common": 3, "values": 2, "wrong": 1}


def query(seed, number):
    """The query of a number; the same every time."""
    maker = Maker(seed, number)
    shape = maker.random.choices(list(SHAPES), SHAPES.values())[0]
    text, ordered = getattr(maker, shape)()
    return Query(text, ordered, shape)
