"""What falls into the bins of a card, in words: `special: 96, 98`, `below 1`, `1 to below 2`, `2 and above`, `all others`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shouxin.engines.policy.card_shapes import AxisBinShape, FittedInputShape
from shouxin.foundation.texts import Text

MISSING = Text("缺失", "missing")
OTHER = Text("其余", "all others")
ALL = Text("全部", "all")
FLAGS = {True: Text("是", "yes"), False: Text("否", "no")}


def bin_texts(bins: Sequence[AxisBinShape], read: FittedInputShape) -> list[Text]:
    """The text of each bin of an input, in the order of the card; without the one for missing."""
    if read.type == "bool":
        return _flags(bins)
    if read.type == "enum":
        return [*(_listed(each) for each in bins[:-1]), OTHER if len(bins) > 1 else ALL]
    return list(_ranges(bins))


def _flags(bins: Sequence[AxisBinShape]) -> list[Text]:
    named = [value for each in bins for value in each.within or () if isinstance(value, bool)]
    if len(bins) == 1:
        return [ALL]
    last = FLAGS[not named[0]] if len(set(named)) == 1 else OTHER
    return [*(FLAGS[value] for value in named), last]


def _listed(each: AxisBinShape) -> Text:
    text = ", ".join(str(value) for value in each.within or ())
    return Text(text, text)


def _ranges(bins: Sequence[AxisBinShape]) -> Iterator[Text]:
    before: object = None
    for each in bins:
        if each.within is not None:
            listed = _listed(each)
            yield Text(f"特殊值 {listed.zh}", f"special: {listed.en}")
        elif each.below is not None:
            yield _range(before, each.below)
            before = each.below
        else:
            yield ALL if before is None else Text(f"{before} 及以上", f"{before} and above")


def _range(since: object, below: object) -> Text:
    if since is None:
        return Text(f"小于 {below}", f"below {below}")
    return Text(f"{since} 至小于 {below}", f"{since} to below {below}")
