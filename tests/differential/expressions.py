"""Expressions of Trino's language by templates: {kind} is an expression of that kind, {kind!} a column or a literal.

Templates of SAFE never raise an error, so that the order in which an engine looks at conditions cannot be seen. Those
of RISKY may (overflows, divisions, casts of texts); they stand where every row is looked at."""

import re

SAFE = {
    "bool": ["{int} = {small}", "{bigint} < {int}", "{text} = {text}", "{text} LIKE {pattern!}", "{text} NOT LIKE {pattern!} ESCAPE '\\'",
             "{date} <= {date}", "{ts} > {ts}", "{tz} <> {tz}", "{decimal} BETWEEN {decimal} AND {wide}", "{small} IN ({small!}, {small!}, 3)",
             "{text} IN ({text!}, {text!})", "{any} IS NULL", "{any} IS NOT NULL", "{bool} AND {bool}", "{bool} OR {bool}", "NOT {bool}",
             "{int} IS DISTINCT FROM {small}", "{text} IS NOT DISTINCT FROM {text}", "{double} >= {real}", "{uuid} = {uuid}", "{flagged}",
             "contains({ints}, {small})", "any_match({ints}, x -> x > {small!})", "all_match({texts}, x -> length(x) < 4)",
             "none_match({ints}, x -> x IS NULL)", "starts_with({text}, {text!})", "regexp_like({text}, '[a-c]+')", "{time} < {time}",
             "is_nan({double})", "{binary} = {binary}", "arrays_overlap({ints}, {ints})", "{ints} = {ints}", "({int}, {text}) = ({int}, {text})",
             "json_exists({text}, 'lax $.a')", "{row} IS NOT NULL", "{dsi} > INTERVAL '1' HOUR", "{ymi} <= INTERVAL '2' YEAR"],
    "small": ["CAST(length({text}) AS smallint)", "CASE {small!} WHEN 1 THEN {small!} WHEN 2 THEN {small!} ELSE {small!} END", "abs({small!})",
              "coalesce({small}, {small!})", "nullif({small}, {small!})"],
    "int": ["{small} + {small}", "{small} * 3 - {small}", "coalesce({int}, {small})", "greatest({int}, {small})", "least({int}, {int})",
            "CAST({small} AS integer)", "if({bool}, {int}, {small})", "nullif({int}, {small})", "try_cast({text} AS integer)",
            "CASE WHEN {bool} THEN {int} ELSE {int} END", "reduce({ints}, 0, (s, x) -> s + coalesce(x, 0), s -> s)", "element_at({ints}, 1)",
            "try({int} / {small})", "array_max({ints})", "CAST(TRY_CAST({text} AS tinyint) AS integer)"],
    "bigint": ["length({text})", "bitwise_and({bigint}, {int})", "bitwise_xor({bigint}, {small})", "{small} % 7", "year({date})", "month({ts})",
               "day_of_week({date})", "day_of_year({ts})", "week({date})", "quarter({tz})", "hour({ts})", "cardinality({ints})", "strpos({text}, {text!})",
               "array_position({ints}, {small})", "levenshtein_distance({text}, {text})", "extract(MINUTE FROM {ts})", "sign({bigint})",
               "date_diff('day', {date!}, {date!})", "bit_count({small}, 64)", "json_array_length({json})", "length({binary})",
               "cardinality({texts})", "millisecond({ts})", "codepoint(CAST('a' AS varchar(1)))", "to_milliseconds({dsi})",
               "coalesce(try_cast({text} AS bigint), {bigint})", "hamming_distance('abc', 'abd')", "bitwise_left_shift(CAST({small} AS bigint), 2)"],
    "double": ["CAST({small} AS double)", "CAST({decimal} AS double)", "round({double}, 2)", "abs({double})", "floor({decimal!} / 3e0)",
               "sqrt(abs(CAST({small} AS double)))", "CAST({real} AS double)", "coalesce({double}, {double!})", "ceiling({double})", "truncate({double})",
               "try_cast({text} AS double)", "sign({double})", "power(CAST({small!} AS double), 2)", "infinity()", "nan()", "{double} / 2e0",
               "if({bool}, {double}, 0e0)"],
    "real": ["CAST({small} AS real)", "coalesce({real}, REAL '1.5')", "nullif({real}, REAL '1.5')"],
    "decimal": ["CAST({small} AS decimal(10,2))", "coalesce({decimal}, {decimal!})", "round({decimal}, 1)", "abs({decimal})", "greatest({decimal}, {decimal!})",
                "TRY_CAST({text} AS decimal(10,2))", "CASE WHEN {bool} THEN {decimal} END", "truncate({decimal}, 1)"],
    "price": ["{price!} + {price!}", "{price!} * {price!}", "{price!} / DECIMAL '7.00'", "-{price!}", "{price!} % DECIMAL '1.3'", "ceil({price!})"],
    "wide": ["CAST({decimal} AS decimal(38,10))", "coalesce({wide}, {wide!})", "nullif({wide}, {wide!})", "{decimal} + {price}", "{decimal} * {price}"],
    "text": ["upper({text})", "lower({text})", "substr({text}, 2)", "substr({text}, {count!}, 3)", "concat({text}, {text!})", "{text} || {text}", "trim({text})",
             "ltrim({text})", "rtrim({text})", "trim(BOTH 'a' FROM {text})", "reverse({text})", "replace({text}, 'a', 'oo')", "lpad({text}, 5, '*')",
             "rpad({text}, {count!}, 'xy')", "CAST({bigint} AS varchar)", "CAST({date} AS varchar)", "CAST({ts} AS varchar)", "CAST({decimal} AS varchar)",
             "CAST({bool} AS varchar)", "CAST({double} AS varchar)", "CAST({uuid} AS varchar)", "CAST({tz} AS varchar)", "coalesce({text}, 'none')",
             "CASE WHEN {bool} THEN {text} ELSE {text} END", "nullif({text}, {text!})", "if({bool}, {text}, {text})", "json_format({json})",
             "json_extract_scalar({json}, '$.a')", "to_hex({binary})", "array_join({texts}, ',')", "array_join({ints}, '-', '?')", "element_at({texts}, 1)",
             "regexp_replace({text}, '[aeiou]', '_')", "regexp_extract({text}, '([a-z]+)')", "split_part({text}, 'b', {count!})", "translate({text}, 'abc', 'xy')",
             "typeof({any})", "greatest({text}, {text!})", "CAST({text} AS varchar(3))", "normalize({text})", "to_base64({binary})", "date_format({ts}, '%Y-%m-%d %H:%i')",
             "soundex('Robert')", "to_hex(md5(to_utf8({text})))", "CAST({dsi} AS varchar)", "CAST({ymi} AS varchar)", "chr(65 + CAST({count!} AS integer))", "CAST({json} AS varchar)",
             "json_value({text}, 'lax $.a')", "concat_ws('/', {text}, {text!}, 'z')", "date_format({tz}, '%W %b %e')", "format('%s-%d', {text!}, {small!})"],
    "binary": ["to_utf8({text})", "md5({binary})", "sha256({binary})", "coalesce({binary}, X'00')", "{binary} || {binary}", "substr({binary}, 2)", "xxhash64({binary})"],
    "date": ["CAST({ts!} AS date)", "date_trunc('month', {date!})", "coalesce({date}, DATE '2020-02-29')", "greatest({date}, {date!})", "last_day_of_month({date!})",
             "date_add('day', {small!}, DATE '2020-01-31')", "try_cast({text} AS date)", "DATE '2020-01-31' + INTERVAL '1' MONTH", "if({bool}, {date}, {date})"],
    "time": ["coalesce({time}, TIME '01:02:03')", "CAST({ts6} AS time(6))", "nullif({time}, TIME '00:00:00.000000')"],
    "ts": ["date_trunc('hour', {ts})", "coalesce({ts}, TIMESTAMP '2020-02-29 01:02:03.004')", "CAST({date} AS timestamp(3))", "least({ts}, {ts!})",
           "date_add('minute', {small!}, TIMESTAMP '2020-01-01 00:00:00.000')", "CAST({tz} AS timestamp(3))", "try_cast({text} AS timestamp(3))"],
    "ts6": ["coalesce({ts6}, TIMESTAMP '2001-02-03 04:05:06.000007')", "CAST({ts} AS timestamp(6))", "date_trunc('day', {ts6})"],
    "tz": ["coalesce({tz}, TIMESTAMP '2020-02-29 01:02:03.004 UTC')", "CAST({ts} AS timestamp(3) with time zone)", "{tz} AT TIME ZONE 'Asia/Tokyo'",
           "with_timezone({ts}, 'Europe/Berlin')", "date_trunc('day', {tz})", "from_unixtime_nanos(CAST({small} AS bigint))"],
    "uuid": ["coalesce({uuid}, UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59')", "CAST(CAST({uuid} AS varchar) AS uuid)"],
    "json": ["CAST({int} AS json)", "CAST({ints} AS json)", "json_extract({json}, '$.b')", "json_parse('[1, 2]')", "CAST({text} AS json)", "CAST({bool} AS json)"],
    "ints": ["ARRAY[{int}, {small}]", "transform({ints}, x -> x * 2)", "filter({ints}, x -> x > {small!})", "array_sort({ints})", "array_distinct({ints})",
             "{ints} || {ints}", "slice({ints}, 1, 2)", "reverse({ints})", "array_union({ints}, {ints})", "array_intersect({ints}, {ints})", "array_except({ints}, {ints})",
             "sequence(1, {count!})", "array_remove({ints}, 2)", "repeat({small!}, 2)", "zip_with({ints}, {ints}, (x, y) -> coalesce(x, 0) + coalesce(y, 0))",
             "flatten(ARRAY[{ints}, {ints}])", "coalesce({ints}, ARRAY[1])", "trim_array(ARRAY[1, 2, 3], {one!})", "array_sort({ints}, (x, y) -> IF(x < y, 1, IF(x = y, 0, -1)))"],
    "texts": ["ARRAY[{text}, {text}]", "split({text}, 'b')", "transform({texts}, x -> upper(x))", "regexp_split({text}, '[ab]')", "filter({texts}, x -> x IS NOT NULL)",
              "array_sort({texts})", "regexp_extract_all({text}, '[a-z]')", "transform({ints}, x -> CAST(x AS varchar))"],
    "map": ["MAP(ARRAY['a', 'b'], ARRAY[{int}, {small}])", "map_filter(MAP(ARRAY[1, 2, 3], ARRAY[{text}, 'x', NULL]), (k, v) -> v IS NOT NULL)",
            "transform_values(MAP(ARRAY['k'], ARRAY[{small}]), (k, v) -> v + 1)", "map_concat(MAP(ARRAY['a'], ARRAY[{int}]), MAP(ARRAY['z'], ARRAY[{int}]))", "MAP()",
            "map_from_entries(ARRAY[ROW('q', {date})])", "split_to_map('a=1,b=2', ',', '=')"],
    "row": ["ROW({int}, {text})", "CAST(ROW({small}, {date}) AS row(x smallint, y date))", "ROW({bool}, ROW({text}, {decimal}))"],
    "dsi": ["INTERVAL '1 02:03:04.567' DAY TO SECOND", "INTERVAL '90' MINUTE * {count!}", "parse_duration('90s')", "{ts!} - TIMESTAMP '2020-01-01 00:00:00.000'", "-INTERVAL '3' DAY"],
    "ymi": ["INTERVAL '1-2' YEAR TO MONTH", "INTERVAL '5' MONTH * {count!}", "-INTERVAL '2' YEAR"],
    "flagged": ["{bool!}", "coalesce({bool!}, false)"],
}
RISKY = {
    "int": ["{int} + {int}", "{int} * {int}", "{int} / {small}", "{int} % {small}", "-{int}", "CAST({text} AS integer)", "CAST({bigint} AS integer)", "abs({int})",
            "{ints}[{count!}]"],
    "bigint": ["{bigint} + {bigint}", "{bigint} * {int}", "CAST({double} AS bigint)", "CAST({wide} AS bigint)", "{bigint} - {bigint}", "abs({bigint})"],
    "small": ["CAST({int} AS smallint)", "CAST({int} AS tinyint)", "{small} / ({small} - 2)"],
    "decimal": ["CAST({wide} AS decimal(10,2))", "CAST({text} AS decimal(10,2))", "CAST({double} AS decimal(10,2))", "{decimal} / {price}"],
    "wide": ["{wide} + {wide}", "{wide} * {decimal}", "{wide} / {price}"],
    "date": ["CAST({text} AS date)", "date_add('day', {int}, {date})", "date_add('month', {small}, {date})", "{date} + INTERVAL '1' YEAR"],
    "ts": ["CAST({text} AS timestamp(3))", "date_add('hour', {int}, {ts})", "{ts} + {dsi}"],
    "bool": ["CAST({text} AS boolean)"],
    "json": ["json_parse({text})"],
    "uuid": ["CAST({text} AS uuid)"],
    "double": ["CAST({text} AS double)", "{double} * {double}", "exp({small})", "ln(abs({double}) + 1)"],
    "text": ["substr({text}, {small})", "lpad({text}, {small}, 'x')", "chr({small})", "date_parse({text}, '%Y')"],
}

