"""Runs the inventory tests of cos-python-sdk-v5 (ut/test.py) against the fake that the environment names, and leaves one
job behind, made by Python, for whoever comes next."""

import os
import sys
import time

try:
    import Crypto
except ImportError:  # Debian's name of the same library
    import Cryptodome
    sys.modules["Crypto"] = Cryptodome
    for name in ("Cipher", "PublicKey", "Random", "Util", "Hash", "Signature"):
        sys.modules["Crypto." + name] = getattr(__import__("Cryptodome." + name), name)

import qcloud_cos

bucket = os.environ["COS_SUITE_BUCKET"]
region = os.environ["TENCENTCLOUD_REGION"]
keys = {
    "COS_SECRET_ID": os.environ["TENCENTCLOUD_SECRET_ID"],
    "COS_SECRET_KEY": os.environ["TENCENTCLOUD_SECRET_KEY"],
    "COS_REGION": region,
    "COS_APPID": bucket.rsplit("-", 1)[1],
}
os.environ.update(keys)
for name in (
    "TRAVIS_FLAG", "ERR_HOST", "TEST_CI", "USE_CREDENTIAL_INST", "COS_VECTORS_BUCKET", "COS_VECTORS_BUCKET_FOR_CREATE_DELETE",
    "COS_VECTORS_APPID", "COS_VECTORS_SECRET_ID", "COS_VECTORS_SECRET_KEY", "COS_VECTORS_REGION", "COS_VECTORS_USE_IP",
):
    os.environ.setdefault(name, "none")

made = qcloud_cos.CosConfig


def config(**arguments):
    """As a proxy, the fake is sent the bucket's real host name."""
    return made(**{**arguments, "Scheme": "http", "Proxies": {"http": os.environ["TENCENTCLOUD_COS_DOMAIN"]}})


qcloud_cos.CosConfig = config
time.sleep = lambda seconds: None  # the fake shows a write at once

import test as suite

suite.client.create_bucket(Bucket=suite.test_bucket)
for case in (
    suite.test_put_get_delete_bucket_inventory,
    suite.test_list_bucket_inventory_configrations,
    suite.test_post_bucket_inventory_configurations,
):
    case()
    print("passed", case.__name__)

suite.client.put_bucket_inventory(Bucket=bucket, Id="from-python", InventoryConfiguration={
    "IsEnabled": "True",
    "IncludedObjectVersions": "All",
    "Filter": {"Prefix": "logs/"},
    "OptionalFields": {"Field": ["Size", "ETag"]},
    "Schedule": {"Frequency": "Daily"},
    "Destination": {"COSBucketDestination": {
        "AccountId": "100000000001",
        "Bucket": "qcs::cos:" + region + "::reports-1250000000",
        "Format": "CSV",
        "Prefix": "from-python",
    }},
})
