job = { is_encrypted = false, destination = "qcs::cos:ap-guangzhou::reports-1259999999", frequency = "Monthly" }
