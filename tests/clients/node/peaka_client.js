// npm @peaka/client.
'use strict';
const {connectToPeaka} = require('@peaka/client');
const {assert, check, PORT, KEY, MILLION} = require('./checks');

const client = connectToPeaka(KEY, {host: `http://127.0.0.1:${PORT}`});

async function run(statement) {
  const rows = [];
  let last;
  for await (const page of await client.query(statement)) {
    last = page;
    if (page.data) for (const row of page.data) rows.push(row);
  }
  return {rows, last};
}

(async () => {
  await check('connect with nothing but the key', async () => assert.deepStrictEqual((await run('SELECT 1')).rows, [[1]]));
  await check('tables', async () => assert.deepStrictEqual((await run('SELECT count(*) FROM tpch.tiny.nation')).rows, [[25]]));
  await check('metadata', async () => assert.ok((await run('SHOW CATALOGS')).rows.flat().includes('tpch')));
  await check('error with its position', async () => {
    const {last} = await run('SELECT nosuch FROM tpch.tiny.nation');
    assert.deepStrictEqual([last.error.errorName, last.error.errorLocation.columnNumber], ['COLUMN_NOT_FOUND', 8]);
  });
  await check('a million rows', async () => assert.strictEqual((await run(MILLION)).rows.length, 1000000));
  process.exit(0);
})();
