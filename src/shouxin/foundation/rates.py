"""Annual rates: integers in millionths (ppm). Percent is a format: 109,500 ppm is 10.95% a year."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from shouxin.foundation.errors import RateAbsurd, RateNegative, RateUnreadable

MILLION = 1_000_000
MOST_PPM = 10 * MILLION  # 1,000% a year
_PERCENT = re.compile(r"(-?)([0-9]{1,30})(?:\.([0-9]{1,18}))?", re.ASCII)


def read_percent(written: Any, field: str = "annual_rate") -> int:
    """A rate in ppm, from percent a year as an int, a Decimal or text.

    Raises RateUnreadable (floats too), RateNegative, RateAbsurd (above 1,000%).

    >>> read_percent("10.95"), read_percent("0"), read_percent("9.4822")
    (109500, 0, 94822)
    """
    text = str(written) if isinstance(written, int | Decimal) and not isinstance(written, bool) else written
    found = _PERCENT.fullmatch(text) if isinstance(text, str) else None
    part = (found[3] or "").rstrip("0") if found else ""
    if found is None or len(part) > 4:
        raise RateUnreadable(field, written)
    ppm = int(found[2] + part.ljust(4, "0"))
    if found[1] and ppm:
        raise RateNegative(field, written)
    if ppm > MOST_PPM:
        raise RateAbsurd(field, written, most=MOST_PPM // 10_000)
    return ppm


def write_percent(ppm: int, places: int = 2) -> str:
    """Percent with a fixed number of decimals, never fewer than the rate needs.

    >>> write_percent(109_500), write_percent(94_822), write_percent(240_000, 0)
    ('10.95', '9.4822', '24')
    """
    percent = (Decimal(ppm) / 10_000).normalize()
    exponent = percent.as_tuple().exponent
    needed = max(0, -exponent) if isinstance(exponent, int) else 0
    return f"{percent:.{max(places, needed)}f}"
