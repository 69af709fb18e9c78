# The provider plans without credentials and without a network, and knows its defaults and report_prefix. A check that
# fails makes a test fail, unless the test expects it.
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
  variables { is_encrypted = false }
  expect_failures = [check.encrypted]
}

run "another_account" {
  command = plan
  variables { destination = "qcs::cos:ap-guangzhou::reports-1259999999" }
  expect_failures = [check.allowed_account]
}

run "once_a_month" {
  command = plan
  variables { frequency = "Monthly" }
  expect_failures = [check.frequent]
}
