"""The counter that the tests of `shouxin book` and `shouxin cob` stand at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shouxin.infra.db.connect import Target
from shouxin.infra.db.keys import KeyRing
from tests.faces.cli.counter import Counter, at_the_counter, in_force


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of keys."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    KeyRing.load_or_make(file)
    return file


@pytest.fixture(scope="module")
def open_books(database: Target) -> Target:
    """A database with the shipped bundle in force since the first business day."""
    in_force(database)
    return database


@pytest.fixture
def counter(open_books: Target, key_file: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Counter]:
    """Commands on a lender who has begun; all tests of a module share the database."""
    with at_the_counter(open_books, key_file, capsys) as found:
        yield found
