"""The examples in the docstrings of all modules."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import shouxin


def modules() -> list[str]:
    found = pkgutil.walk_packages(shouxin.__path__, "shouxin.")
    return sorted(each.name for each in found if not each.name.endswith("__main__"))


def load(name: str) -> ModuleType:
    return importlib.import_module(name)


@pytest.mark.parametrize("name", modules())
def test_examples(name: str) -> None:
    assert doctest.testmod(load(name)).failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    count = sum(len(test.examples) for name in modules() for test in finder.find(load(name)))
    assert count > 20


def test_every_module_says_what_it_is() -> None:
    assert [name for name in modules() if not (load(name).__doc__ or "").strip()] == []
