-- The tables that the files tests/sql/<area>/*.test read, as fixture.public.<table>.
CREATE TABLE customers (id bigint PRIMARY KEY, name varchar NOT NULL, country varchar, balance numeric(12,2));
INSERT INTO customers VALUES
  (1, 'Ada', 'GB', 100.50), (2, 'Börje', 'SE', -20.00), (3, 'Çiğdem', 'TR', NULL), (4, 'Dmitri', NULL, 0.00), (5, 'O''Brien', 'IE', 99.99);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, amount numeric(12,2) NOT NULL, status varchar, placed_on date NOT NULL);
INSERT INTO orders VALUES
  (10, 1, 10.00, 'paid', '2026-01-31'), (11, 1, 20.00, 'paid', '2026-02-28'), (12, 2, 5.50, 'open', '2026-02-28'),
  (13, 3, 7.25, NULL, '2024-02-29'), (14, 9, 1.00, 'paid', '2025-12-31'), (15, NULL, 2.00, 'open', '2026-03-01');
CREATE TABLE empty_table (id bigint PRIMARY KEY, note varchar);
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE kinds (
  id integer PRIMARY KEY, small smallint, flag boolean, exact numeric, money numeric(38,10), real_value real, double_value double precision,
  day date, mood mood, document jsonb, code uuid);
INSERT INTO kinds VALUES
  (1, -32768, true, 12345678901234567890.123456789, 1234567890123456789012345678.0123456789, 1.5, 0.1, '1970-01-01', 'happy', '{"a":1}',
   '01234567-89ab-cdef-0123-456789abcdef'),
  (2, NULL, false, 0.1, -0.0000000001, -2.5, 1e300, '9999-12-31', 'sad', '[]', NULL),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE "Select Group" ("Id" integer PRIMARY KEY, "order" varchar, "MixedCase" varchar, "with ""quote" varchar);
INSERT INTO "Select Group" VALUES (1, 'one', 'Eins', 'q1'), (2, 'two', 'Zwei', 'q2');