LITERALS = {
    "bool": ["true", "false", "CAST(NULL AS boolean)"], "small": ["SMALLINT '0'", "SMALLINT '1'", "SMALLINT '2'", "SMALLINT '5'", "SMALLINT '-1'"],
    "int": ["0", "1", "2", "7", "-3", "CAST(NULL AS integer)"], "bigint": ["BIGINT '1'", "9223372036854775807", "BIGINT '-5'", "3000000000"],
    "real": ["REAL '0.5'", "REAL '-2.25'"], "double": ["0.5e0", "2e0", "-1e10", "CAST(NULL AS double)"], "decimal": ["1.50", "-0.01", "100.00", "DECIMAL '12345.67'"],
    "price": ["1.125", "0.001"], "wide": ["DECIMAL '1.0000000001'", "DECIMAL '-99999999999999999999.5'"],
    "text": ["'a'", "'AB'", "''", "'żółw'", "'x%y_z'", "'12'", "CAST(NULL AS varchar)", "U&'\\00e4'"], "pattern": ["'a%'", "'%b%'", "'_'", "'%'", "'x\\%%'", "''"],
    "binary": ["X''", "X'00FF'"], "date": ["DATE '2020-02-29'", "DATE '1999-12-31'", "CAST(NULL AS date)"], "time": ["TIME '12:30:00.000001'", "TIME '23:59:59.999999'"],
    "ts": ["TIMESTAMP '2020-02-29 12:34:56.789'", "TIMESTAMP '1969-12-31 23:59:59.999'"], "ts6": ["TIMESTAMP '2020-02-29 12:34:56.789012'"],
    "tz": ["TIMESTAMP '2020-07-01 00:00:00.000 UTC'", "TIMESTAMP '2020-07-01 00:00:00.000 America/New_York'"], "uuid": ["UUID '00000000-0000-0000-0000-000000000000'"],
    "json": ["JSON '{\"a\":1}'", "JSON '[1,null]'"], "ints": ["ARRAY[1, 2, NULL]", "ARRAY[3, 1, 3]", "CAST(ARRAY[] AS array(integer))"], "texts": ["ARRAY['a', NULL, 'b']"],
    "count": ["1", "2", "3", "4"], "one": ["1", "2"], "dsi": ["INTERVAL '2' DAY"], "ymi": ["INTERVAL '3' MONTH"], "map": ["MAP(ARRAY['x'], ARRAY[1])"], "row": ["ROW(1, 'a')"],
}
KINDS = ["bool", "small", "int", "bigint", "double", "real", "decimal", "price", "wide", "text", "text", "binary", "date", "time", "ts", "ts6", "tz", "uuid", "json",
         "ints", "texts", "map", "row", "dsi", "ymi"]
