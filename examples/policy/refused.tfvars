destination  = "qcs::cos:ap-guangzhou::reports-1259999999"
is_encrypted = false
frequency    = "Monthly"
