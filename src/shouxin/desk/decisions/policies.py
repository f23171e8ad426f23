"""Stored bundles, compiled: once in each process, by hash."""

from __future__ import annotations

import datetime as dt

from shouxin.book.products import active_bundle, bundle_of
from shouxin.desk.decisions.assess import Assessor
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.load import Bundle
from shouxin.infra.db.unit import Unit

# By hash, so never out of date; a lender has few bundles.
_KNOWN: dict[str, Assessor] = {}


def assessor_of(unit: Unit, code: bytes) -> Assessor:
    """The assessor of a stored bundle."""
    return assessor_for(bundle_of(unit, code))


def active_assessor(unit: Unit, day: dt.date) -> Assessor:
    """The assessor of the bundle that is in force on a day. Raises BundleNotActive."""
    return assessor_for(active_bundle(unit, day))


def assessor_for(bundle: Bundle) -> Assessor:
    """The assessor of a bundle. Raises BundleRefused where it does not compile."""
    found = _KNOWN.get(bundle.hash)
    if found is None:
        found = _KNOWN[bundle.hash] = Assessor(compile_policy(bundle))
    return found
