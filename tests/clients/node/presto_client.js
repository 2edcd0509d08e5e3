// npm presto-client, as a client of Presto (its default) and of Trino.
'use strict';
const {Client} = require('presto-client');
const {assert, check, PORT, KEY, MILLION, ENDLESS, TYPES, VALUES} = require('./checks');

const options = {host: '127.0.0.1', port: PORT, user: 'tester', catalog: 'tpch', schema: 'tiny', checkInterval: 50,
  basic_auth: {user: 'tester', password: KEY}};

function run(client, query, onState) {
  return new Promise((done, failed) => {
    const rows = [];
    let columns;
    client.execute({
      query,
      state: onState,
      columns: (error, known) => { columns = known; },
      data: (error, data) => { for (const row of data) rows.push(row); },
      success: () => done({rows, columns}),
      error: (error) => failed(Object.assign(new Error(error.message), {details: error.error || error})),
    });
  });
}

(async () => {
  for (const engine of ['presto', 'trino']) {
    const client = new Client({...options, engine});
    await check(`${engine}: connect`, async () => assert.deepStrictEqual((await run(client, 'SELECT 1 AS one')).rows, [[1]]));
    await check(`${engine}: columns and all types`, async () => {
      const {rows, columns} = await run(client, TYPES);
      assert.deepStrictEqual(rows[0], VALUES);
      assert.strictEqual(columns[5].type, 'decimal(4, 2)');
    });
    await check(`${engine}: catalog and schema`, async () => assert.deepStrictEqual((await run(client, 'SELECT count(*) FROM nation')).rows, [[25]]));
    await check(`${engine}: metadata`, async () => assert.ok((await run(client, 'SHOW CATALOGS')).rows.flat().includes('tpch')));
    await check(`${engine}: parameters`, async () =>
      assert.deepStrictEqual((await run(client, "EXECUTE IMMEDIATE 'SELECT ?' USING 42")).rows, [[42]]));
    await check(`${engine}: error with its position`, async () => {
      await assert.rejects(run(client, 'SELECT nosuch FROM nation'), (error) => {
        assert.match(error.message, /line 1:8: /);
        assert.strictEqual(error.details.errorName, 'COLUMN_NOT_FOUND');
        return true;
      });
    });
    await check(`${engine}: cancel`, async () => {
      let id;
      const going = run(client, ENDLESS, (error, queryId) => {
        if (id) return;
        id = queryId;
        client.kill(queryId, () => {});
      });
      await assert.rejects(going, /cancel/i);
    });
    await check(`${engine}: a million rows`, async () => {
      const {rows} = await run(client, MILLION);
      assert.strictEqual(rows.length, 1000000);
    });
  }
  process.exit(0);
})();
