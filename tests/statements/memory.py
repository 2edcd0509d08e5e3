"""Changes of tables in memory, and that another project sees nothing of them: statements with the rows or the error expected."""

OWN = [
    ("CREATE SCHEMA memory.shop", None),
    ("USE memory.shop", None),
    ("CREATE TABLE items (id bigint NOT NULL, name varchar(5), price decimal(10,2))", None),
    ("INSERT INTO items VALUES (1, 'one', 1.5), (2, 'two', 2), (3, 'three', NULL)", [[3]]),
    ("UPDATE items SET price = price * 2, name = upper(name) WHERE id < 3", [[2]]),
    ("SELECT id, name, price FROM items ORDER BY id", [[1, "ONE", "3.00"], [2, "TWO", "4.00"], [3, "three", None]]),
    ("MERGE INTO items t USING (VALUES (1, 'x'), (3, 'gone'), (9, 'new')) s(k, n) ON t.id = s.k "
     "WHEN MATCHED AND s.n = 'gone' THEN DELETE WHEN MATCHED THEN UPDATE SET name = s.n "
     "WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.k, s.n)", [[3]]),
    ("SELECT id, name FROM items ORDER BY id", [[1, "x"], [2, "TWO"], [9, "new"]]),
    ("MERGE INTO items t USING (VALUES 1, 1) s(k) ON t.id = s.k WHEN MATCHED THEN DELETE", "MERGE_TARGET_ROW_MULTIPLE_MATCHES"),
    ("SELECT count(*) FROM items", [[3]]),
    ("INSERT INTO items (id, name) VALUES (4, 'too long')", "INVALID_CAST_ARGUMENT"),
    ("INSERT INTO items (id) VALUES (NULL)", "CONSTRAINT_VIOLATION"),
    ("INSERT INTO items (nosuch) VALUES (1)", "COLUMN_NOT_FOUND"),
    ("DELETE FROM items WHERE id IN (SELECT id FROM items WHERE name = 'TWO')", [[1]]),
    ("CREATE VIEW names AS SELECT name FROM items", None),
    ("USE tpch.tiny", None),
    ("SELECT * FROM memory.shop.names ORDER BY 1", [["new"], ["x"]]),
    ("EXECUTE IMMEDIATE 'SELECT name FROM nation ORDER BY nationkey LIMIT ?' USING 1", [["ALGERIA"]]),
    ("SELECT table_name, table_type FROM memory.information_schema.tables WHERE table_schema = 'shop' ORDER BY 1",
     [["items", "BASE TABLE"], ["names", "VIEW"]]),
    ("SELECT count(*) > 10 FROM system.runtime.queries", [[True]]),
    ("DROP SCHEMA memory.shop", "SCHEMA_NOT_EMPTY"),
]
OTHER = [
    ("SELECT count(*) FROM memory.information_schema.tables WHERE table_schema = 'shop'", [[0]]),
    ("SELECT * FROM memory.shop.items", "SCHEMA_NOT_FOUND"),
    ("SELECT count(*) FROM system.runtime.queries WHERE query LIKE '%items%' AND query NOT LIKE '%runtime%' AND state = 'FINISHED'", [[0]]),
    ("INSERT INTO memory.shop.items VALUES (1, 'x', 1)", "SCHEMA_NOT_FOUND"),
]


def check(session, statements):
    """The texts of what came out otherwise."""
    failed = []
    for sql, expected in statements:
        found = session.run(sql)
        error = found.get("error")
        got = error["errorName"] if error else found.get("rows")
        if got != (expected or []):
            failed.append(f"{sql[:100]}: {got} instead of {expected} {error['message'][:200] if error else ''}")
    return failed
