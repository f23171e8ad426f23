"""The whole book, read-only: assess every customer of a file.

Read `batch.py` first (DuckDB), then `checking.py` and `intake.py` (what a file must hold) and `edge.py` (what comes
out). `spark.py` runs the same statement on Spark.
"""

from shouxin.desk.portfolio.batch import Report, decide_file
from shouxin.desk.portfolio.job import InputRefused, Job, OutputRefused
from shouxin.desk.portfolio.spark import SparkMissing, decide_file_on_spark, open_session

__all__ = [
    "InputRefused",
    "Job",
    "OutputRefused",
    "Report",
    "SparkMissing",
    "decide_file",
    "decide_file_on_spark",
    "open_session",
]
