1:8 AMBIGUOUS_NAME
SELECT k FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) ON a.k = b.k
---
1:102 AMBIGUOUS_NAME
SELECT x, x AS x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x
---
1:8 AMBIGUOUS_NAME
SELECT a FROM (SELECT 1 AS a, 2 AS a)
---
1:15 CATALOG_NOT_FOUND
SELECT 1 FROM nosuch.tiny.nation
---
1:8 COLUMN_NOT_FOUND
SELECT a.name,
       sum
---
1:8 COLUMN_NOT_FOUND
SELECT x, row_number() OV
---
1:8 COLUMN_NOT_FOUND
SELECT _col0 FROM (VALUES (1, 2)) AS t
---
1:139 COLUMN_NOT_FOUND
SELECT g, sum(v) AS s FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g HAVING s > 1
---
1:97 COLUMN_NOT_FOUND
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY nope
---
1:162 COLUMN_NOT_FOUND
SELECT count(*) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL OUTER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) USING (k, z)
---
1:8 COLUMN_NOT_FOUND
SELECT t FROM (VALUES (1, 2)) t(a, b)
---
1:156 COLUMN_NOT_FOUND
SELECT count(*) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) LEFT JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y) USING (k, z)
---
1:28 DUPLICATE_NAMED_QUERY
WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) SELECT * FROM a
---
1:69 DUPLICATE_WINDOW_NAME
SELECT sum(x) OVER w FROM (VALUES 1) t(x) WINDOW w AS (ORDER BY x), w AS (ORDER BY x)
---
1:11 EXPRESSION_NOT_AGGREGATE
SELECT g, v FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g
---
1:128 EXPRESSION_NOT_AGGREGATE
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g ORDER BY v
---
1:38 EXPRESSION_NOT_IN_DISTINCT
SELECT array_agg(DISTINCT x ORDER BY y) FROM (VALUES (1, 2)) t(x, y)
---
1:1 EXPRESSION_NOT_IN_DISTINCT
SELECT DISTINCT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) ORDER BY v
---
1:11 EXPRESSION_NOT_SCALAR
SELECT g, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY 2
---
1:8 FUNCTION_NOT_AGGREGATE
SELECT abs(x) FILTER (WHERE true) FROM (VALUES 1) t(x)
---
1:8 FUNCTION_NOT_AGGREGATE
SELECT upper(x ORDER BY x) FROM (VALUES 'a') t(x)
---
1:8 FUNCTION_NOT_FOUND
SELECT soundex()
---
1:8 FUNCTION_NOT_FOUND
SELECT e(1, 2, 3, 4)
---
1:8 FUNCTION_NOT_FOUND
SELECT array_join(ARRAY[1, 2, 3], ',', 1, 2, 3, 4)
---
1:8 FUNCTION_NOT_FOUND
SELECT atan2()
---
1:8 FUNCTION_NOT_FOUND
SELECT bitwise_and_agg(x, x, x) FROM (VALUES 1) t(x)
---
1:8 FUNCTION_NOT_FOUND
SELECT nosuch(1)
---
1:8 FUNCTION_NOT_FOUND
SELECT parse_presto_data_size(MAP(ARRAY[1], ARRAY[2]))
---
1:8 FUNCTION_NOT_FOUND
SELECT upper('a', 'b')
---
1:1 FUNCTION_NOT_WINDOW
SELECT abs(x) OVER (ORDER BY x) FROM (VALUES 1) t(x)
---
1:8 INVALID_ARGUMENTS
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY GROUPING SETS (()) ORDER BY 1,2
---
1:8 INVALID_ARGUMENTS
SELECT grouping(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY g
---
1:8 INVALID_ARGUMENTS
SELECT grouping(g) AS gg, count(DISTINCT v) AS d FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY () ORDER BY 1,2
---
1:127 INVALID_COLUMN_REFERENCE
SELECT g, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY 0
---
1:97 INVALID_COLUMN_REFERENCE
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY 3
---
1:8 INVALID_COLUMN_REFERENCE
SELECT r.z FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) AS r) t
---
1:97 INVALID_COLUMN_REFERENCE
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY 0
---
1:127 INVALID_COLUMN_REFERENCE
SELECT g, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY 3
---
1:8 INVALID_LITERAL
SELECT TIMESTAMP '2020-01-01 24:00:00'
---
1:8 INVALID_LITERAL
SELECT 123456789012345678901234567890123456789.0
---
1:8 INVALID_LITERAL
SELECT DECIMAL '1e3'
---
1:8 INVALID_LITERAL
SELECT INTERVAL 'x' DAY
---
1:56 INVALID_LITERAL
SELECT INTERVAL '1.5' SECOND, INTERVAL '0.001' SECOND, INTERVAL '1.5' DAY
---
1:8 INVALID_LITERAL
SELECT TINYINT '128'
---
1:8 INVALID_LITERAL
SELECT DECIMAL '123456789012345678901234567890123456789'
---
1:8 INVALID_LITERAL
SELECT DECIMAL 'abc'
---
1:1 INVALID_PARAMETER_USAGE
SELECT ?
---
1:61 INVALID_WINDOW_FRAME
SELECT g, x, v, count(*) OVER (PARTITION BY g ORDER BY x, v ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
1:59 INVALID_WINDOW_FRAME
SELECT g, x, v, sum(x) OVER (PARTITION BY g ORDER BY x, v ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
1:61 INVALID_WINDOW_FRAME
SELECT g, x, v, count(*) OVER (PARTITION BY g ORDER BY x, v ROWS 1 FOLLOWING) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
1:37 INVALID_WINDOW_FRAME
SELECT cume_dist() OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS r FROM (VALUES 1, 2) t(x)
---
1:38 INVALID_WINDOW_FRAME
SELECT row_number() OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS r FROM (VALUES 1, 2) t(x)
---
1:56 INVALID_WINDOW_FRAME
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2))  t (x, y)
---
1:38 INVALID_WINDOW_FRAME
SELECT dense_rank() OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS r FROM (VALUES 1, 2) t(x)
---
1:47 INVALID_WINDOW_FRAME
SELECT g, x, v, min(x) OVER (ORDER BY x, g, v ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
1:20 INVALID_WINDOW_REFERENCE
SELECT sum(x) OVER nope FROM (VALUES 1) t(x)
---
1:8 MISMATCHED_COLUMN_ALIASES
WITH a(x, y) AS (SELECT 1) SELECT * FROM a
---
1:8 MISMATCHED_COLUMN_ALIASES
WITH a(p) AS (SELECT 1, 2) SELECT * FROM a
---
1:15 MISMATCHED_COLUMN_ALIASES
SELECT * FROM (VALUES (1, 2)) t(a)
---
1:16 MISSING_COLUMN_ALIASES
WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a
---
1:16 MISSING_COLUMN_ALIASES
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t
---
1:78 MISSING_COLUMN_ALIASES
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3), u AS (SELECT n * 10 AS m FROM t) SELECT m FROM u ORDER BY m
---
1:24 MISSING_ORDER_BY
SELECT x, sum(x) OVER (RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1) t(x)
---
1:24 MISSING_ORDER_BY
SELECT x, sum(x) OVER (GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1) t(x)
---
1:85 MISSING_ORDER_BY
SELECT x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) FETCH FIRST 1 ROW WITH TIES
---
1:8 MISSING_OVER
SELECT nth_value(v, 1) FROM (VALUES 1) t(v)
---
1:8 MISSING_OVER
SELECT ntile(1) FROM (VALUES 1) t(x)
---
1:8 MISSING_OVER
SELECT lag(v) FROM (VALUES 1) t(v)
---
1:8 MISSING_OVER
SELECT row_number() FROM (VALUES 1) t(x)
---
1:8 MISSING_OVER
SELECT ntile(10) FROM (VALUES 1) t(x)
---
1:8 MISSING_OVER
SELECT lag(v, 2) FROM (VALUES 1) t(v)
---
1:8 MISSING_OVER
SELECT nth_value(v, 5) FROM (VALUES 1) t(v)
---
1:8 MISSING_OVER
SELECT lag(v, 0) FROM (VALUES 1) t(v)
---
1:62 NESTED_WINDOW
SELECT x, count(*) FROM (VALUES 2, 1) t(x) GROUP BY x HAVING row_number() OVER (ORDER BY x) = 1
---
1:8 NESTED_WINDOW
SELECT sum(sum(x) OVER ()) FROM (VALUES 1) t(x)
---
1:8 NOT_SUPPORTED
SELECT JSON_ARRAY(ARRAY[1])
---
1:6 NOT_SUPPORTED
WITH FUNCTION f(x integer) RETURNS integer RETURN f(x - 1) SELECT f(1)
---
1:125 NOT_SUPPORTED
SELECT count(*) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) LEFT JOIN UNNEST(ARRAY[1, 2]) AS u(n) ON n = k
---
1:131 NOT_SUPPORTED
SELECT count(*) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL OUTER JOIN UNNEST(ARRAY[1, 2]) AS u(n) ON n = k
---
1:126 NOT_SUPPORTED
SELECT count(*) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) RIGHT JOIN UNNEST(ARRAY[1, 2]) AS u(n) ON n = k
---
1:15 NOT_SUPPORTED
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) NATURAL JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)
---
1:15 NOT_SUPPORTED
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) NATURAL LEFT OUTER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)
---
1:125 NOT_SUPPORTED
SELECT count(*) FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL JOIN UNNEST(ARRAY[1, 2]) AS u(n) ON n = k
---
1:131 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y) )
---
1:8 SYNTAX_ERROR
SELECT coalesce()
---
1:25 SYNTAX_ERROR
SELECT 1 /* inline */ + /* two
---
1:8 SYNTAX_ERROR
SELECT X'1'
---
1:86 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x) SELECT CASE WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x  varchar) FROM t
---
1:108 SYNTAX_ERROR
SELECT x FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x FETCH FIRST ALL ROWS ONLY
---
1:8 SYNTAX_ERROR
SELECT TRY()
---
1:9 SYNTAX_ERROR
SELECT X'abc
---
1:6 SYNTAX_ERROR
SHOW NOSUCH
---
1:11 SYNTAX_ERROR
WITH t AS #(SELECT 1 AS x) SELECT CASE WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:25 SYNTAX_ERROR
SELECT x, row_number()  (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y)
---
1:29 SYNTAX_ERROR
SELECT * FROM (VALUES 1) AS order(x)
---
1:125 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (, y)
---
1:55 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x) SELECT CASE WHEN x = 1 THEN ELSE 'one' 'many' END, CAST(x AS varchar) FROM t
---
1:8 SYNTAX_ERROR
SELECT for FROM (VALUES 1) AS t(for)
---
1:8 SYNTAX_ERROR
SELECT 1__000
---
1:8 SYNTAX_ERROR
SELECT 0x8000000000000000
---
1:27 SYNTAX_ERROR
SELECT 1 /* /* nested */ */
---
1:8 SYNTAX_ERROR
SELECT X'0G'
---
1:8 SYNTAX_ERROR
SELECT extract(MILLISECOND FROM INTERVAL '3 04:05:06.789' DAY TO SECOND)
---
1:16 SYNTAX_ERROR
SELECT ARRAY[1,]
---
1:139 SYNTAX_ERROR
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) INNER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)
---
1:108 SYNTAX_ERROR
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s LIMIT -1
---
1:26 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x)
---
1:11 SYNTAX_ERROR
SELECT 1 /* unterminated
---
1:81 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x) SELECT CASE CASE WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:43 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY 
---
1:8 SYNTAX_ERROR
SELECT inner FROM (VALUES 1) AS t(inner)
---
1:11 SYNTAX_ERROR
WITH a AS MATERIALIZED (SELECT 1 AS x) SELECT * FROM a
---
1:12 SYNTAX_ERROR
SELECT not FROM (VALUES 1) AS t(not)
---
1:19 SYNTAX_ERROR
-- leading comment
---
1:110 SYNTAX_ERROR
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s LIMIT 1 + 1
---
1:14 SYNTAX_ERROR
SELECT 1 AS a:b
---
1:57 SYNTAX_ERROR
SELECT TIMESTAMP '2020-01-01 00:00:00 UTC' AT TIME ZONE 5
---
1:71 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECED
---
1:8 SYNTAX_ERROR
SELECT 1e
---
1:129 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y{)
---
1:73 SYNTAX_ERROR
SELECT 1 AS a, 2 b, 3 AS "c d", 4 "A", 5 AS "SELECT", 6 AS "x""y", 7 AS é
---
1:111 SYNTAX_ERROR
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s OFFSET 2 OFFSET 1
---
1:8 SYNTAX_ERROR
SELECT into FROM (VALUES 1) AS t(into)
---
1:8 SYNTAX_ERROR
SELECT 12345678901234567890123456789012345678
---
1:21 SYNTAX_ERROR
WITH t AS (SELECT 1 1 AS x) SELECT CASE WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:17 SYNTAX_ERROR
SELECT grouping FROM (VALUES 1) AS t(grouping)
---
1:8 SYNTAX_ERROR
SELECT else FROM (VALUES 1) AS t(else)
---
1:8 SYNTAX_ERROR
SELECT full FROM (VALUES 1) AS t(full)
---
1:108 SYNTAX_ERROR
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x, s LIMIT 1.5
---
1:18 SYNTAX_ERROR
SELECT '{"a":1}' -> 'a'
---
1:133 SYNTAX_ERROR
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)
---
1:93 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT R
---
1:99 SYNTAX_ERROR
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x COLLATE c
---
1:8 SYNTAX_ERROR
SELECT prepare FROM (VALUES 1) AS t(prepare)
---
1:24 SYNTAX_ERROR
WITH t AS (SELECT 1 AS )x SELECT CASE WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:34 SYNTAX_ERROR
SELECT true FROM (VALUES 1) AS t(true)
---
1:8 SYNTAX_ERROR
SELECT unnest FROM (VALUES 1) AS t(unnest)
---
1:8 SYNTAX_ERROR
SELECT values FROM (VALUES 1) AS t(values)
---
1:8 SYNTAX_ERROR
SELECT @x
---
1:10 SYNTAX_ERROR
SELECT 1 && 2
---
1:8 SYNTAX_ERROR
SELECT rollup FROM (VALUES 1) AS t(rollup)
---
1:14 SYNTAX_ERROR
SELECT 1 AS a@b
---
1:8 SYNTAX_ERROR
SELECT and FROM (VALUES 1) AS t(and)
---
1:8 SYNTAX_ERROR
SELECT U&'abc' UESCAPE '+'
---
1:8 SYNTAX_ERROR
SELECT when FROM (VALUES 1) AS t(when)
---
1:144 SYNTAX_ERROR
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL OUTER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)
---
1:24 SYNTAX_ERROR
SELECT listagg(x, ',') FROM (VALUES 'a') t(x)
---
1:8 SYNTAX_ERROR
SELECT format('%%'), format('%s', null), format('%.3f', DECIMAL '1.23456'), format('%,.2f', 1234567.891), format('%e', 12345.678e0), format('%5d|%-5d|%+d', 1, 2, 3)
---
1:8 SYNTAX_ERROR
SELECT uescape FROM (VALUES 1) AS t(uescape)
---
1:8 SYNTAX_ERROR
SELECT outer FROM (VALUES 1) AS t(outer)
---
1:67 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x  BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y)
---
1:8 SYNTAX_ERROR
SELECT !true
---
1:8 SYNTAX_ERROR
SELECT having FROM (VALUES 1) AS t(having)
---
1:114 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1 1, 2)) AS t (x, y)
---
1:21 SYNTAX_ERROR
SELECT x, row_number) OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y)
---
1:24 SYNTAX_ERROR
SELECT x, row_number() ( OVERPARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y)
---
1:26 SYNTAX_ERROR
SELECT normalize('é', NFD, 1, 2, 3, 4)
---
1:26 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x SELECT CASE WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:45 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x) SELECT CASE WHEN  = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:31 SYNTAX_ERROR
SELECT INTERVAL '1' SECOND TO DAY
---
1:148 SYNTAX_ERROR
SELECT g, h, sum(v) AS s FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', null, 40), (null, 2, 50)) t(g, h, v) GROUP BY GROUPING SETS (ROLLUP (g), CUBE (h)) ORDER BY 1,2,3
---
1:16 SYNTAX_ERROR
SELECT 1 MINUS SELECT 1
---
1:27 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x) CASE SELECT WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:100 SYNTAX_ERROR
SELECT g, x, v, max(v) OVER (PARTITION BY g ORDER BY x, v ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS r FROM (VALUES ('a', 1, 10), ('a', 2, null), ('a', 2, 30), ('a', 5, 40), ('b', 1, null), ('b', 3, 60), ('b', 7, null), ('c', 4, 80)) t(g, x, v) ORDER BY g, x, v
---
1:18 SYNTAX_ERROR
SELECT normalize FROM (VALUES 1) AS t(normalize)
---
1:8 SYNTAX_ERROR
SELECT `a`
---
1:35 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x) SELECT  WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:74 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS  1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y)
---
1:138 SYNTAX_ERROR
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) FULL JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)
---
1:13 SYNTAX_ERROR
SELECT 1 AS 1a
---
1:8 SYNTAX_ERROR
SELECT or FROM (VALUES 1) AS t(or)
---
1:104 SYNTAX_ERROR
SELECT x, s FROM (VALUES (1, 'b'), (3, null), (2, 'a'), (null, 'c'), (2, 'B')) t(x, s) ORDER BY x NULLS
---
1:8 SYNTAX_ERROR
SELECT format('%d')
---
1:31 SYNTAX_ERROR
SELECT x, row_number() OVER ( (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y)
---
1:13 SYNTAX_ERROR
WITH t AS ( 1 AS x) SELECT CASE WHEN x = 1 THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:8 SYNTAX_ERROR
SELECT "abc
---
1:144 SYNTAX_ERROR
SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'bb'), (null, 'n')) a(k, x) LEFT OUTER JOIN (VALUES (2, 10), (3, 30), (null, 0), (2, 20)) b(k, y)
---
1:56 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 2)) AS t (x, y)
---
1:55 SYNTAX_ERROR
WITH t AS (SELECT 1 AS x) SELECT CASE WHEN x = 1 THEN THEN 'one' ELSE 'many' END, CAST(x AS varchar) FROM t
---
1:111 SYNTAX_ERROR
SELECT x, row_number() OVER (PARTITION BY y ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 
---
1:35 SYNTAX_ERROR
SELECT false FROM (VALUES 1) AS t(false)
---
1:18 SYNTAX_ERROR
SELECT 1 LIMIT 1 UNION SELECT 2
---
1:8 SYNTAX_ERROR
SELECT cube FROM (VALUES 1) AS t(cube)
---
1:8 TABLE_NOT_FOUND
SELECT u.* FROM (VALUES (1, 2)) t(a, b)
---
1:13 TYPE_MISMATCH
SELECT 1, 2 EXCEPT DISTINCT SELECT 1
---
1:26 TYPE_MISMATCH
SELECT checksum(x) FROM (VALUES ROW(1, 'a'), null, ROW(0, 'z')) t(x)
---
1:8 TYPE_MISMATCH
SELECT CAST(1 AS decimal(1, 2, 3))
---
1:8 TYPE_MISMATCH
SELECT CAST(1 AS nosuch)
---
1:21 TYPE_MISMATCH
SELECT min(x) FROM (VALUES ROW(1, 'a'), null, ROW(0, 'z')) t(x)
---
1:13 TYPE_MISMATCH
SELECT 1, 2 UNION SELECT 1
---
1:13 TYPE_MISMATCH
SELECT 1, 2 EXCEPT ALL SELECT 1
---
1:8 TYPE_MISMATCH
SELECT CAST(1 AS array)
---
