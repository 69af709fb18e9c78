# terraform show -json plan.tfplan >plan.json, then one of
#   conftest test -p rules.rego plan.json
#   opa eval --fail-defined -d rules.rego -i plan.json 'data.main.deny[_]'
package main

# The accounts whose buckets may have reports, by APPID.
allowed_appids := {"1250000000"}

jobs[change.address] := change.change.after if {
	some change in input.resource_changes
	change.type == "cos_bucket_inventory"
	change.change.after != null
}

deny contains sprintf("%s: the reports are not encrypted", [address]) if {
	some address, job in jobs
	not job.destination.encryption.sse_cos
}

deny contains sprintf("%s: %s is not in an allowed account", [address, job.destination.bucket]) if {
	some address, job in jobs
	parts := split(job.destination.bucket, "-")
	not parts[count(parts) - 1] in allowed_appids
}

# Each bucket with jobs has one that is enabled, and runs every day or every week.
deny contains sprintf("%s: no enabled job runs every day or every week", [bucket]) if {
	some bucket in {job.bucket | some job in jobs}
	every job in [job | some job in jobs; job.bucket == bucket] {
		not is_frequent(job)
	}
}

is_frequent(job) if {
	job.is_enabled
	job.schedule.frequency in {"Daily", "Weekly"}
}
