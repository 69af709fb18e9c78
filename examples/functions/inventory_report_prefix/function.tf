# "inventory/1250000000/examplebucket/weekly/"
output "reports" {
  value = provider::cos::inventory_report_prefix("examplebucket-1250000000", "weekly", "inventory")
}
