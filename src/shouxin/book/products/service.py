"""Bundles: stored once by hash, in force from a day on, read again by those who lent under them."""

from __future__ import annotations

import datetime as dt
import json

from shouxin.book.customers import history_of, hold_customer, store_events
from shouxin.engines.policy.load import Bundle, from_texts
from shouxin.foundation.ids import NIL
from shouxin.foundation.refusal import Refusal
from shouxin.infra.db.queries import load_queries
from shouxin.infra.db.unit import Unit

QUERIES = load_queries(__package__)

# By hash, so never out of date. A lender has few bundles; each is some hundred kilobytes.
_KNOWN: dict[bytes, Bundle] = {}


class BundleNotActive(Refusal):
    """No bundle holds on that day."""

    en = "a day on which a bundle is in force: shouxin policy activate DIR --from DATE"
    zh = "当日没有生效的策略包，请先运行 shouxin policy activate DIR --from DATE"


class SinceBeforeToday(Refusal):
    """A bundle would hold for days on which others were decided on."""

    en = "{today} or later: what was decided stays decided"
    zh = "生效日不得早于 {today}：已作出的审批结论不变"


def activate(unit: Unit, bundle: Bundle, since: dt.date, principal: str, today: dt.date) -> bool:
    """Store a bundle and let it hold from a day on; False where the last word on that day says so already.

    Raises SinceBeforeToday.
    """
    if since < today:
        raise SinceBeforeToday("from", since, today=today)
    code = bytes.fromhex(bundle.hash)
    house = hold_customer(unit, NIL)  # one activation at a time
    (rows,) = unit.read((QUERIES["activations"], ()))
    same_day = [each.hash for each in rows if each.since == since]
    if same_day and same_day[-1] == code:
        return False
    store_bundle(unit, bundle, today)
    unit.write(QUERIES["activated"], (len(rows) + 1, since, code, principal, today))
    history = history_of(unit, house, principal, today)
    history.append("bundle.activated", {"bundle": bundle.hash, "name": bundle.about.name, "since": since.isoformat()})
    store_events(unit, history)
    return True


def store_bundle(unit: Unit, bundle: Bundle, today: dt.date) -> None:
    """Keep the files of a bundle, so that its hash may be named. A repeat changes nothing."""
    texts = json.dumps(dict(bundle.texts), ensure_ascii=False)
    unit.write(QUERIES["bundle_stored"], (bytes.fromhex(bundle.hash), bundle.about.name, bundle.about.version, texts, today))


def active_bundle(unit: Unit, day: dt.date) -> Bundle:
    """The bundle that holds on a day. Raises BundleNotActive."""
    (rows,) = unit.read((QUERIES["active"], (day,)))
    if not rows:
        raise BundleNotActive("date", day)
    return bundle_of(unit, rows[0].hash)


def bundle_of(unit: Unit, code: bytes) -> Bundle:
    """The bundle of a hash; it was stored before anything named it."""
    found = _KNOWN.get(code)
    if found is None:
        (rows,) = unit.read((QUERIES["texts"], (code,)))
        found = _KNOWN[code] = from_texts(rows[0].texts)
    return found
