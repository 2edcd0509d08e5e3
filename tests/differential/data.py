"""The seeded tables: PostgreSQL's DDL and rows, and the same rows as literals of Trino's language.

Each column has a kind, by which the generator of expressions uses it, its type in PostgreSQL and its type in Trino.
The values have NULLs, duplicates, the ends of their types, and texts beyond ASCII."""

import datetime
import json
import random

# name: [(column, kind, PostgreSQL's type, Trino's type)]; the first column is the key.
TABLES = {
    "facts": [
        ("id", "int", "integer", "integer"), ("k", "small", "smallint", "smallint"), ("big", "bigint", "bigint", "bigint"),
        ("r", "real", "real", "real"), ("d", "double", "double precision", "double"), ("dec", "decimal", "numeric(10,2)", "decimal(10,2)"),
        ("wide", "wide", "numeric(38,10)", "decimal(38,10)"), ("flag", "bool", "boolean", "boolean"), ("s", "text", "text", "varchar"),
        ("v", "text", "varchar(12)", "varchar(12)"), ("bin", "binary", "bytea", "varbinary"), ("day", "date", "date", "date"),
        ("at", "time", "time(6)", "time(6)"), ("ts", "ts", "timestamp(3)", "timestamp(3)"), ("ts6", "ts6", "timestamp(6)", "timestamp(6)"),
        ("tz", "tz", "timestamptz(3)", "timestamp(3) with time zone"), ("u", "uuid", "uuid", "uuid"), ("j", "json", "jsonb", "json"),
        ("ints", "ints", "integer[]", "array(integer)"), ("texts", "texts", "text[]", "array(varchar)")],
    "dims": [
        ("id", "int", "integer", "integer"), ("k", "small", "smallint", "smallint"), ("name", "text", "text", "varchar"),
        ("parent", "int", "integer", "integer"), ("amount", "decimal", "numeric(10,2)", "decimal(10,2)"), ("since", "date", "date", "date")],
    "many": [
        ("id", "bigint", "bigint", "bigint"), ("fact_id", "int", "integer", "integer"), ("k", "small", "smallint", "smallint"),
        ("qty", "small", "integer", "integer"), ("price", "price", "numeric(8,3)", "decimal(8,3)"), ("note", "text", "varchar(20)", "varchar(20)"),
        ("seen", "ts", "timestamp(3)", "timestamp(3)")],
    "nothing": [("id", "int", "integer", "integer"), ("k", "small", "smallint", "smallint"), ("s", "text", "text", "varchar")],
}
COUNTS = {"facts": 60, "dims": 14, "many": 240, "nothing": 0}

WORDS = ["", "a", "A", "ab", "abc", "Ä", "ß", "żółw", "日本", "naïve", "e\u0301", "😀", "a b", " lead", "trail ", "x%y_z", "it's", "10", "-7", "1e3",
         "true", "2024-02-29", "a,b,c", "zz", "\\", "\"q\"", "line\nbreak", "tab\t"]
DOCUMENTS = ['{"a": 1, "b": [1, 2, null]}', "[]", "{}", "null", "true", "12.5", '"text"', '{"a": "x", "c": {"d": [true]}}', '[1, "two", {"three": 3}]',
             '{"a": null}', '{"é": "ü"}']


def _instant(random_, digits):
    if random_.random() < 0.1:
        text = random_.choice(["1970-01-01 00:00:00", "1969-12-31 23:59:59", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "2024-02-29 12:00:00"])
    else:
        moment = datetime.datetime(2019, 1, 1) + datetime.timedelta(seconds=random_.randrange(6 * 365 * 86400))
        text = moment.strftime("%Y-%m-%d %H:%M:%S")
    return f"{text}.{random_.randrange(10 ** digits):0{digits}}" if digits else text


