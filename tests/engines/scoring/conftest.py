"""Fixtures of the scoring room: an independent PMML engine, and the schema of PMML 4.4."""

from __future__ import annotations

import importlib
import importlib.util
import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest


def absent(what: str) -> NoReturn:
    """Skips the test, or fails it where SHOUXIN_REQUIRE_ALL=1."""
    if os.environ.get("SHOUXIN_REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def jars() -> Path:
    """The folder of the jars that jpmml-evaluator brings."""
    found = importlib.util.find_spec("jpmml_evaluator")
    if found is None or found.origin is None:
        absent("jpmml-evaluator is not installed: pip install jpmml-evaluator")
    return Path(found.origin).parent / "dependencies"


@pytest.fixture(scope="module")
def backend(jars: Path) -> Iterator[Any]:
    """A Java machine with the evaluator in it."""
    if shutil.which("java") is None:
        absent("no Java on the PATH")
    module = importlib.import_module("jpmml_evaluator.py4j")
    found = module.Py4JBackend()
    process = found.gateway.java_process
    yield found
    module.Py4JBackend.destroyGateway()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    process.wait(timeout=30)


@pytest.fixture(scope="module")
def schema(jars: Path) -> Any:
    """The XML schema of PMML 4.4, as the model classes of JPMML carry it."""
    etree = importlib.import_module("lxml.etree")
    jar = next(each for each in jars.glob("pmml-model-*.jar") if "metro" not in each.name)
    with zipfile.ZipFile(jar) as archive:
        return etree.XMLSchema(etree.parse(io.BytesIO(archive.read("pmml.xsd"))))
