provider "cos" {
  region = "ap-guangzhou"
}

run "kept" {
  command = plan

  assert {
    condition     = output.report_prefix == "1250000000/examplebucket/report/"
    error_message = "The reports are elsewhere."
  }
}

run "not_encrypted" {
  command = plan
  variables { job = { is_encrypted = false } }
  expect_failures = [check.encrypted]
}

run "another_account" {
  command = plan
  variables { job = { destination = "qcs::cos:ap-guangzhou::reports-1259999999" } }
  expect_failures = [check.allowed_account]
}

run "once_a_month" {
  command = plan
  variables { job = { frequency = "Monthly" } }
  expect_failures = [check.frequent]
}
