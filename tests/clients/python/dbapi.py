"""PyPI trino: the DB-API."""

import datetime
import decimal
import threading
import time
import uuid

import trino

from checks import ENDLESS, HOST, KEY, MILLION, PORT, check, equal


def connect(**more):
    return trino.dbapi.connect(host=HOST, port=PORT, user="tester", catalog="tpch", schema="tiny",
                               extra_credential=[("peakaKey", KEY)], **more)


def rows(statement, parameters=None, **more):
    cursor = connect(**more).cursor()
    cursor.execute(statement, parameters)
    return cursor.fetchall()


with check("connect"):
    equal(rows("SELECT 1"), [[1]])
    equal(rows("SELECT current_user"), [["tester"]])

with check("connect with the key as a bearer token"):
    equal(trino.dbapi.connect(host=HOST, port=PORT, user="tester", http_headers={"Authorization": f"Bearer {KEY}"})
          .cursor().execute("SELECT 1").fetchall(), [[1]])

with check("refused without a key"):
    try:
        trino.dbapi.connect(host=HOST, port=PORT, user="tester").cursor().execute("SELECT 1")
    except trino.exceptions.HttpError as error:
        assert "401" in str(error), error
    else:
        raise AssertionError("answered")

with check("metadata"):
    catalogs = [row[0] for row in rows("SHOW CATALOGS")]
    assert {"tpch", "memory", "system"} <= set(catalogs), catalogs
    assert ["tiny"] in rows("SHOW SCHEMAS FROM tpch")
    assert ["nation"] in rows("SHOW TABLES FROM tpch.tiny")
    equal(rows("SELECT column_name, data_type FROM tpch.information_schema.columns WHERE table_schema = 'tiny' "
               "AND table_name = 'nation' ORDER BY ordinal_position")[0], ["nationkey", "bigint"])

with check("description"):
    cursor = connect().cursor()
    cursor.execute("SELECT 1 AS a, CAST('x' AS varchar(7)) AS b, DECIMAL '1.50' AS c, TIMESTAMP '2020-01-01 00:00:00.123456' AS d")
    equal([(column[0], column[1]) for column in cursor.description],
          [("a", "integer"), ("b", "varchar(7)"), ("c", "decimal(3, 2)"), ("d", "timestamp(6)")])
    equal((cursor.description[2].precision, cursor.description[2].scale), (3, 2))

with check("all types"):
    got = rows("""SELECT true, TINYINT '-5', SMALLINT '7', 42, BIGINT '9007199254740993', REAL '1.5', 2.5e0, DECIMAL '12.50',
        'text', CAST('ab' AS char(4)), X'4142', JSON '{"a": 1}', DATE '2020-02-29', TIME '01:02:03.123',
        TIMESTAMP '2020-02-29 01:02:03.123456', TIMESTAMP '2020-02-29 01:02:03.123 Europe/Istanbul',
        UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59', ARRAY[1, NULL, 3], MAP(ARRAY['a'], ARRAY[1]), ROW(1, 'x'),
        nan(), infinity(), NULL, INTERVAL '1' DAY, INTERVAL '3' MONTH""")[0]
    equal(got[:14], [True, -5, 7, 42, 9007199254740993, 1.5, 2.5, decimal.Decimal("12.50"), "text", "ab  ", b"AB", '{"a":1}',
                     datetime.date(2020, 2, 29), datetime.time(1, 2, 3, 123000)])
    equal(got[14], datetime.datetime(2020, 2, 29, 1, 2, 3, 123456))
    equal((got[15].isoformat(), str(got[15].tzinfo)), ("2020-02-29T01:02:03.123000+03:00", "Europe/Istanbul"))
    equal(got[16:19], [uuid.UUID("12151fd2-7586-11e9-8f9e-2a86e4085a59"), [1, None, 3], {"a": 1}])
    equal(tuple(got[19]), (1, "x"))
    equal([str(got[20]), got[21], got[22]], ["nan", float("inf"), None])
    equal([str(value) for value in got[23:]], ["1 day, 0:00:00", "relativedelta(months=+3)"])

with check("parameters"):
    moment = datetime.datetime(2020, 1, 2, 3, 4, 5, 678000)
    equal(rows("SELECT ?, ?, ?, ?, ?, ?, ?", [7, "it's", 1.5, decimal.Decimal("1.50"), None, moment, datetime.date(2020, 1, 2)])[0],
          [7, "it's", 1.5, decimal.Decimal("1.50"), None, moment, datetime.date(2020, 1, 2)])
    equal(rows("SELECT name FROM nation WHERE nationkey = ? AND name LIKE ?", [3, "C%"]), [["CANADA"]])

with check("parameters by prepared statements"):
    equal(rows("SELECT ?", [7], legacy_prepared_statements=True), [[7]])

with check("error with its position"):
    try:
        rows("SELECT 1,\n  nosuch FROM nation")
        raise AssertionError("no error")
    except trino.exceptions.TrinoUserError as error:
        equal((error.error_name, error.error_code, error.error_location), ("COLUMN_NOT_FOUND", 47, (2, 3)))
        assert error.message.startswith("line 2:3: "), error.message

with check("error while rows are made"):
    try:
        rows("SELECT 1 / (n - 500000) FROM (SELECT a * 1000 + b AS n FROM UNNEST(sequence(0, 999)) t(a) "
             "CROSS JOIN UNNEST(sequence(0, 999)) u(b))")
        raise AssertionError("no error")
    except trino.exceptions.TrinoUserError as error:
        equal(error.error_name, "DIVISION_BY_ZERO")

with check("cancel"):
    cursor = connect().cursor()
    ended = []

    def run():
        try:
            cursor.execute(ENDLESS)
            cursor.fetchall()
        except trino.exceptions.TrinoUserError as error:
            ended.append(error.error_name)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while (cursor._query is None or cursor._query.query_id is None) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    cursor.cancel()
    thread.join(20)
    assert not thread.is_alive(), "it goes on"

with check("a million rows"):
    cursor = connect().cursor()
    cursor.execute(MILLION)
    total = count = 0
    while batch := cursor.fetchmany(10000):
        count += len(batch)
        total += sum(row[0] for row in batch)
    equal((count, total), (1000000, 499999500000))

for encoding in ("json", "json+zstd", "json+lz4"):
    with check(f"a million rows in segments of {encoding}"):
        got = rows(MILLION, encoding=encoding)
        equal((len(got), sum(row[0] for row in got)), (1000000, 499999500000))

with check("session properties and time zone"):
    equal(rows("SELECT current_timezone()", timezone="Europe/Istanbul"), [["Europe/Istanbul"]])
    cursor = connect(session_properties={"query_max_run_time": "1h"}).cursor()
    equal([row[1] for row in cursor.execute("SHOW SESSION LIKE 'query_max_run_time'").fetchall()], ["1h"])

with check("transaction"):
    with connect(isolation_level=trino.transaction.IsolationLevel.READ_COMMITTED) as connection:
        equal(connection.cursor().execute("SELECT count(*) FROM nation").fetchall(), [[25]])
