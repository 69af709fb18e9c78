-- Sizes by storage class.
SELECT "StorageClass", count(*) AS objects, sum("Size") AS bytes
FROM inventory GROUP BY ALL ORDER BY bytes DESC;

-- Sizes by the first part of the key.
SELECT split_part("Key", '/', 1) AS folder, count(*) AS objects, sum("Size") AS bytes
FROM inventory GROUP BY ALL ORDER BY bytes DESC;

-- What is older than 180 days, and what it costs a month at 0.02 for each GB.
SELECT "StorageClass", sum("Size") AS bytes, round(sum("Size") / 1e9 * 0.02, 2) AS cost
FROM inventory WHERE "LastModifiedDate"::TIMESTAMPTZ < now() - INTERVAL 180 DAY GROUP BY ALL;

-- What has changed since the report in the view before.
SELECT coalesce(new."Key", old."Key") AS "Key",
       CASE WHEN old."Key" IS NULL THEN 'new' WHEN new."Key" IS NULL THEN 'gone' ELSE 'changed' END AS change
FROM inventory AS new FULL JOIN before AS old ON new."Key" = old."Key"
WHERE old."Key" IS NULL OR new."Key" IS NULL OR new."ETag" <> old."ETag"
ORDER BY ALL;
