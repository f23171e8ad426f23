"""Copies of the starter bundle with one thing changed, for tests of what is then found."""

from __future__ import annotations

import shutil
from pathlib import Path

from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.load import SHIPPED


def starter(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """The starter bundle in a folder; each edit is (file, old text, new text), and the old text must be there once."""
    copy = folder / "starter"
    shutil.copytree(SHIPPED / "starter", copy)
    for name, old, new in edits:
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} holds {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def edited(folder: Path, *edits: tuple[str, str, str]) -> Policy:
    """The starter bundle with edits, compiled."""
    return compile_policy(starter(folder, *edits))
