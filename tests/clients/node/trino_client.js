// npm trino-client.
'use strict';
const {Trino, BasicAuth} = require('trino-client');
const {assert, check, PORT, KEY, MILLION, ENDLESS, TYPES, VALUES} = require('./checks');

const client = Trino.create({server: `http://127.0.0.1:${PORT}`, catalog: 'tpch', schema: 'tiny', auth: new BasicAuth('tester', KEY)});

async function run(statement, from = client) {
  const rows = [];
  let last;
  for await (const page of await from.query(statement)) {
    last = page;
    if (page.data) for (const row of page.data) rows.push(row);
  }
  return {rows, last};
}

(async () => {
  await check('connect', async () => assert.deepStrictEqual((await run('SELECT 1')).rows, [[1]]));
  await check('connect with the extra credential', async () => {
    const other = Trino.create({server: `http://127.0.0.1:${PORT}`, auth: new BasicAuth('tester'), extraCredential: {peakaKey: KEY}});
    assert.deepStrictEqual((await run('SELECT current_user', other)).rows, [['tester']]);
  });
  await check('metadata', async () => {
    assert.ok((await run('SHOW CATALOGS')).rows.flat().includes('tpch'));
    const names = (await run("SELECT table_name FROM tpch.information_schema.tables WHERE table_schema = 'tiny'")).rows.flat();
    assert.ok(names.includes('nation'));
  });
  await check('all types', async () => assert.deepStrictEqual((await run(TYPES)).rows[0], VALUES));
  await check('columns', async () => {
    const {last} = await run("SELECT TIMESTAMP '2020-01-01 00:00:00.123456' AS t, DECIMAL '1.5' AS d");
    assert.deepStrictEqual(last.columns.map((column) => [column.name, column.type]), [['t', 'timestamp'], ['d', 'decimal(2, 1)']]);
  });
  await check('parameters', async () => {
    assert.deepStrictEqual((await run("EXECUTE IMMEDIATE 'SELECT name FROM nation WHERE nationkey = ?' USING 3")).rows, [['CANADA']]);
    await run('PREPARE mine FROM SELECT ? + 1');
    assert.deepStrictEqual((await run('EXECUTE mine USING 41')).rows, [[42]]);
  });
  await check('error with its position', async () => {
    const {last} = await run('SELECT nosuch FROM nation');
    assert.strictEqual(last.error.errorName, 'COLUMN_NOT_FOUND');
    assert.deepStrictEqual(last.error.errorLocation, {lineNumber: 1, columnNumber: 8});
  });
  await check('session', async () => {
    const other = Trino.create({server: `http://127.0.0.1:${PORT}`, auth: new BasicAuth('tester', KEY)});
    await run('USE tpch.tiny', other);
    assert.deepStrictEqual((await run('SELECT count(*) FROM region', other)).rows, [[5]]);
  });
  await check('cancel', async () => {
    // The client tells the id of a query only with its rows, so it is found in the list of queries.
    const going = run(`/* to be cancelled */ ${ENDLESS}`);
    const headers = {Authorization: 'Basic ' + Buffer.from(`tester:${KEY}`).toString('base64')};
    let found;
    for (let i = 0; i < 200 && !found; ++i) {
      const list = await (await fetch(`http://127.0.0.1:${PORT}/v1/query`, {headers})).json();
      found = list.find((query) => query.query.startsWith('/* to be cancelled */') && query.state !== 'FAILED');
      if (!found) await new Promise((wake) => setTimeout(wake, 20));
    }
    assert.strictEqual((await client.queryInfo(found.queryId)).query.slice(0, 5), '/* to');
    await client.cancel(found.queryId);
    assert.strictEqual((await going).last.error.errorName, 'USER_CANCELED');
    assert.strictEqual((await client.queryInfo(found.queryId)).state, 'FAILED');
  });
  await check('a million rows', async () => {
    const {rows} = await run(MILLION);
    assert.strictEqual(rows.length, 1000000);
    assert.strictEqual(rows.reduce((sum, row) => sum + row[0], 0), 499999500000);
  });
  process.exit(0);
})();
