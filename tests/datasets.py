"""The real data sets, which lie outside of the project: `SHOUXIN_DATASETS` names their folder, else `../shared/data`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATASETS = Path(os.environ.get("SHOUXIN_DATASETS") or Path(__file__).resolve().parents[2] / "shared" / "data")


def dataset(folder: str, file: str = "data.parquet") -> Path:
    """A real data file; skips where it is absent."""
    path = DATASETS / folder / file
    if not path.is_file():
        pytest.skip(f"no data: {path} is absent; SHOUXIN_DATASETS names the folder that holds {folder}/{file}")
    return path
