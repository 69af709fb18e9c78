// Drives a running fake COS with the vendor's JavaScript SDK, which writes and reads jobs in another shape than the Go
// SDK does. It leaves one job behind, made by JavaScript, for whoever comes next.
'use strict';

const assert = require('node:assert/strict');
const COS = require('cos-nodejs-sdk-v5');

const { TENCENTCLOUD_COS_DOMAIN, TENCENTCLOUD_REGION, TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY } = process.env;
const Bucket = process.env.COS_BUCKET;
const Id = process.env.COS_INVENTORY_ID;
for (const [name, value] of Object.entries({
  TENCENTCLOUD_COS_DOMAIN, TENCENTCLOUD_REGION, TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, COS_BUCKET: Bucket, COS_INVENTORY_ID: Id,
})) {
  assert.ok(value, `${name} is not set`);
}

// As a proxy, the fake is sent the bucket's real host name: the request is signed as one to the service would be.
const cos = new COS({
  SecretId: TENCENTCLOUD_SECRET_ID,
  SecretKey: TENCENTCLOUD_SECRET_KEY,
  Protocol: 'http:',
  Proxy: TENCENTCLOUD_COS_DOMAIN,
});
const where = { Bucket, Region: TENCENTCLOUD_REGION };

// The optional fields, the filter and the empty SSECOS are as https://www.tencentcloud.com/document/product/436/38397
const job = {
  Id,
  IsEnabled: 'true',
  Destination: {
    COSBucketDestination: {
      Format: 'CSV',
      AccountId: '100000000001',
      Bucket: `qcs::cos:${TENCENTCLOUD_REGION}::reports-1250000000`,
      Prefix: 'from-javascript',
      Encryption: { SSECOS: '' },
    },
  },
  Schedule: { Frequency: 'Daily' },
  Filter: { Prefix: 'logs/' },
  IncludedObjectVersions: 'All',
  OptionalFields: ['Size', 'ETag', 'StorageClass'],
};

async function main() {
  const put = await cos.putBucketInventory({ ...where, Id, InventoryConfiguration: job });
  assert.equal(put.statusCode, 200);

  const got = await cos.getBucketInventory({ ...where, Id });
  assert.equal(got.statusCode, 200);
  assert.deepEqual(got.InventoryConfiguration, job);

  const list = await cos.listBucketInventory(where);
  assert.equal(list.statusCode, 200);
  assert.equal(list.IsTruncated, 'false');
  assert.deepEqual(list.InventoryConfigurations, [job]);

  const deleted = await cos.deleteBucketInventory({ ...where, Id });
  assert.equal(deleted.statusCode, 204);
  await assert.rejects(cos.getBucketInventory({ ...where, Id }), {
    statusCode: 404,
    code: 'InventoryConfigurationNotFoundError',
  });

  await cos.putBucketInventory({ ...where, Id, InventoryConfiguration: job });
}

main().then(
  () => console.log(`JavaScript SDK ${require('cos-nodejs-sdk-v5/package.json').version}: put, get, list, delete, put of ${Bucket} ${Id}`),
  (err) => {
    console.error(err);
    process.exitCode = 1;
  },
);