# Kinds whose values can be told apart, put in order, or grouped.
ORDERABLE = ["bool", "small", "int", "bigint", "double", "decimal", "wide", "text", "binary", "date", "time", "ts", "tz", "uuid", "price"]
GROUPABLE = [*ORDERABLE, "ints"]

HOLE = re.compile(r"\{(\w+)(!?)\}")


class Expressions:
    """Makes expressions over the columns in sight: pairs of a name and a kind."""

    def __init__(self, random_, columns):
        self.random, self.columns = random_, columns

    def leaf(self, kind):
        fitting = [name for name, of in self.columns if of == kind]
        if fitting and (self.random.random() < 0.75 or kind not in LITERALS):
            return self.random.choice(fitting)
        return self.random.choice(LITERALS[kind])

    def make(self, kind, depth=2, risky=False):
        if kind == "any":
            kind = self.random.choice(KINDS)
        templates = RISKY.get(kind, []) if risky else SAFE.get(kind, [])
        if depth <= 0 or not templates or (not risky and self.random.random() < 0.2):
            return self.leaf(kind) if kind != "flagged" else self.leaf("bool")
        template = self.random.choice(templates)
        text = HOLE.sub(lambda hole: self.leaf(hole[1]) if hole[2] else self.make(hole[1], depth - 1), template)
        return f"({text})" if template.startswith(("{", "NOT", "-")) else text
