# "qcs::cos:ap-guangzhou::reports-1250000000"
output "destination" {
  value = provider::cos::bucket_qcs("ap-guangzhou", "reports-1250000000")
}