def _value(kind, random_):
    """A value of a kind; numbers and texts as Python's, everything else as its text."""
    pick = random_.random()
    match kind:
        case "small":
            return random_.choice([0, 1, 2, 3, 4, 5, 7, -1, 10, 100])
        case "int":
            return random_.choice([1, 2, 3, 5, 8, 13, 40, 2147483647, -2147483648, 0]) if pick < 0.3 else random_.randrange(1, 20)
        case "bigint":
            return random_.choice([9223372036854775807, -9223372036854775808, 0, -1]) if pick < 0.2 else random_.randrange(-10**12, 10**12)
        case "real":
            return random_.choice([0.0, 1.5, -2.25, 3.4028235e38, 1.17549435e-38, 0.1, 100.0])
        case "double":
            return random_.choice([0.0, -0.5, 1e308, -1e-308, 0.1, 2.5, 3.5, 1e15, 123456.789, -7.25])
        case "decimal":
            return random_.choice(["99999999.99", "-99999999.99", "0.00", "0.01"]) if pick < 0.2 else f"{random_.randrange(-9999, 9999) / 100:.2f}"
        case "price":
            return f"{random_.randrange(0, 99999) / 1000:.3f}"
        case "wide":
            return random_.choice(["9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999", "0.0000000001", "1.0000000000",
                                   "-3.5000000000", "12345678901234567890.1234567890"])
        case "bool":
            return pick < 0.5
        case "text":
            return random_.choice(WORDS)
        case "binary":
            return bytes(random_.randrange(256) for _ in range(random_.randrange(4))).hex()
        case "date":
            return random_.choice(["0001-01-01", "9999-12-31", "1970-01-01", "2024-02-29"]) if pick < 0.2 else _instant(random_, 0)[:10]
        case "time":
            return random_.choice(["00:00:00.000000", "23:59:59.999999", "12:30:00.000001", "08:15:30.500000"])
        case "ts" | "tz":
            return _instant(random_, 3)
        case "ts6":
            return _instant(random_, 6)
        case "uuid":
            return random_.choice(["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "12151fd2-7586-11e9-8f9e-2a86e4085a59"])
        case "json":
            return random_.choice(DOCUMENTS)
        case "ints":
            return [None if random_.random() < 0.2 else random_.randrange(-3, 9) for _ in range(random_.randrange(5))]
        case "texts":
            return [None if random_.random() < 0.2 else random_.choice(WORDS) for _ in range(random_.randrange(4))]
    raise ValueError(kind)


def rows(seed):
    """The rows of every table."""
    made = {}
    for table, columns in TABLES.items():
        random_ = random.Random(f"{seed}:{table}")
        made[table] = [[number + 1] + [None if random_.random() < 0.15 else _value(kind, random_) for _, kind, _, _ in columns[1:]]
                       for number in range(COUNTS[table])]
    return made


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


def _postgres(value, kind):
    if value is None:
        return "NULL"
    if kind == "binary":
        return f"'\\x{value}'"
    if kind in ("ints", "texts"):
        inner = ", ".join("NULL" if item is None else str(item) if kind == "ints" else _quoted(item) for item in value)
        return f"ARRAY[{inner}]::{'integer' if kind == 'ints' else 'text'}[]"
    if kind == "tz":
        return _quoted(value + "+00")
    return _quoted(value) if isinstance(value, str) else repr(value)


def _trino(value, kind, type_):
    if value is None:
        return "NULL"
    match kind:
        case "bool":
            return "true" if value else "false"
        case "binary":
            return f"X'{value}'"
        case "real" | "double":
            return f"CAST({value!r} AS {type_})" if "e" in repr(value) else f"CAST({value!r}e0 AS {type_})"
        case "json":
            return "JSON " + _quoted(json.dumps(json.loads(value), ensure_ascii=False, separators=(",", ":")))
        case "ints" | "texts":
            inner = ", ".join("NULL" if item is None else str(item) if kind == "ints" else _quoted(item) for item in value)
            return f"CAST(ARRAY[{inner}] AS {type_})"
        case "tz":
            return f"TIMESTAMP {_quoted(value + ' UTC')}"
        case "date" | "time" | "uuid":
            return f"{kind.upper()} {_quoted(value)}"
        case "ts" | "ts6":
            return f"TIMESTAMP {_quoted(value)}"
        case "small" if type_ == "smallint":
            return f"SMALLINT '{value}'"
        case "decimal" | "price" | "wide":
            return f"CAST({_quoted(value)} AS {type_})"
    return _quoted(value) if isinstance(value, str) else str(value)


def postgres(seed, schema):
    """Statements that make the tables in PostgreSQL."""
    text = [f"CREATE SCHEMA {schema};"]
    for table, made in rows(seed).items():
        columns = TABLES[table]
        names = ", ".join(f'"{name}" {type_}' for name, _, type_, _ in columns)
        text.append(f"CREATE TABLE {schema}.{table} ({names}, PRIMARY KEY (id));")
        for row in made:
            values = ", ".join(_postgres(value, kind) for value, (_, kind, _, _) in zip(row, columns))
            text.append(f"INSERT INTO {schema}.{table} VALUES ({values});")
    return "\n".join(text)


def trino(seed, place):
    """Statements that make the tables in a catalog that takes writes; `place` is catalog and schema."""
    yield f"CREATE SCHEMA {place}"
    for table, made in rows(seed).items():
        columns = TABLES[table]
        yield f"CREATE TABLE {place}.{table} (" + ", ".join(f'"{name}" {type_}' for name, _, _, type_ in columns) + ")"
        for start in range(0, len(made), 20):
            yield f"INSERT INTO {place}.{table} VALUES " + ", ".join(
                "(" + ", ".join(_trino(value, kind, type_) for value, (_, kind, _, type_) in zip(row, columns)) + ")" for row in made[start:start + 20])
