// What the Node clients' checks share: where the server is, and one line for each check.
'use strict';
const assert = require('node:assert');

const PORT = Number(process.env.TARN_PORT);
const KEY = process.env.TARN_KEY;
const MILLION = "SELECT a * 1000 + b AS n, 'row' AS s FROM UNNEST(sequence(0, 999)) t(a) CROSS JOIN UNNEST(sequence(0, 999)) u(b)";
const ENDLESS = 'SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) ' +
  'CROSS JOIN UNNEST(sequence(1, 10000)) c(z) WHERE x * y % 7 = z % 5';
const TYPES = `SELECT true, TINYINT '-5', 42, REAL '1.5', 2.5e0, DECIMAL '12.50', 'text', CAST('ab' AS char(4)), X'4142',
  JSON '{"a": 1}', DATE '2020-02-29', TIME '01:02:03.123', TIMESTAMP '2020-02-29 01:02:03.123456',
  TIMESTAMP '2020-02-29 01:02:03.123 Europe/Istanbul', UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59', ARRAY[1, NULL, 3],
  MAP(ARRAY['a'], ARRAY[1]), ROW(1, 'x'), nan(), NULL, INTERVAL '1' DAY, INTERVAL '3' MONTH`;
// These clients know no precision of times, so they have three digits.
const VALUES = [true, -5, 42, 1.5, 2.5, '12.50', 'text', 'ab  ', 'QUI=', '{"a":1}', '2020-02-29', '01:02:03.123', '2020-02-29 01:02:03.123',
  '2020-02-29 01:02:03.123 Europe/Istanbul', '12151fd2-7586-11e9-8f9e-2a86e4085a59', [1, null, 3], {a: 1}, [1, 'x'], 'NaN', null,
  '1 00:00:00.000', '0-3'];

async function check(name, work) {
  try {
    await work();
    console.log(`PASS ${name}`);
  } catch (error) {
    console.error(error);
    console.log(`FAIL ${name}: ${String(error && error.message || error).split('\n')[0].slice(0, 400)}`);
  }
}

module.exports = {assert, check, PORT, KEY, MILLION, ENDLESS, TYPES, VALUES};
