"""The notebook runs from its first cell to its last, on the real file and on the made-up one; no output is committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from ipykernel.kernelspec import write_kernel_spec
from nbclient import NotebookClient

from tests.datasets import dataset

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs/notebooks/score.ipynb"
SECONDS_A_CELL = 90


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel `python3` is this very Python; nothing is read from or written to the home folder."""
    write_kernel_spec(str(tmp_path / "jupyter/kernels/python3"))
    for name in ("JUPYTER_PATH", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def read() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def executed() -> str:
    """What the notebook shows when it is run. Raises CellExecutionError where a cell fails."""
    notebook = read()
    NotebookClient(notebook, timeout=SECONDS_A_CELL, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [each.name for each in outputs if each.output_type == "stream" and each.name != "stdout"] == []
    assert sum("image/svg+xml" in each.get("data", {}) for each in outputs) == 2
    return "\n".join(each.get("text") or each.data.get("text/markdown", "") for each in outputs)


def test_no_output_is_committed() -> None:
    notebook = read()
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)


@pytest.mark.usefixtures("kernel")
def test_it_runs_on_the_real_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUXIN_DATASETS", str(dataset("gmsc").parents[1].resolve()))
    printed = executed()
    assert "Fitted on 14,000 rows, tested on 6,000." in printed
    assert "the real file" in printed
    assert "Approved from a score of" in printed


@pytest.mark.usefixtures("kernel")
def test_it_runs_without_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUXIN_DATASETS", str(tmp_path))
    printed = executed()
    assert "absent: the figures below are of made-up borrowers" in printed
    assert "Approved from a score of" in printed
