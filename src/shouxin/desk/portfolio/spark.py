"""The same run on Spark: its session set up so that it answers like every other engine, ANSI on, time zone fixed.

The input is looked through by DuckDB first, as for every run; Spark decides. What it leaves is a folder of Parquet files.
"""

from __future__ import annotations

import shutil
import time
import uuid
from dataclasses import replace
from typing import Any

from shouxin.desk.portfolio.batch import Report, decide_statement
from shouxin.desk.portfolio.checking import KEY, REPEATED, ROW, check_file
from shouxin.desk.portfolio.intake import readings
from shouxin.desk.portfolio.job import InputRefused, Job, OutputRefused, Progress, check_job
from shouxin.desk.portfolio.running import duckdb_session, rows_of
from shouxin.desk.portfolio.summary import summarize
from shouxin.engines.policy.sql_text import SPARK


class SparkMissing(Exception):
    """Spark, or the Java it needs, is not installed."""


def open_session(memory: str = "4g", threads: int = 2) -> Any:
    """A Spark session on this machine, with everything explicit that would change an answer.

    Raises SparkMissing with the way to get it.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise SparkMissing("Spark is not installed: pip install 'shouxin[spark]', and Java 17 or newer") from None
    builder = SparkSession.builder.master(f"local[{threads}]").appName("shouxin")
    settings = {
        "spark.driver.memory": memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.variable.substitute": "false",  # a string of a bundle such as ${env:HOME} is that string
        # a policy is one very wide expression: compiling it whole exceeds the JVM's method size and falls back slowly
        "spark.sql.codegen.wholeStage": "false",
        "spark.log.level": "ERROR",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except (PySparkRuntimeError, OSError) as error:
        raise SparkMissing(f"Spark did not start ({error}): Java 17 or newer must be on the PATH") from None
    session.sparkContext.setLogLevel("OFF")
    return session


def decide_file_on_spark(job: Job, progress: Progress = lambda _what, _share: None, session: Any = None) -> Report:
    """Decide every customer of a file with Spark; `job.out` becomes a folder that must not exist yet.

    Raises SparkMissing, InputRefused, OutputRefused.
    """
    started = time.monotonic()
    if job.out.exists():
        raise OutputRefused(f"{job.out}: exists already; Spark writes a new folder")
    check_job(job)
    with duckdb_session(job.threads, job.memory) as connection:
        checked = check_file(job, connection, progress)
        spark = session if session is not None else open_session(memory=job.memory.lower().replace("gb", "g"))
        checked = replace(checked, readings=readings(job.policy.plan, checked.columns, SPARK))
        if checked.repeated:
            keys = rows_of(connection, f"SELECT {KEY} FROM {REPEATED}")
            spark.createDataFrame(keys, [KEY]).createOrReplaceTempView(REPEATED)
        key = SPARK.quote(job.policy.bundle.facts.key)
        _read(spark, job).createOrReplaceTempView("source_file")
        relation = f"(SELECT *, {key} AS {KEY}, 0 AS {ROW} FROM source_file)"
        temporary = job.out.with_name(f".{job.out.name}.{uuid.uuid4().hex[:12]}")
        try:
            progress("decide", 0.0)
            spark.sql(decide_statement(job, checked, relation, SPARK)).write.parquet(str(temporary))
            temporary.replace(job.out)
            progress("decide", 1.0)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        summary = summarize(connection, job.policy, job.out)
    assumed = tuple(each.each.fact for each in checked.readings if each.column is None)
    return Report(summary.rows, checked.refused, time.monotonic() - started, summary, assumed)


def _read(spark: Any, job: Job) -> Any:
    path = str(job.source.absolute())
    if job.source.suffix == ".parquet":
        return spark.read.parquet(path)
    if job.source.suffix == ".csv":
        options = {"header": "true", "mode": "FAILFAST", "escape": '"', "multiLine": "true"}  # quoted as DuckDB reads it
        return spark.read.options(**options).csv(path)
    raise InputRefused(f"{job.source}: the input is a .parquet or a .csv file")
