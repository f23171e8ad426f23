"""Fixtures for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from shouxin.desk.portfolio import SparkMissing, open_session
from shouxin.engines.policy.compile import Policy
from tests.bundles import shipped
from tests.database import (  # noqa: F401 - pytest finds them here
    client_programs,
    database,
    databases,
    empty_database,
    folder,
    pytest_generate_tests,
    server,
    server_kind,
    template,
)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark session. Without Spark its tests are skipped, or fail where SHOUXIN_REQUIRE_ALL=1."""
    try:
        session = open_session(memory="2g")
    except SparkMissing as missing:
        if os.environ.get("SHOUXIN_REQUIRE_ALL") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    session.conf.set("spark.sql.shuffle.partitions", "2")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def starter() -> Policy:
    """The compiled bundle `starter`."""
    return shipped("starter")
