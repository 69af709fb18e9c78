// Runs the queries of the guide "Query a report" with DuckDB, on the report whose view and files the working folder names.
// As a user would, it downloads the files that the guide's commands name.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { DuckDBInstance } from '@duckdb/node-api';

const require = createRequire(import.meta.url);
const COS = require('cos-nodejs-sdk-v5');

const [queriesFile] = process.argv.slice(2);
const cos = new COS({
  SecretId: process.env.TENCENTCLOUD_SECRET_ID,
  SecretKey: process.env.TENCENTCLOUD_SECRET_KEY,
  Protocol: 'http:',
  Proxy: process.env.TENCENTCLOUD_COS_DOMAIN,
});

fs.mkdirSync('inventory');
for (const command of fs.readFileSync('download.sh', 'utf8').split('\n')) {
  const [, Bucket, Key, file] = command.match(/^coscli cp 'cos:\/\/([^/]+)\/(\S+)' '(\S+)'$/);
  const got = await cos.getObject({ Bucket, Region: process.env.TENCENTCLOUD_REGION, Key });
  fs.writeFileSync(file, got.Body);
}

const db = await (await DuckDBInstance.create(':memory:')).connect();
const rows = async (sql) => (await db.runAndReadAll(sql)).getRowObjectsJson();
await db.run(fs.readFileSync('view.sql', 'utf8'));

const special = 'logs/a b+c, "d".txt';
assert.deepEqual(
  (await rows('SELECT "Key", "Size" FROM inventory ORDER BY ALL')).map((row) => [row.Key, Number(row.Size)]),
  [special, 'logs/中文.txt', 'tmp/old'].map((key) => [key, Buffer.byteLength(`content of ${key}\n`)]),
);

// An older report: without one object, with one that is gone, and with another content of a third.
await db.run(`CREATE VIEW before AS
  SELECT * REPLACE (if("Key" = 'logs/中文.txt', 'other', "ETag") AS "ETag") FROM inventory WHERE "Key" <> 'tmp/old'
  UNION ALL BY NAME SELECT 'gone' AS "Key", 'e' AS "ETag"`);
const queries = fs.readFileSync(queriesFile, 'utf8').split(/;\s*\n/).filter((sql) => sql.trim() !== '');
assert.equal(queries.length, 4);
const [byClass, byFolder, old, changes] = queries;
assert.deepEqual((await rows(byClass)).map((row) => [row.StorageClass, Number(row.objects)]), [['STANDARD', 3]]);
assert.deepEqual((await rows(byFolder)).map((row) => [row.folder, Number(row.objects)]), [['logs', 2], ['tmp', 1]]);
assert.deepEqual(await rows(old), []);
assert.equal((await rows(old.replace('- INTERVAL 180', '+ INTERVAL 1'))).length, 1);
assert.deepEqual(
  (await rows(changes)).map((row) => [row.Key, row.change]).sort(),
  [['gone', 'gone'], ['logs/中文.txt', 'changed'], ['tmp/old', 'new']],
);
console.log(`DuckDB ${(await rows('SELECT version() AS v'))[0].v}: ${queries.length} queries of a report of ${special} and others`);
