"""A local Spark session, set up so that it answers like every other engine: ANSI on, time zone fixed."""

from __future__ import annotations

from typing import Any


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
