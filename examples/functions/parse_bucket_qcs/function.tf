# "reports-1250000000"
output "bucket" {
  value = provider::cos::parse_bucket_qcs("qcs::cos:ap-guangzhou::reports-1250000000").bucket
}
