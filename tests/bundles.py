"""Bundles for tests: the shipped ones, and edited copies of them."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.errors import BundleRefused, Fault
from shouxin.engines.policy.load import SHIPPED, shipped_names

Change = str | bytes | tuple[str, str] | list[tuple[str, str]] | None


def copy_bundle(to: Path, changes: Mapping[str, Change] | None = None, base: str = "starter") -> Path:
    """A copy of a shipped bundle under `to`, with changes by file.

    A text (or bytes) replaces or makes the file; pairs (old, new) replace what stands there once; None removes the file.
    """
    folder = to / "bundle"
    number = 1
    while folder.exists():
        number += 1
        folder = to / f"bundle{number}"
    shutil.copytree(SHIPPED / base, folder)
    for name, change in (changes or {}).items():
        path = folder / name
        if change is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(change, bytes):
            path.write_bytes(change)
        elif isinstance(change, str):
            path.write_text(change, encoding="utf-8")
        else:
            text = path.read_text(encoding="utf-8")
            for old, new in change if isinstance(change, list) else [change]:
                assert old in text, f"{name} holds no {old!r}"
                text = text.replace(old, new, 1)
            path.write_text(text, encoding="utf-8")
    return folder


def policy_of(to: Path, changes: Mapping[str, Change] | None = None, base: str = "starter") -> Policy:
    """The compiled copy of a bundle, with changes."""
    return compile_policy(copy_bundle(to, changes, base))


def faults_of(to: Path, changes: Mapping[str, Change], base: str = "starter") -> tuple[Fault, ...]:
    """The faults for which a changed bundle is refused; the test fails when it is not refused."""
    with pytest.raises(BundleRefused) as refused:
        compile_policy(copy_bundle(to, changes, base))
    return refused.value.faults


@functools.cache
def shipped(name: str) -> Policy:
    """A shipped bundle, compiled once."""
    return compile_policy(name)


def compiling() -> list[str]:
    """The shipped bundles that compile; `starter` always must."""
    found = []
    for name in shipped_names():
        try:
            shipped(name)
        except BundleRefused:
            if name == "starter":
                raise
            continue
        found.append(name)
    return found
