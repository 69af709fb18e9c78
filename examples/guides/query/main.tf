variable "day" {
  type        = string
  default     = null
  description = "The day of an older report, as YYYYMMDD. Omit it for the newest one."
}

data "cos_bucket_inventory_report" "weekly" {
  bucket = "examplebucket-1250000000"
  id     = "weekly"
  date   = var.day

  lifecycle {
    postcondition {
      condition     = self.manifest_key != null
      error_message = var.day == null ? "The job has delivered no report yet." : "The job has delivered no report on ${coalesce(var.day, "a day")}."
    }
  }
}

locals {
  report  = data.cos_bucket_inventory_report.weekly
  columns = coalesce(local.report.file_schema, [])

  # As a shell wants them between single quotes.
  keys = [for file in coalesce(local.report.files, []) : replace(file.key, "'", "'\\''")]

  # A prefix for each report: under report_prefix are the files of all of them.
  prefix = "tables/weekly/day=${local.report.date}/"
}

# Commands that download the report's files, and commands that copy them to their prefix.
output "download" {
  value = join("\n", [for key in local.keys : "coscli cp 'cos://${local.report.report_bucket}/${key}' 'inventory/${basename(key)}'"])
}

output "copy" {
  value = join("\n", [for key in local.keys :
    "coscli cp 'cos://${local.report.report_bucket}/${key}' 'cos://${local.report.report_bucket}/${local.prefix}${basename(key)}'"
  ])
}

# A table for engines that read Hive's DDL, such as Data Lake Compute.
output "hive" {
  value = <<-EOT
    CREATE EXTERNAL TABLE inventory (
    ${join(",\n", [for column in local.columns : "  `${replace(lower(column), "/[^a-z0-9]/", "_")}` STRING"])}
    )
    PARTITIONED BY (`day` STRING)
    ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
    STORED AS TEXTFILE
    LOCATION 'cosn://${local.report.report_bucket}/tables/weekly/';
  EOT
}

# A view of downloaded files for DuckDB.
output "duckdb" {
  value = <<-EOT
    CREATE OR REPLACE VIEW inventory AS
    SELECT * REPLACE (url_decode(replace("Key", '+', '%20')) AS "Key"%{if contains(local.columns, "Size")}, try_cast("Size" AS BIGINT) AS "Size"%{endif})
    FROM read_csv('inventory/*.csv.gz', header = false, all_varchar = true, names = [${join(", ", [for column in local.columns : "'${replace(column, "'", "''")}'"])}])
    WHERE "Bucket" <> 'Bucket'; -- in case there is a header row
  EOT
}
