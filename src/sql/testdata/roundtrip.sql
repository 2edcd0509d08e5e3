SELECT max(x, 2), min(x, 2) FROM (VALUES 3, 1, null, 7) t(x)
---
SELECT bitwise_xor_agg(x) FROM (SELECT 1 AS x WHERE false) t
---
SELECT stddev(x), typeof(stddev(x)) FROM (VALUES BIGINT '1', 2, null, 2, -5) t(x)
---
SELECT approx_percentile(x, 0.5) FROM (VALUES 1, 2, 3) t(x)
---
SELECT arbitrary(x) FROM (VALUES X'01') t(x)
---
SELECT array_agg(x ORDER BY x) FROM (VALUES DECIMAL '12345678901234567890.5', null, DECIMAL '98765432109876543210.5') t(x)
---
SELECT corr(y, x) FROM (VALUES (1e0, 2e0)) t(y, x)
---
SELECT round(kurtosis(totalprice), 2) FROM tpch.tiny.orders
---
SELECT approx_distinct(x) FROM (SELECT 'q' AS x WHERE false) t
---
SELECT sum(x), typeof(sum(x)) FROM (VALUES REAL '1', REAL '2.5', null, REAL '-5') t(x)
---
SELECT covar_samp(y, x) FROM (VALUES (CAST(null AS double), 1e0)) t(y, x)
---
SELECT array_agg(x) FROM (SELECT 1 AS x WHERE false)
---
SELECT any_value(x) FROM (VALUES TIMESTAMP '2020-01-01 00:00:00 UTC') t(x)
---
SELECT approx_distinct(x) FROM (VALUES X'01', null, X'', X'01') t(x)
---
SELECT count(x) FROM (VALUES TINYINT '1', TINYINT '100', null, TINYINT '27') t(x)
---
SELECT count(x) FROM (VALUES JSON '1', null, JSON '{"a":1}') t(x)
---
SELECT approx_distinct(x) FROM (VALUES DATE '2020-01-01', null, DATE '2019-05-05') t(x)
---
SELECT avg(x), typeof(avg(x)) FROM (VALUES BIGINT '1', 2, null, 2, -5) t(x)
---
SELECT approx_distinct(x), approx_distinct(x, 0.1e0) FROM (VALUES 1, 2, 2, null) t(x)
---
SELECT geometric_mean(x) FROM (VALUES 1e0, nan(), 3e0) t(x)
---
SELECT count(x) FROM (VALUES MAP(ARRAY['a'], ARRAY[1]), null, MAP(ARRAY['b'], ARRAY[2])) t(x)
---
SELECT approx_distinct(x) FROM (VALUES 1, 2, null, 2, -5) t(x)
---
SELECT orderkey, linenumber, sum(quantity) OVER (PARTITION BY orderkey ORDER BY linenumber) FROM tpch.tiny.lineitem WHERE orderkey < 8 ORDER BY 1, 2
---
SELECT count(*), count(DISTINCT name), min(name), max(name), checksum(name) FROM tpch.tiny.part
---
SELECT d1, m1, rank() OVER (ORDER BY m1 DESC, d1) AS rk FROM (SELECT l.shipinstruct AS d1, l.shipmode AS d2, c.nationkey AS d3, min(c.name) AS m1, count_if(o.orderstatus = 'F') AS m2 FROM tpch.tiny.customer c JOIN tpch.tiny.orders o ON c.custkey = o.custkey JOIN tpch.tiny.lineitem l ON l.orderkey = o.orderkey WHERE l.quantity < 25 AND c.phone LIKE '1%' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3, 4, 5 LIMIT 5) t ORDER BY rk, d1, m1 LIMIT 20
---
SELECT l.returnflag AS d1, r.name AS d2, count(DISTINCT c.custkey) AS m1, count(DISTINCT r.name) AS m2 FROM tpch.tiny.customer c JOIN tpch.tiny.orders o ON c.custkey = o.custkey JOIN tpch.tiny.lineitem l ON l.orderkey = o.orderkey JOIN tpch.tiny.nation n ON n.nationkey = c.nationkey JOIN tpch.tiny.region r ON r.regionkey = n.regionkey GROUP BY 1, 2 ORDER BY 1, 2, 3, 4
---
SELECT count(*), count(DISTINCT returnflag), min(returnflag), max(returnflag), checksum(returnflag) FROM tpch.tiny.lineitem
---
SELECT count(*), count(DISTINCT retailprice), min(retailprice), max(retailprice), checksum(retailprice) FROM tpch.tiny.part
---
SELECT count(*), count(DISTINCT orderdate), min(orderdate), max(orderdate), checksum(orderdate) FROM tpch.tiny.orders
---
SELECT c.mktsegment AS d1, count_if(o.orderstatus = 'F') AS m1, round(sum(o.totalprice), 2) AS m2 FROM tpch.tiny.customer c JOIN tpch.tiny.orders o ON c.custkey = o.custkey WHERE o.totalprice > 150000 AND c.mktsegment IN ('BUILDING', 'MACHINERY') GROUP BY ROLLUP (c.mktsegment) HAVING count(*) > 5 ORDER BY 1, 2, 3 LIMIT 50
---
SELECT count(*), count(DISTINCT nationkey), min(nationkey), max(nationkey), checksum(nationkey) FROM tpch.tiny.customer
---
SELECT c.custkey, c.name, round(sum(l.extendedprice * (1 - l.discount)), 4) rev, c.acctbal, n.name FROM tpch.tiny.customer c JOIN tpch.tiny.orders o ON c.custkey = o.custkey JOIN tpch.tiny.lineitem l ON l.orderkey = o.orderkey JOIN tpch.tiny.nation n ON n.nationkey = c.nationkey WHERE o.orderdate >= DATE '1993-10-01' AND o.orderdate < DATE '1994-01-01' AND l.returnflag = 'R' GROUP BY 1, 2, 4, 5 ORDER BY rev DESC, 1 LIMIT 20
---
SELECT d1, m1, rank() OVER (ORDER BY m1 DESC, d1) AS rk FROM (SELECT o.orderdate >= DATE '1995-06-01' AS d1, sum(l.quantity) AS m1, sum(CASE WHEN l.returnflag = 'R' THEN 1 ELSE 0 END) AS m2, count(DISTINCT o.orderkey) AS m3 FROM tpch.tiny.orders o JOIN tpch.tiny.lineitem l ON o.orderkey = l.orderkey GROUP BY 1 HAVING count(*) > 5 ORDER BY 1, 2, 3, 4 LIMIT 25) t ORDER BY rk, d1, m1 LIMIT 20
---
SELECT shipmode, count_if(orderpriority IN ('1-URGENT', '2-HIGH')) hi, count_if(orderpriority NOT IN ('1-URGENT', '2-HIGH')) lo FROM tpch.tiny.orders o JOIN tpch.tiny.lineitem l ON o.orderkey = l.orderkey WHERE receiptdate >= DATE '1996-01-01' AND receiptdate < DATE '1997-01-01' AND commitdate < receiptdate AND shipdate < commitdate GROUP BY shipmode ORDER BY shipmode
---
SELECT date_trunc('year', o.orderdate) AS d1, sum(l.quantity) AS m1 FROM tpch.tiny.customer c JOIN tpch.tiny.orders o ON c.custkey = o.custkey JOIN tpch.tiny.lineitem l ON l.orderkey = o.orderkey JOIN tpch.tiny.nation n ON n.nationkey = c.nationkey JOIN tpch.tiny.region r ON r.regionkey = n.regionkey WHERE o.orderpriority NOT LIKE '1%' GROUP BY 1 ORDER BY 1, 2
---
SELECT shipmode, count_if(orderpriority IN ('1-URGENT', '2-HIGH')) hi, count_if(orderpriority NOT IN ('1-URGENT', '2-HIGH')) lo FROM tpch.tiny.orders o JOIN tpch.tiny.lineitem l ON o.orderkey = l.orderkey WHERE receiptdate >= DATE '1994-01-01' AND receiptdate < DATE '1995-01-01' AND commitdate < receiptdate AND shipdate < commitdate GROUP BY shipmode ORDER BY shipmode
---
SELECT count(*), count(DISTINCT mfgr), min(mfgr), max(mfgr), checksum(mfgr) FROM tpch.tiny.part
---
SELECT l.returnflag AS d1, count_if(o.orderstatus = 'F') AS m1 FROM tpch.tiny.customer c JOIN tpch.tiny.orders o ON c.custkey = o.custkey JOIN tpch.tiny.lineitem l ON l.orderkey = o.orderkey GROUP BY ROLLUP (l.returnflag) ORDER BY 1, 2 LIMIT 10
---
SELECT n.name, count(c.custkey) AS custs, count(o.orderkey) AS ords, round(coalesce(sum(o.totalprice), 0), 2) AS total FROM tpch.tiny.region r JOIN tpch.tiny.nation n ON n.regionkey = r.regionkey LEFT JOIN tpch.tiny.customer c ON c.nationkey = n.nationkey LEFT JOIN tpch.tiny.orders o ON o.custkey = c.custkey AND o.orderstatus = 'P' WHERE r.name = 'AMERICA' GROUP BY n.name ORDER BY n.name
---
SELECT l.shipinstruct AS d1, month(l.shipdate) AS d2, date_trunc('year', o.orderdate) AS d3, count_if(o.orderstatus = 'F') AS m1, round(avg(l.discount), 6) AS m2 FROM tpch.tiny.orders o JOIN tpch.tiny.lineitem l ON o.orderkey = l.orderkey WHERE l.quantity < 25 GROUP BY 1, 2, 3 HAVING count(*) > 50 ORDER BY 4 DESC, 1, 2, 3 LIMIT 10
---
SELECT o.orderdate >= DATE '1995-06-01' AS d1, max(c.acctbal) AS m1, count(DISTINCT o.orderkey) AS m2 FROM tpch.tiny.customer c JOIN tpch.tiny.orders o ON c.custkey = o.custkey JOIN tpch.tiny.lineitem l ON l.orderkey = o.orderkey GROUP BY 1 ORDER BY 2 DESC, 1
---
SELECT count(*), count(DISTINCT custkey), min(custkey), max(custkey), checksum(custkey) FROM tpch.tiny.customer
---
SELECT d1, m1, rank() OVER (ORDER BY m1 DESC, d1) AS rk FROM (SELECT c.nationkey AS d1, min(c.name) AS m1, round(sum(l.extendedprice) / sum(l.quantity), 6) AS m2, round(sum(o.totalprice), 2) AS m3 FROM tpch.tiny.customer c JOIN tpch.tiny.orders o ON c.custkey = o.custkey JOIN tpch.tiny.lineitem l ON l.orderkey = o.orderkey WHERE l.shipdate < l.commitdate AND o.totalprice > 150000 GROUP BY 1 ORDER BY 1, 2, 3, 4 LIMIT 50) t ORDER BY rk, d1, m1 LIMIT 20
---
SELECT count(*), count(DISTINCT name), min(name), max(name), checksum(name) FROM tpch.tiny.supplier
---
SELECT CAST(INTERVAL '1-2' YEAR TO MONTH AS varchar(3))
---
SELECT CAST('5.' AS double)
---
SELECT CAST(null AS array(bigint))
---
SELECT CAST(TIMESTAMP '2020-02-29 10:20:30.123 -08:30' AS timestamp(3))
---
SELECT CAST(DATE '2020-02-29' AS timestamp(12))
---
SELECT CAST(BIGINT '9223372036854775807' AS json)
---
SELECT CAST('é' AS char(3))
---
SELECT CAST('abc' AS varbinary)
---
SELECT CAST(TIMESTAMP '2020-02-29 10:20:30' AS json)
---
SELECT CAST(DATE '2020-02-29' AS varchar)
---
SELECT CAST(DOUBLE '123456789.123' AS varchar)
---
SELECT CAST(BIGINT '10000000000' AS varchar)
---
SELECT CAST('2020-03-29 02:30:00 Europe/Paris' AS timestamp(3) with time zone)
---
SELECT CAST(TIMESTAMP '2020-02-29 10:20:30.123456' AS timestamp(6) with time zone)
---
SELECT CAST(TIMESTAMP '2020-01-01 01:02:03.456' AS json), CAST(DATE '2020-01-01' AS json)
---
SELECT CAST('99999999999999999999999999999999999999' AS decimal(38,0))
---
SELECT CAST(TIMESTAMP '2020-01-01 00:00:00 Europe/Paris' AS varchar), CAST(INTERVAL '1' DAY AS varchar), CAST(INTERVAL '-14' MONTH AS varchar)
---
SELECT CAST(TIME '10:20:30.123+02:00' AS time(6))
---
SELECT CAST(DECIMAL '1234567890123456789012345678.0123456789' AS decimal(38,0))
---
SELECT CAST(' 2020-01-01 00:00:00 ' AS timestamp(3))
---
SELECT CAST(JSON '[[1,2],[3]]' AS array(array(bigint))), CAST(JSON '{"k":[1,{"z":true}]}' AS map(varchar, array(json)))
---
SELECT CAST('2020-01-01 00:00:00.1234567890126' AS timestamp(12))
---
SELECT TIMESTAMP '2020-10-25 02:30:00 Europe/Paris' + INTERVAL '-36' HOUR, TIMESTAMP '2020-10-25 02:30:00 Europe/Paris' - INTERVAL '-36' HOUR
---
SELECT extract(SECOND FROM TIMESTAMP '1969-12-31 00:00:00.001')
---
SELECT TIMESTAMP '2020-07-01 12:00:00' = TIMESTAMP '2020-07-01 12:00:00 UTC', to_unixtime(TIMESTAMP '2020-01-01 00:00:00'), date_diff('hour', TIMESTAMP '2020-03-28 12:00:00', TIMESTAMP '2020-03-29 12:00:00')
---
SELECT DATE '2020-06-01' < TIMESTAMP '2020-06-01 01:00:00 UTC', CAST(DATE '2020-06-01' AS timestamp with time zone), CAST(DATE '2020-03-29' AS timestamp with time zone) + INTERVAL '3' HOUR
---
SELECT format_datetime(TIMESTAMP '2021-01-03 15:04:05.678 America/New_York', 's'), format_datetime(TIMESTAMP '2020-12-28 00:09:00', 's')
---
SELECT extract(DAY FROM TIMESTAMP '2020-10-25 02:30:00 Europe/Paris')
---
SELECT date_trunc('millisecond', TIME '23:15:10.987')
---
SELECT date_diff('week', TIMESTAMP '2020-03-08 00:00:00 America/New_York', TIMESTAMP '2020-03-09 00:00:00 America/New_York')
---
SELECT date_trunc('hour', TIMESTAMP '2020-10-25 02:30:00 Europe/Paris')
---
SELECT CAST(TIMESTAMP '2020-07-01 12:00:00' AS timestamp with time zone), CAST(TIMESTAMP '2020-07-01 12:00:00 UTC' AS timestamp), CAST(TIMESTAMP '2020-07-01 22:00:00 UTC' AT TIME ZONE 'UTC' AS date)
---
SELECT with_timezone(TIMESTAMP '2020-03-08 02:30:00', 'America/Los_Angeles'), with_timezone(TIMESTAMP '2020-11-01 01:30:00.123', 'America/Los_Angeles')
---
SELECT parse_datetime('2020-06-01 10:00', 'yyyy-MM-dd HH:mm'), date_parse('2020-06-01', '%Y-%m-%d'), format_datetime(TIMESTAMP '2020-06-01 10:00:00 UTC', 'yyyy-MM-dd HH:mm ZZ'), date_format(TIMESTAMP '2020-06-01 10:00:00 UTC', '%H:%i')
---
SELECT format_datetime(TIMESTAMP '2021-01-03 15:04:05.678 America/New_York', 'MMMM'), format_datetime(TIMESTAMP '2020-12-28 00:09:00', 'MMMM')
---
SELECT DATE '2020-06-01' < TIMESTAMP '2020-06-01 01:00:00 UTC', CAST(DATE '2020-06-01' AS timestamp with time zone), CAST(DATE '2020-03-29' AS timestamp with time zone) + INTERVAL '3' HOUR
---
SELECT date_add('year', 13, TIMESTAMP '2020-10-25 02:30:00 Europe/Paris')
---
SELECT extract(DAY_OF_WEEK FROM DATE '2019-12-30')
---
SELECT parse_datetime('2020-06-01 10:00', 'yyyy-MM-dd HH:mm'), date_parse('2020-06-01', '%Y-%m-%d'), format_datetime(TIMESTAMP '2020-06-01 10:00:00 UTC', 'yyyy-MM-dd HH:mm ZZ'), date_format(TIMESTAMP '2020-06-01 10:00:00 UTC', '%H:%i')
---
SELECT TIMESTAMP '2020-03-29 00:59:59.999 UTC' AT TIME ZONE 'Pacific/Apia'
---
SELECT TIMESTAMP '2020-11-01 06:30:00 UTC' AT TIME ZONE 'America/Sao_Paulo'
---
SELECT date_trunc('minute', TIMESTAMP '2020-03-08 01:30:00.500 America/New_York')
---
SELECT date_format(TIMESTAMP '2021-01-03 15:04:05.678', '%l'), date_format(TIMESTAMP '2020-12-28 00:09:00', '%l')
---
SELECT date_add('day', 1, DATE '2019-12-30')
---
WITH t AS (SELECT 1  x) SELECT CASE WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
SELECT DISTINCT MAP() FROM tpch.tiny.nation
---
SELECT 2147483647 + nationkey + CAST(2147483647 AS integer) FROM tpch.tiny.nation WHERE nationkey = 1
---
SELECT name regionkey FROM tpch.tiny.nation WHERE nationkey > 3 AND name LIKE 'A%' GROUP BY name, regionkey HAVING count(*) > 0 ORDER BY name DESC LIMIT 5
---
SELECT name, regionkey FROM tpch.tiny.nation WHERE nationkey > 3 AND name LIKE 'A%' GROUP BY name, regionkey HAVING count() > 0 ORDER BY name DESC LIMIT 5
---
SELECT "NAME", "Name", "nAmE" FROM tpch.tiny.nation WHERE nationkey = 0
---
SELECT name, regionkey FROM tpch.tiny.nation WHERE nationkey > 3 AND name LIKE 'A%' GROUP BY name, regionkey HAVING count(*) > 0 ORDER BY name  LIMIT 5
---
SELECT slice(ARRAY[1, 2], 1, 0)
---
SELECT TRY(sequence(1, 20000))
---
SELECT count(*) FROM (VALUES (1, 10, 3), (10, 1, -4), (0, BIGINT '9223372036854775807', BIGINT '4611686018427387904'), (null, null, null)) AS t(a, b, c) WHERE sequence(a, b, c) IS NOT NULL
---
SELECT array_union(null, ARRAY[2, 3])
---
SELECT arrays_overlap(null, ARRAY[2, 3])
---
SELECT sequence(a, b, c) AS k, count(*) AS n FROM (VALUES (DATE '2020-01-31', DATE '2020-06-30', INTERVAL '1' MONTH), (DATE '2020-02-29', DATE '2024-02-29', INTERVAL '1' YEAR), (DATE '2020-01-31', DATE '2020-06-30', INTERVAL '1' MONTH), (DATE '2020-02-29', DATE '2024-02-29', INTERVAL '1' YEAR)) AS t(a, b, c) GROUP BY sequence(a, b, c) ORDER BY 1
---
SELECT cardinality(ARRAY[1, 2])
---
SELECT sequence(1, 10, null)
---
SELECT i, filter(a, x -> x > 1) AS r FROM (VALUES (1, ARRAY[1, 2, 3, null]), (2, null)) AS t(i, a) ORDER BY i
---
SELECT i, sequence(a, b, c) AS r FROM (VALUES (1, TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-01 03:00:00', INTERVAL '1' HOUR), (2, TIMESTAMP '2020-01-01 00:00:00.123456', TIMESTAMP '2020-01-01 00:00:02', INTERVAL '1' SECOND), (3, null, null, null)) AS t(i, a, b, c) ORDER BY i
---
SELECT i, TRY(element_at(a, b)) AS r FROM (VALUES (1, ARRAY[1, 2, 3], 2), (2, ARRAY[1], 0)) AS t(i, a, b) ORDER BY i
---
SELECT array_distinct(ARRAY[nan(), nan(), 1e0])
---
SELECT array_first(CAST(ARRAY[] AS array(integer)))
---
SELECT array_sort(ARRAY[3, 1, 2])
---
SELECT i, element_at(a, b) AS r FROM (VALUES (1, MAP(ARRAY['a', 'b'], ARRAY[1, 2]), 'b'), (2, MAP(ARRAY['a'], ARRAY[1]), 'z'), (3, MAP(ARRAY['a'], ARRAY[CAST(null AS integer)]), 'a'), (4, null, null)) AS t(i, a, b) ORDER BY i
---
SELECT sequence(TIMESTAMP '2020-01-01 00:00:00', null, INTERVAL '1' HOUR)
---
SELECT sequence(null, TIMESTAMP '2020-05-31 10:00:00', INTERVAL '1' MONTH)
---
SELECT array_distinct(ARRAY[ROW(1, 'a'), ROW(1, 'a')])
---
SELECT array_union(ARRAY[1, null], ARRAY[null, 2])
---
SELECT sequence(DATE '2020-02-27', null)
---
SELECT transform(ARRAY[1], x -> null)
---
SELECT element_at(null, 'b')
---
SELECT sha1(X'')
---
SELECT sha256(X'616263')
---
SELECT i, sha256(a) AS r FROM (VALUES (1, X''), (2, X'616263'), (3, null)) AS t(i, a) ORDER BY i
---
SELECT from_base64(a) AS k, count(*) AS n FROM (VALUES ('YWJj'), (''), ('YQ=='), ('YQ'), ('YWJj'), (''), ('YQ=='), ('YQ')) AS t(a) GROUP BY from_base64(a) ORDER BY 1
---
SELECT transform(ARRAY[X'', X'616263', X'FFFE', X'61'], x -> to_base64(x))
---
SELECT md5(X'')
---
SELECT from_hex(null)
---
SELECT transform(ARRAY['YWJj', '', 'YQ==', 'YQ'], x -> from_base64(x))
---
SELECT sha1(X'616263')
---
SELECT from_base64(to_utf8('YWJj'))
---
SELECT md5(to_utf8('é'))
---
SELECT i, to_hex(a) AS r FROM (VALUES (1, X''), (2, X'616263'), (3, X'0aFf'), (4, null)) AS t(i, a) ORDER BY i
---
SELECT TRY(from_hex('6'))
---
SELECT from_hex('616263')
---
SELECT i, from_base64(a) AS r FROM (VALUES (1, 'YWJj'), (2, ''), (3, 'YQ=='), (4, 'YQ'), (5, null)) AS t(i, a) ORDER BY i
---
SELECT from_hex('')
---
SELECT i, from_hex(a) AS r FROM (VALUES (1, to_utf8('616263')), (2, X''), (3, null)) AS t(i, a) ORDER BY i
---
SELECT to_hex(null)
---
SELECT to_hex(X'0aFf')
---
SELECT from_base64(null)
---
SELECT transform(ARRAY[X'', X'616263', to_utf8('é')], x -> md5(x))
---
SELECT sha256(null)
---
SELECT from_unixtime(0e0, null, 30)
---
SELECT minute(TIMESTAMP '2020-02-29 13:14:15')
---
SELECT dow(TIMESTAMP '1969-12-31 23:59:59.999')
---
SELECT year(TIMESTAMP '2021-01-03 00:00:00.123456')
---
SELECT i, date_parse(a, b) AS r FROM (VALUES (1, '2020-01-31 10:20:30', '%Y-%m-%d %H:%i:%s'), (2, '01/02/2020', '%d/%m/%Y'), (3, '2020-01-31', '%Y-%m-%d'), (4, 'Jan 5 2020', '%b %e %Y'), (5, '10:20 PM', '%h:%i %p'), (6, '2020', '%Y'), (7, '20-01-01', '%y-%m-%d'), (8, '2020-060', '%Y-%j'), (9, '2020-01-01 00:00:00.123456', '%Y-%m-%d %H:%i:%s.%f'), (10, null, null)) AS t(i, a, b) ORDER BY i
---
SELECT week_of_year(TIMESTAMP '1969-12-31 23:59:59.999 UTC')
---
SELECT hour(TIMESTAMP '1969-12-31 23:59:59.999 UTC')
---
SELECT year(TIMESTAMP '1969-12-31 23:59:59.999')
---
SELECT yow(TIMESTAMP '2020-03-29 03:30:00.5 Europe/Berlin')
---
SELECT yow(TIMESTAMP '2020-02-29 13:14:15')
---
SELECT timezone_hour(TIMESTAMP '2020-07-01 00:00:00 Europe/Paris')
---
SELECT i, from_unixtime(a, b, c) AS r FROM (VALUES (1, 0e0, 5, 30), (2, 1580000000e0, -8, 0), (3, 0e0, 1, 60), (4, null, null, null)) AS t(i, a, b, c) ORDER BY i
---
SELECT transform(ARRAY['2020-02-29', '2020-W10', '2020-W10-3', '2020-060', '2020', '2020-02'], x -> from_iso8601_date(x))
---
SELECT second(TIMESTAMP '2021-01-03 00:00:00.123456')
---
SELECT TRY(from_unixtime(1e18))
---
SELECT day_of_week(TIMESTAMP '2018-12-31 01:02:03.123456789')
---
SELECT date_trunc('minute', TIMESTAMP '2021-01-03 00:00:00.123456')
---
SELECT date_diff('month', DATE '2020-01-31', null)
---
SELECT day(INTERVAL '90' MINUTE)
---
SELECT year(TIMESTAMP '2020-02-29 13:14:15 Europe/Paris')
---
SELECT year(TIMESTAMP '2020-03-29 03:30:00.5 Europe/Berlin')
---
SELECT second(INTERVAL '90' MINUTE)
---
SELECT transform(ARRAY[(JSON '[1, 2, 3]', 2), (JSON '[1, 2, 3]', 4), (JSON '{}', 1), (JSON '[]', 1)], r -> json_array_contains(r[1], r[2]))
---
SELECT i, is_json_scalar(a) AS r FROM (VALUES (1, '1'), (2, '[1]'), (3, 'null'), (4, 'true'), (5, null)) AS t(i, a) ORDER BY i
---
SELECT json_extract_scalar('{"a": "é\u0041"}', '$.a')
---
SELECT json_size(JSON '{"a": 1}', '$.a')
---
SELECT json_array_contains(JSON '[1]', 1e0)
---
SELECT json_array_get('[1, "a", [2]]', null)
---
SELECT json_array_get(JSON '[1, 2]', -1)
---
SELECT count(*) FROM (VALUES ('1'), ('[1]'), ('null'), ('true'), (null)) AS t(a) WHERE is_json_scalar(a) IS NOT NULL
---
SELECT json_array_contains('[true, false]', false)
---
SELECT json_extract(JSON '{"a": {"b": [1, 2]}}', null)
---
SELECT json_format(a) AS k, count(*) AS n FROM (VALUES (JSON '{"b": 1, "a": 2}'), (JSON '[1, "x", null, true, 1.50]'), (JSON '"é"'), (JSON 'null'), (JSON '1e2'), (JSON '{"a":{"b":[]}}'), (JSON '{"b": 1, "a": 2}'), (JSON '[1, "x", null, true, 1.50]'), (JSON '"é"'), (JSON 'null'), (JSON '1e2'), (JSON '{"a":{"b":[]}}')) AS t(a) GROUP BY json_format(a) ORDER BY 1
---
SELECT count(*) FROM (VALUES ('{"a": {"b": [1, 2]}}', '$.a.b'), ('{"a": 1}', '$.a'), ('not json', '$.a'), ('{"a": "x"}', '$.a'), ('[1,2,3]', '$[0]'), ('', '$'), (null, null)) AS t(a, b) WHERE json_extract(a, b) IS NOT NULL
---
SELECT json_array_length('[1, 2, 3]')
---
SELECT json_array_contains('[1.5]', 1.5e0)
---
SELECT json_format(JSON '"é"')
---
SELECT is_json_scalar(a) AS k, count(*) AS n FROM (VALUES (JSON '1'), (JSON '[1]'), (JSON 'null'), (JSON '"a"'), (JSON '{}'), (JSON '1'), (JSON '[1]'), (JSON 'null'), (JSON '"a"'), (JSON '{}')) AS t(a) GROUP BY is_json_scalar(a) ORDER BY 1
---
SELECT i, json_extract_scalar(a, b) AS r FROM (VALUES (1, JSON '{"a": {"b": [1, 2]}}', '$.a.b[1]'), (2, JSON '{"a": [1]}', '$.a'), (3, JSON '{"a": true}', '$.a'), (4, JSON '{"a": null}', '$.a'), (5, JSON '{"a": 1.50}', '$.a'), (6, null, null)) AS t(i, a, b) ORDER BY i
---
SELECT json_extract(JSON '[1,2]', '$[5]')
---
SELECT json_array_contains(a, b) AS k, count(*) AS n FROM (VALUES (JSON '[1, 2, 3]', 2), (JSON '[1, 2, 3]', 4), (JSON '{}', 1), (JSON '[]', 1), (JSON '[1, 2, 3]', 2), (JSON '[1, 2, 3]', 4), (JSON '{}', 1), (JSON '[]', 1)) AS t(a, b) GROUP BY json_array_contains(a, b) ORDER BY 1
---
SELECT json_size(JSON '{"a": [1, 2, 3]}', null)
---
SELECT json_extract_scalar('{"a": "x"}', null)
---
SELECT json_format(JSON '1e2')
---
SELECT map_values(MAP(ARRAY['a', 'b'], ARRAY[1, null]))
---
SELECT map_from_entries(ARRAY[('a', null)])
---
SELECT map(ARRAY[1], ARRAY[null])
---
SELECT i, map_concat(a, b) AS r FROM (VALUES (1, MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2])), (2, MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a'], ARRAY[9])), (3, MAP(ARRAY['a'], ARRAY[1]), MAP()), (4, null, null)) AS t(i, a, b) ORDER BY i
---
SELECT map_values(null)
---
SELECT i, map_values(a) AS r FROM (VALUES (1, MAP(ARRAY['a', 'b'], ARRAY[1, null])), (2, MAP()), (3, null)) AS t(i, a) ORDER BY i
---
SELECT map_entries(MAP(ARRAY['a', 'b'], ARRAY[1, null]))
---
SELECT map(null, ARRAY[1, 2])
---
SELECT map_keys(MAP(ARRAY[1e0], ARRAY['x']))
---
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a'], ARRAY[9]))
---
SELECT TRY(map(ARRAY['a', 'a'], ARRAY[1, 2]))
---
SELECT map_from_entries(ARRAY[('a', 1), ('b', 2)])
---
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2]), MAP(ARRAY['a'], ARRAY[3]))
---
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP())
---
SELECT i, TRY(map_from_entries(a)) AS r FROM (VALUES (1, ARRAY[('a', 1), ('b', 2)]), (2, ARRAY[('a', 1), ('a', 2)]), (3, ARRAY[(CAST(null AS varchar), 1)]), (4, ARRAY[null, ROW('a', 1)])) AS t(i, a) ORDER BY i
---
SELECT i, map_from_entries(a) AS r FROM (VALUES (1, ARRAY[('a', 1), ('b', 2)]), (2, ARRAY[('a', null)]), (3, null)) AS t(i, a) ORDER BY i
---
SELECT map_entries(null)
---
SELECT map_values(a) AS k, count(*) AS n FROM (VALUES (MAP(ARRAY['a', 'b'], ARRAY[1, null])), (MAP()), (MAP(ARRAY['a', 'b'], ARRAY[1, null])), (MAP())) AS t(a) GROUP BY map_values(a) ORDER BY 1
---
SELECT i, abs(a) AS r FROM (VALUES (1, TINYINT '5'), (2, TINYINT '-7'), (3, TINYINT '0'), (4, TINYINT '127'), (5, null)) AS t(i, a) ORDER BY i
---
SELECT bitwise_and(null, 25)
---
SELECT floor(DOUBLE '5.5')
---
SELECT round(DECIMAL '12345678901234567890.123456789', 1)
---
SELECT ceiling(SMALLINT '32767')
---
SELECT is_infinite(nan())
---
SELECT power(-8e0, 1e0/3)
---
SELECT count(*) FROM (VALUES (BIGINT '5', -1), (BIGINT '-7', 1), (BIGINT '0', 0), (BIGINT '9223372036854775807', -2), (BIGINT '5', -1), (BIGINT '-7', 1), (null, null)) AS t(a, b) WHERE round(a, b) IS NOT NULL
---
SELECT i, truncate(a) AS r FROM (VALUES (1, SMALLINT '5'), (2, null)) AS t(i, a) ORDER BY i
---
SELECT ceil(TINYINT '-128')
---
SELECT ceil(DOUBLE 'Infinity')
---
SELECT i, sinh(a) AS r FROM (VALUES (1, 0e0), (2, 1e0), (3, -1000e0), (4, null)) AS t(i, a) ORDER BY i
---
SELECT is_finite(CAST(nan() AS real))
---
SELECT truncate(DOUBLE '0.5')
---
SELECT i, from_base(a, b) AS r FROM (VALUES (1, '101', 2), (2, 'ff', 16), (3, 'ZZ', 36), (4, '-7f', 16), (5, null, null)) AS t(i, a, b) ORDER BY i
---
SELECT i, is_finite(a) AS r FROM (VALUES (1, REAL '1'), (2, CAST(infinity() AS real)), (3, CAST(nan() AS real)), (4, null)) AS t(i, a) ORDER BY i
---
SELECT is_finite(-infinity())
---
SELECT ceiling(a) AS k, count(*) AS n FROM (VALUES (DOUBLE '5.5'), (DOUBLE '-7.25'), (DOUBLE '-0.0'), (DOUBLE '1e300'), (DOUBLE 'NaN'), (DOUBLE 'Infinity'), (DOUBLE '0.5'), (DOUBLE '-2.5'), (DOUBLE '5.5'), (DOUBLE '-7.25'), (DOUBLE '-0.0'), (DOUBLE '1e300'), (DOUBLE 'NaN'), (DOUBLE 'Infinity'), (DOUBLE '0.5'), (DOUBLE '-2.5')) AS t(a) GROUP BY ceiling(a) ORDER BY 1
---
SELECT asin(null)
---
SELECT width_bucket(9e0, ARRAY[1e0, 3e0])
---
SELECT atan(infinity())
---
SELECT round(DECIMAL '12345678901234567890.123456789')
---
SELECT greatest(true, false)
---
SELECT typeof(1 / 2e0)
---
SELECT greatest(a, b, c) AS k, count(*) AS n FROM (VALUES (1, 3, 2), (1, 3, 2)) AS t(a, b, c) GROUP BY greatest(a, b, c) ORDER BY 1
---
SELECT least(1, 2.5)
---
SELECT typeof(INTERVAL '1' YEAR)
---
SELECT typeof(1 + 1.5)
---
SELECT greatest(5)
---
SELECT least(1, 3, null)
---
SELECT a FROM (VALUES (DATE '2020-01-01', DATE '2021-01-01'), (TIMESTAMP '2020-01-01 00:00:00', DATE '2021-01-01')) AS t(a, b) ORDER BY greatest(a, b) NULLS FIRST, 1
---
SELECT greatest(ARRAY[1, 2], ARRAY[1, 3])
---
SELECT typeof(UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59')
---
SELECT i, greatest(a, b) AS r FROM (VALUES (1, DATE '2020-01-01', DATE '2021-01-01'), (2, TIMESTAMP '2020-01-01 00:00:00', DATE '2021-01-01'), (3, null, null)) AS t(i, a, b) ORDER BY i
---
SELECT greatest(1, 3, null)
---
SELECT least(1, null, 2)
---
SELECT typeof(CAST('a' AS char(3)))
---
SELECT greatest(null, 3, 2)
---
SELECT typeof(null)
---
SELECT least('a', null, 'b')
---
SELECT greatest('', 'a')
---
SELECT least(a, b, c) AS k, count(*) AS n FROM (VALUES (1, 3, 2), (1, 3, 2)) AS t(a, b, c) GROUP BY least(a, b, c) ORDER BY 1
---
SELECT least(1e0, nan())
---
SELECT typeof(ROW(1, 'a'))
---
SELECT transform(ARRAY[('a1b22c333', '\d+'), ('abc', 'x'), ('', ''), ('aaa', 'a'), ('abc', '')], r -> regexp_extract_all(r[1], r[2]))
---
SELECT regexp_split('a1b22c333', null)
---
SELECT regexp_extract('a1b22', '([a-z])(\d+)', 0)
---
SELECT regexp_extract_all(null, '\d+')
---
SELECT regexp_replace('a1b22', null, '#')
---
SELECT regexp_extract(a, b) AS k, count(*) AS n FROM (VALUES ('a1b22c333', '\d+'), ('abc', 'x'), ('', ''), ('abc', '(b)(c)'), ('ABC', '(?i)b'), ('a1b22c333', '\d+'), ('abc', 'x'), ('', ''), ('abc', '(b)(c)'), ('ABC', '(?i)b')) AS t(a, b) GROUP BY regexp_extract(a, b) ORDER BY 1
---
SELECT regexp_position('a1b22c333', '\d+', null, 3)
---
SELECT transform(ARRAY[('a1b22', '\d+'), ('abc', 'x'), ('', ''), ('aaa', 'a')], r -> regexp_replace(r[1], r[2]))
---
SELECT regexp_split('1a', '\d')
---
SELECT regexp_position('a1b22c333', '\d+', 20)
---
SELECT regexp_extract_all(null, '([a-z])(\d+)', 1)
---
SELECT regexp_position(null, '\d+', 3)
---
SELECT regexp_split('', ',')
---
SELECT regexp_position(null, '\d+', 1, 3)
---
SELECT regexp_extract('a1b22', '([a-z])(\d+)', null)
---
SELECT TRY(regexp_extract_all('a1b22', '([a-z])(\d+)', 5))
---
SELECT regexp_like('a' || chr(10) || 'b', 'a.b')
---
SELECT regexp_replace('a1b22', null)
---
SELECT regexp_replace('', '')
---
SELECT regexp_position('a1b22c333', '\d+', null)
---
SELECT regexp_position('a1b22c333', '\d+', 1, 3)
---
SELECT regexp_split('a,b,,c', ',')
---
SELECT cardinality(merge(s)) FROM (SELECT regionkey, approx_set(nationkey) s FROM tpch.tiny.nation GROUP BY regionkey)
---
SELECT cardinality(merge_set_digest(s)) FROM (SELECT regionkey, make_set_digest(nationkey) s FROM tpch.tiny.nation GROUP BY regionkey)
---
SELECT cardinality(make_set_digest(nationkey)), cardinality(make_set_digest(regionkey)) FROM tpch.tiny.nation
---
SELECT translate(null, 'abc', 'xyz')
---
SELECT i, lpad(a, b, c) AS r FROM (VALUES (1, 'abc', 6, 'xy'), (2, 'abc', 2, 'x'), (3, 'abc', 0, 'x'), (4, 'é', 3, 'ñ'), (5, 'abc', 3, 'x'), (6, '', 2, 'ab'), (7, null, null, null)) AS t(i, a, b, c) ORDER BY i
---
SELECT count(*) FROM (VALUES ('xxabxx', 'x'), ('abcxyx', 'xy'), ('abé', 'é'), ('abc', ''), ('aaa', 'a'), (null, null)) AS t(a, b) WHERE rtrim(a, b) IS NOT NULL
---
SELECT TRY(lpad('abc', 5, ''))
---
SELECT length(CAST('' AS char(3)))
---
SELECT i, substring(a, b, c) AS r FROM (VALUES (1, CAST('abc' AS char(5)), 2, 3), (2, CAST('abc' AS char(5)), -4, 3), (3, null, null, null)) AS t(i, a, b, c) ORDER BY i
---
SELECT strpos('banana', 'x')
---
SELECT ltrim(CAST('xxab' AS char(6)), 'x')
---
SELECT rpad('é', 3, 'ñ')
---
SELECT transform(ARRAY['  ab ', '', '   ', U&'\0009ab\000A', 'a b'], x -> trim(x))
---
SELECT substring(a, b) AS k, count(*) AS n FROM (VALUES ('banana', 2), ('banana', -3), ('banana', 0), ('banana', 2), ('banana', -3), ('banana', 0)) AS t(a, b) GROUP BY substring(a, b) ORDER BY 1
---
SELECT ltrim(CAST('xxab' AS char(6)), null)
---
SELECT i, replace(a, b) AS r FROM (VALUES (1, 'banana', 'an'), (2, 'banana', ''), (3, 'aaa', 'a'), (4, '', 'x'), (5, null, null)) AS t(i, a, b) ORDER BY i
---
SELECT concat_ws(',', 'a', 'b')
---
SELECT levenshtein_distance('kitten', null)
---
SELECT ends_with('a', 'aa')
---
SELECT levenshtein_distance(a, b) AS k, count(*) AS n FROM (VALUES ('kitten', 'sitting'), ('', 'abc'), ('abc', ''), ('same', 'same'), ('é', 'e'), (U&'\+01F600a', 'a'), ('kitten', 'sitting'), ('', 'abc'), ('abc', ''), ('same', 'same'), ('é', 'e'), (U&'\+01F600a', 'a')) AS t(a, b) GROUP BY levenshtein_distance(a, b) ORDER BY 1
---
SELECT upper(CAST('ab' AS char(4)))
---
SELECT length(CAST('ab' AS char(5)))
---
SELECT ltrim('éab', 'é')
---
SELECT length(X'')
---
SELECT rtrim('  ab ')
---
SELECT ACOS(0e0) AS "R x"
---
SELECT SPLIT('a,b,c', ',') AS "R x"
---
SELECT MAP_CONCAT(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2])) AS "R x"
---
SELECT ASIN(0e0) AS "R x"
---
SELECT CODEPOINT('A') AS "R x"
---
SELECT PARSE_DATETIME('2020-01-31 10:20', 'yyyy-MM-dd HH:mm') AS "R x"
---
SELECT FROM_BASE64('YWJj') AS "R x"
---
SELECT YEAR_OF_WEEK(DATE '2020-02-29') AS "R x"
---
SELECT FILTER(ARRAY[1, 2, 3, null], x -> x > 1) AS "R x"
---
SELECT reverse(ARRAY[DATE '2020-01-01'])
---
SELECT LOG2(8e0) AS "R x"
---
SELECT ATAN(0e0) AS "R x"
---
SELECT PI() AS "R x"
---
SELECT HAMMING_DISTANCE('abc', 'abd') AS "R x"
---
SELECT TO_MILLISECONDS(INTERVAL '1' DAY) AS "R x"
---
SELECT MAP_KEYS(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) AS "R x"
---
SELECT ARRAY_LAST(ARRAY[3, 1, 2]) AS "R x"
---
SELECT MAP_FROM_ENTRIES(ARRAY[('a', 1), ('b', 2)]) AS "R x"
---
SELECT WEEK_OF_YEAR(DATE '2020-02-29') AS "R x"
---
SELECT RPAD('abc', 6, 'xy') AS "R x"
---
SELECT ARRAY_SORT(ARRAY[3, 1, 2]) AS "R x"
---
SELECT ALL_MATCH(ARRAY[1, 2], x -> x > 0) AS "R x"
---
SELECT g, h, count(*) AS c, grouping(g, h) AS gr FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY CUBE (g, h), GROUPING SETS ((g), ()) ORDER BY 1,2,3,4
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY GROUPING SETS (g, h, ()) ORDER BY 1,2
---
SELECT g, h, sum(v) AS s FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g, h, () ORDER BY 1,2,3
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY ROLLUP (g, h) ORDER BY 1,2
---
SELECT upper(g), sum(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g ORDER BY 1
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY ROLLUP (g), CUBE (h) ORDER BY 1,2
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY ROLLUP ((g, h)) ORDER BY 1,2
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY ALL ROLLUP (g, h) ORDER BY 1,2
---
SELECT g, h, sum(v) AS s FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY GROUPING SETS (g, h, ()) ORDER BY 1,2,3
---
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g ORDER BY sum(v)
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY GROUPING SETS ((g, h), ()) ORDER BY 1,2
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g, ROLLUP (h) ORDER BY 1,2
---
SELECT regionkey, count(*) FROM tpch.tiny.nation GROUP BY GROUPING SETS ((regionkey), ()) ORDER BY 1
---
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g, h ORDER BY h, g
---
SELECT DISTINCT g, h IS NULL FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) ORDER BY 1, 2
---
SELECT m, count(*) FROM (VALUES MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a'], ARRAY[1])) t(m) GROUP BY m
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY GROUPING SETS ((g, h), (g), ()) ORDER BY 1,2
---
SELECT g, h, sum(v) AS s FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g, ROLLUP (h) ORDER BY 1,2,3
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY CUBE (g, h) ORDER BY 1,2
---
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY GROUPING SETS ((g), (g)) ORDER BY 1,2
---
SELECT g, h, sum(v) AS s FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g, CUBE (h) ORDER BY 1,2,3
---
SELECT g, sum(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY 1 ORDER BY 1
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL OUTER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON null ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k IN (SELECT 2) AND b.k = a.k ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) INNER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k ORDER BY 1, 2, 3, 4
---
SELECT count(*) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) RIGHT JOIN UNNEST(ARRAY[1, 2]) AS u(n) ON true
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k + 1 = b.k ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) RIGHT JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON null ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) INNER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k AND y > 10 ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) LEFT JOIN LATERAL (SELECT k + 1 AS z) l ON true ORDER BY 1, 2
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON false ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) INNER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k IS NOT DISTINCT FROM b.k ORDER BY 1, 2, 3, 4
---
SELECT a.k, b.k, x, y FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) RIGHT JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k WHERE coalesce(y, 99) > 10 ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) LEFT OUTER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k AND y > 10 ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k OR y = 0 ORDER BY 1, 2, 3, 4
---
SELECT 1 FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) JOIN (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) ON true
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) LEFT JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k AND a.x LIKE 'b%' ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) RIGHT JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k + 1 = b.k ORDER BY 1, 2, 3, 4
---
SELECT a.k, b.k, x, y FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL OUTER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k WHERE coalesce(y, 99) > 10 ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) JOIN LATERAL (SELECT k + 1 AS z) l ON true ORDER BY 1, 2
---
SELECT x, typeof(x) FROM (VALUES 1) a(x) FULL JOIN (VALUES 2.5) b(x) USING (x) ORDER BY 1
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) INNER JOIN LATERAL (SELECT k + 1 AS z) l ON true ORDER BY 1, 2
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON null ORDER BY 1, 2, 3, 4
---
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON true
---
SELECT json_format(CAST(MAP(ARRAY['x', 'y'], ARRAY[ARRAY[1], ARRAY[]]) AS json)), json_format(CAST(ROW(1, true, null) AS json)), json_format(JSON '1.10'), json_format(JSON '1E5'), json_format(JSON '"\u00e9\n"')
---
SELECT json_array_get('["a", [3, 9], "c"]', 1), json_size('{"x": {"a": 1, "b": 2}}', '$.x'), json_array_length('[1,2]')
---
SELECT json_extract('{"a":{"b":"c"}}', '$["a"]["b"]'), json_extract('{"a.b": 1}', '$["a.b"]'), json_extract('[[1,2],[3]]', '$[0][1]')
---
SELECT count(*), count(DISTINCT j) FROM (VALUES JSON '{"a":1,"b":2}', JSON '{"b":2,"a":1}') t(j)
---
SELECT json_parse('[1]') = JSON '[1]', json_format(json_parse('{"b":1,"a":[ ]}')), json_extract_scalar('{"a":[{"b":7}]}', '$.a[0].b')
---
SELECT X'', X'0a', X'0A 0b', x'FF', X'00 11 22'
---
SELECT REAL '1.5', REAL 'NaN', REAL '-Infinity', REAL '1e38'
---
SELECT qualify FROM (VALUES 1) AS t(qualify)
---
SELECT year FROM (VALUES 1) AS t(year)
---
SELECT EXISTS (SELECT 1), NOT EXISTS (SELECT 1 WHERE false), EXISTS (VALUES 1)
---
SELECT tablesample FROM (VALUES 1) AS t(tablesample)
---
SELECT 0x1F, 0xff, 0X10, 0xFFFF_FFFF
---
SELECT following FROM (VALUES 1) AS t(following)
---
SELECT schemas FROM (VALUES 1) AS t(schemas)
---
SELECT session FROM (VALUES 1) AS t(session)
---
SELECT VARCHAR 'abc', CHAR 'abc', typeof(VARCHAR 'abc'), typeof(CHAR 'abc')
---
SELECT read FROM (VALUES 1) AS t(read)
---
SELECT BOOLEAN 'true', BOOLEAN 'f', BOOLEAN '1'
---
SELECT ties FROM (VALUES 1) AS t(ties)
---
SELECT /* a */ 1 /* b */ , 2 -- c
---
SELECT admin FROM (VALUES 1) AS t(admin)
---
SELECT position('l' IN 'hello'), position('x' IN 'hello'), position('' IN 'a')
---
SELECT columns FROM (VALUES 1) AS t(columns)
---
SELECT ((((1)))), (((SELECT 1)))
---
SELECT ARRAY[], ARRAY[1], ARRAY[null], ARRAY[1, 2.5], ARRAY['a', 'bcd'], ARRAY[ARRAY[1], ARRAY[]]
---
SELECT row FROM (VALUES 1) AS t(row)
---
SELECT partition FROM (VALUES 1) AS t(partition)
---
SELECT ROW(1, 2) = ROW(1, 2), ROW(1, null) = ROW(1, 2), ROW(1, null) = ROW(2, null), ROW(1, 2) < ROW(1, 3), (1, 'a') <> (1, 'b')
---
SELECT TIMESTAMP '2020-02-29 10:20:30.999999999' BETWEEN TIMESTAMP '2020-02-29 10:20:30.999999999' AND TIMESTAMP '2020-02-29 10:20:30.999999999'
---
SELECT DECIMAL '1234567890123456789012345678.0123456789' / DECIMAL '123456789012345678'
---
SELECT TINYINT '7' % DECIMAL '123.45'
---
SELECT CAST('ab' AS char(4)) = CAST('7' AS char(4))
---
SELECT JSON '12' = JSON '12'
---
SELECT a.x FROM (VALUES CAST('abc' AS varchar), null) a(x) JOIN (VALUES CAST('abc' AS varchar), null) b(x) ON a.x = b.x
---
SELECT nullif(TIMESTAMP '2020-02-29 10:20:30.123456', DATE '1969-12-31')
---
SELECT REAL 'NaN' / SMALLINT '32767'
---
SELECT DECIMAL '1234567890123456789012345678.0123456789' = null
---
SELECT null || INTERVAL '1 02:03:04.567' DAY TO SECOND
---
SELECT TIMESTAMP '2020-02-29 10:20:30.123 -08:30' < TIMESTAMP '2020-02-29 10:20:30.123456789 UTC'
---
SELECT CAST(ROW(1, 'a') AS row(x integer, y varchar)) = null
---
SELECT -(BIGINT '10000000000')
---
SELECT UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59' = UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'
---
SELECT nullif(DATE '2020-02-29', DATE '1969-12-31')
---
SELECT typeof(DECIMAL '1.0' * DECIMAL '1.00'), typeof(DECIMAL '1.0' / DECIMAL '3.00'), typeof(DECIMAL '1.0' + DECIMAL '100.00'), typeof(1 + DECIMAL '1.5'), typeof(BIGINT '1' * DECIMAL '1.5')
---
SELECT a.x FROM (VALUES TIME '10:20:30', null) a(x) JOIN (VALUES TIME '10:20:30', null) b(x) ON a.x = b.x
---
SELECT INTERVAL '1-2' YEAR TO MONTH / INTEGER '-2147483648'
---
SELECT x, count(*) FROM (VALUES 42, null, INTEGER '-2147483648', 42) t(x) GROUP BY x ORDER BY 2, x
---
SELECT TIMESTAMP '2020-02-29 10:20:30.999999999' - INTERVAL '1 02:03:04.567' DAY TO SECOND
---
SELECT INTEGER '-2147483648' IS DISTINCT FROM -1e300, INTEGER '-2147483648' IS NOT DISTINCT FROM INTEGER '-2147483648'
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s OFFSET 1 LIMIT 2
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s OFFSET 2 ROWS
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s LIMIT 0
---
SELECT name FROM tpch.tiny.nation ORDER BY name OFFSET 23
---
SELECT x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x OFFSET 10
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s OFFSET 10
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x IS NULL, s
---
SELECT x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x LIMIT 0
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s FETCH NEXT ROW ONLY
---
SELECT x AS s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY s
---
SELECT count(*) FROM (SELECT x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x LIMIT 3)
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s OFFSET 1 FETCH FIRST 1 ROW WITH TIES
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x ASC
---
SELECT x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY ARRAY[x]
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x NULLS LAST
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY 1 + 1
---
SELECT x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x LIMIT 2
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY s
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY CASE WHEN s = 'a' THEN 0 ELSE 1 END, x, s
---
SELECT mktsegment FROM tpch.tiny.customer ORDER BY mktsegment FETCH FIRST 1 ROW ONLY
---
SELECT x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x FETCH FIRST ROW ONLY
---
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x DESC NULLS LAST, s
---
SELECT x, typeof(x) FROM (SELECT 1 AS x EXCEPT ALL SELECT null AS x) t ORDER BY 1
---
SELECT x, typeof(x) FROM (SELECT 1 AS x EXCEPT DISTINCT SELECT null AS x) t ORDER BY 1
---
SELECT nan() INTERSECT SELECT nan()
---
SELECT x, typeof(x) FROM (SELECT ROW(1, 'a') AS x UNION SELECT ROW(2e0, 'bc') AS x) t ORDER BY 1
---
SELECT 1 AS a, 'x' AS b UNION DISTINCT SELECT 2.5 AS a, 'yy' AS b ORDER BY 1
---
SELECT regionkey FROM tpch.tiny.nation UNION SELECT regionkey FROM tpch.tiny.region ORDER BY regionkey
---
SELECT count(*) FROM (SELECT custkey FROM tpch.tiny.orders INTERSECT ALL SELECT custkey FROM tpch.tiny.customer)
---
SELECT x, typeof(x) FROM (SELECT 1 AS x UNION SELECT null AS x) t ORDER BY 1
---
SELECT 1 AS a, 'x' AS b EXCEPT DISTINCT SELECT 2.5 AS a, 'yy' AS b ORDER BY 1
---
SELECT x FROM (VALUES 1, 2, 2, 3, null) t(x) INTERSECT ALL SELECT x FROM (VALUES 2, 3, 3, 4, null) u(x) ORDER BY 1
---
SELECT x, typeof(x) FROM (SELECT ROW(1, 'a') AS x INTERSECT SELECT ROW(2e0, 'bc') AS x) t ORDER BY 1
---
SELECT 1 UNION SELECT 2 INTERSECT SELECT 2 ORDER BY 1
---
SELECT x, typeof(x) FROM (SELECT ARRAY[1] AS x INTERSECT ALL SELECT ARRAY[2.5] AS x) t ORDER BY 1
---
SELECT x, typeof(x) FROM (SELECT ROW(1, 'a') AS x EXCEPT ALL SELECT ROW(2e0, 'bc') AS x) t ORDER BY 1
---
SELECT 1 AS a UNION ALL SELECT 2 ORDER BY a + 1 DESC
---
SELECT x, typeof(x) FROM (SELECT ARRAY[1] AS x EXCEPT ALL SELECT ARRAY[2.5] AS x) t ORDER BY 1
---
SELECT x FROM (VALUES 1, 2, 2, 3, null) t(x) INTERSECT SELECT x FROM (VALUES 2, 3, 3, 4, null) u(x) ORDER BY 1
---
SELECT x, typeof(x) FROM (SELECT ARRAY[1] AS x EXCEPT DISTINCT SELECT ARRAY[2.5] AS x) t ORDER BY 1
---
SELECT x, typeof(x) FROM (SELECT REAL '1.5' AS x UNION DISTINCT SELECT 1.5 AS x) t ORDER BY 1
---
(SELECT x FROM (VALUES 3, 1, 2) t(x) ORDER BY x LIMIT 2) UNION DISTINCT (SELECT x FROM (VALUES 2, 5) t(x) ORDER BY x DESC LIMIT 1) ORDER BY x
---
SELECT x FROM (VALUES 1, 2, 2, 3, null) t(x) UNION ALL SELECT x FROM (VALUES 2, 3, 3, 4, null) u(x) ORDER BY 1
---
SELECT x, typeof(x) FROM (SELECT TINYINT '1' AS x EXCEPT ALL SELECT BIGINT '2' AS x) t ORDER BY 1
---
SELECT count(*) FROM tpch.tiny.nation
---
SELECT sum((SELECT 1)) FROM (VALUES 1, 2) t(x)
---
SELECT x, k < ANY (SELECT k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)), k < ALL (SELECT k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)), k <> ANY (SELECT k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) ORDER BY 1
---
SELECT name FROM tpch.tiny.nation n WHERE nationkey = (SELECT min(nationkey) FROM tpch.tiny.nation m WHERE m.regionkey = n.regionkey) ORDER BY 1
---
SELECT name, (SELECT name FROM tpch.tiny.region r WHERE r.regionkey = n.regionkey) FROM tpch.tiny.nation n ORDER BY 1
---
SELECT k, EXISTS (SELECT 1 FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) WHERE b.k = a.k AND y > 15) e FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) ORDER BY 1, 2
---
SELECT regionkey, name FROM tpch.tiny.nation n WHERE length(name) >= ALL (SELECT length(name) FROM tpch.tiny.nation m WHERE m.regionkey = n.regionkey) ORDER BY 1, 2
---
SELECT count(*) FROM tpch.tiny.customer c WHERE acctbal > (SELECT avg(acctbal) FROM tpch.tiny.customer d WHERE d.nationkey = c.nationkey)
---
SELECT x FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) WHERE EXISTS (SELECT 1 FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) WHERE b.k > a.k) ORDER BY 1
---
SELECT k, (SELECT max(y) FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) WHERE b.k = a.k) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) ORDER BY 1, 2
---
SELECT k, (SELECT y FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) WHERE b.k = a.k ORDER BY y LIMIT 1) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) ORDER BY 1, 2
---
SELECT x FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) WHERE k <> ALL (SELECT k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)) ORDER BY 1
---
SELECT z, (SELECT array_agg(w ORDER BY w) FROM (VALUES 1, 2, 3) i(w) WHERE w <> z) FROM (VALUES 1, 2) o(z) ORDER BY 1
---
SELECT 1 = (SELECT 1), 1 + (SELECT 2) * 3, CASE WHEN EXISTS (SELECT 1) THEN 'y' END, coalesce((SELECT null), 5)
---
SELECT x FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) WHERE (k, 10) IN (SELECT k, y FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)) ORDER BY 1
---
WITH q AS (SELECT 1 AS x) SELECT (SELECT x FROM q), EXISTS (SELECT 1 FROM q WHERE x = 2)
---
SELECT x FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) WHERE k = (SELECT max(k) - 1 FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)) ORDER BY 1
---
SELECT x FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) WHERE k IN (SELECT k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)) ORDER BY 1
---
SELECT x, k IN (SELECT k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) ORDER BY 1
---
SELECT x FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) WHERE k >= ALL (SELECT k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) WHERE k = 2) ORDER BY 1
---
SELECT x, k IN (SELECT b.k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) WHERE b.y > a.k) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) ORDER BY 1
---
SELECT x, (SELECT 1 WHERE false) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) ORDER BY 1
---
SELECT x FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) WHERE k NOT IN (SELECT k FROM (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) WHERE false) ORDER BY 1
---
SELECT sum(n) FROM UNNEST(sequence(1, 1000)) AS t(n)
---
SELECT n FROM UNNEST(sequence(1, 5)) AS t(n) WHERE n % 2 = 1 ORDER BY n
---
SELECT p FROM UNNEST(ARRAY[CAST(ROW(1, 'a') AS ROW(p integer, q varchar))]) AS t(p, q)
---
SELECT * FROM UNNEST(ARRAY[1], ARRAY[2, 3]) WITH ORDINALITY AS t(a, b, o) ORDER BY o
---
SELECT * FROM UNNEST(ARRAY[])
---
SELECT * FROM UNNEST(ARRAY['x', 'y']) WITH ORDINALITY AS t(v, i) ORDER BY i
---
SELECT x FROM UNNEST(CAST(JSON '[1, 2]' AS array(integer))) t(x) ORDER BY x
---
SELECT x FROM UNNEST(ARRAY[1, 2, null]) AS t(x)
---
SELECT k, sum(v) FROM (VALUES MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['a'], ARRAY[5])) t(m) CROSS JOIN UNNEST(m) AS u(k, v) GROUP BY k ORDER BY k
---
SELECT id, v FROM (VALUES (1, ARRAY[10, 20])) t(id, a), UNNEST(a) AS u(v) WHERE v > 10
---
SELECT * FROM UNNEST(ARRAY[1, 2, null])
---
SELECT * FROM UNNEST(MAP(ARRAY['a'], ARRAY[1]), ARRAY[5, 6]) WITH ORDINALITY AS t(k, v, z, o) ORDER BY o
---
SELECT word, count(*) FROM tpch.tiny.part CROSS JOIN UNNEST(split(name, ' ')) AS u(word) GROUP BY word ORDER BY 2 DESC, 1 LIMIT 10
---
SELECT * FROM UNNEST(CAST(null AS array(integer))) AS t(x)
---
SELECT id, v, o FROM (VALUES (1, ARRAY[10, 20]), (2, ARRAY[]), (3, null)) t(id, a) LEFT JOIN UNNEST(a) WITH ORDINALITY AS u(v, o) ON true ORDER BY 1, 2
---
SELECT id, v FROM (VALUES (1, 'a,b')) t(id, s) CROSS JOIN UNNEST(split(s, ',')) AS u(v) ORDER BY 2
---
SELECT id, v FROM (VALUES (1, ARRAY[10, 20]), (2, ARRAY[]), (3, null)) t(id, a) CROSS JOIN UNNEST(a) AS u(v) ORDER BY 1, 2
---
SELECT * FROM UNNEST(ARRAY[ARRAY[1, 2], ARRAY[3]]) AS t(a) ORDER BY a
---
SELECT id, v FROM (VALUES (1, ARRAY[10, 20]), (2, ARRAY[]), (3, null)) t(id, a) LEFT JOIN UNNEST(a) AS u(v) ON true ORDER BY 1, 2
---
SELECT g, x, v, max(v) OVER (PARTITION BY g ORDER BY x, v ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, array_agg(x) OVER (ORDER BY x RANGE 1 PRECEDING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, lag(v, 2) RESPECT NULLS OVER (PARTITION BY g ORDER BY x, v) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT x, avg(x) OVER (ORDER BY x) AS r FROM (VALUES 1, 2, 2, 5, null) t(x) ORDER BY x, r
---
SELECT g, x, v, min(x) OVER (PARTITION BY g ORDER BY x, v ROWS CURRENT ROW) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, nth_value(v, 1) OVER (PARTITION BY g ORDER BY x, v ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, sum(x) OVER (PARTITION BY g ORDER BY x, v ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, max(v) OVER (PARTITION BY g ORDER BY x, v ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, ntile(10) OVER (ORDER BY g, x, v) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v, r
---
SELECT g, x, v, array_agg(x) OVER (ORDER BY x RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, cume_dist() OVER (ORDER BY x DESC) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v, r
---
SELECT x, max(x) OVER (ORDER BY x) AS r FROM (VALUES 1, 2, 2, 5, null) t(x) ORDER BY x, r
---
SELECT g, x, v, row_number() OVER (ORDER BY x, v, g DESC) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v, r
---
SELECT g, x, v, count(*) OVER (PARTITION BY g ORDER BY x, v ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT regionkey, name, first_value(name) OVER (PARTITION BY regionkey ORDER BY name), last_value(name) OVER (PARTITION BY regionkey ORDER BY name) FROM tpch.tiny.nation ORDER BY 1, 2
---
SELECT g, x, v, avg(x) OVER (PARTITION BY g ORDER BY x RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, variance(x) OVER (PARTITION BY g ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS r FROM (VALUES ('a', 1), ('a', 4), ('b', 2), ('a', 9), ('b', null)) t(g, x) ORDER BY g, x
---
SELECT g, x, v, cume_dist() OVER (PARTITION BY g ORDER BY x DESC, v NULLS FIRST) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v, r
---
SELECT g, x, v, count(*) OVER (ORDER BY x RANGE BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, count(*) OVER (ORDER BY x, g, v ROWS 2 PRECEDING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, min(x) OVER (PARTITION BY g ORDER BY x GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
SELECT g, x, v, ntile(10) OVER (ORDER BY x, v, g DESC) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v, r
---
SELECT t.r.x, t.r.y FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) AS r) t
---
WITH a AS (SELECT 1 AS x UNION SELECT 2) SELECT a1.x, a2.x FROM a a1 CROSS JOIN a a2 ORDER BY 1, 2
---
SELECT count(*), sum(n) FROM TABLE(sequence(1, 100000)) AS t(n)
---
SELECT r[1], r[2] FROM (SELECT ROW(1, 'a') AS r) t
---
SELECT * FROM TABLE(sequence(stop => 2)) ORDER BY 1
---
WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t
---
SELECT * FROM TABLE(sequence(5, 1, -2)) ORDER BY 1
---
SELECT count(*) FROM tpch.tiny.nation TABLESAMPLE BERNOULLI (0)
---
SELECT r.x FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) AS r) t
---
SELECT t.r.* FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) AS r) t
---
WITH RECURSIVE t(d) AS (SELECT DATE '2020-01-01' UNION ALL SELECT d + INTERVAL '1' DAY FROM t WHERE d < DATE '2020-01-05') SELECT d FROM t ORDER BY d
---
SELECT (r).x FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) AS r) t
---
SELECT count(*) FROM tpch.tiny.nation TABLESAMPLE SYSTEM (100)
---
SELECT * FROM (SELECT 1, 1)
---
WITH a AS (SELECT 1) SELECT * FROM a
---
SELECT * FROM TABLE(sequence(1, 3)) ORDER BY 1
---
WITH a(p, q) AS (SELECT 1, 2) SELECT q, p FROM a
---
WITH a AS (SELECT 1 AS x) TABLE a
---
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t ORDER BY n
---
SELECT *, a + 1 FROM (VALUES (1, 2)) t(a, b)
---
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LEFT JOIN (VALUES 1) v(x) ON true WHERE n < 3) SELECT n FROM t ORDER BY 1
---
SELECT t.* AS (p, q) FROM (VALUES (1, 2)) t(a, b)
---
SELECT 1 .a, (1.5).b, 1e0 .c
---
SELECT none_match(ARRAY[1, 2], x -> x > x > 2)
---
SELECT x, s FROM (a b) t(x)
---
SELECT 1 FROM ((a TABLESAMPLE BERNOULLI (10)) TABLESAMPLE SYSTEM (20)) t CROSS JOIN (b TABLESAMPLE SYSTEM (5)) AS u
---
SELECT CAST(1 AS "a b"), CAST(1 AS "select"), CAST(1 AS "1x")

---
SELECT JSON_OBJECT(KEY KEY 'c' VALUE 1, KEY kind VALUE 2, 'b' : 3)
---
SELECT (all(1)), (SELECT 1)
---
SELECT count(*) FROM t GROUP BY CUBE (g), (SELECT 1), ((SELECT 1), g), GROUPING SETS (((SELECT 2)), (g), ())
