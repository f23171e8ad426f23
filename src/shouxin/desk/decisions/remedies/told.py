"""Changes in words: 近3个月贷款审批查询次数降至9以内（目前12） / enquiries for credit, 3 months: 9 or fewer (now 12)."""

from __future__ import annotations

from shouxin.desk.decisions.remedies.model import Act, Change
from shouxin.desk.decisions.trace import show_value
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.plan import Input
from shouxin.engines.policy.tree import Type, Value
from shouxin.foundation.texts import Text

WORDS = {
    "close": Text("关闭「{product}」", "close {product}"),
    "pay_off_and_close": Text("结清并关闭「{product}」", "pay off {product} and close it"),
    "pay_off": Text("结清「{product}」", "pay off {product}"),
    "repay": Text(
        "归还「{product}」，使已用额度降至{after}以内（目前{before}）", "repay {product} down to {after} or less (now {before})"
    ),
    "catch_up": Text("还清「{product}」的逾期款项", "pay what is overdue on {product}"),
    "catch_up_all": Text("还清在本机构的全部逾期款项", "pay all that is overdue here"),
    "wait": Text("等到{until}再申请（还需{days}天）", "wait until {until} ({days} days)"),
    "up": Text("{fact}提高到{after}以上（目前{before}）", "{fact}: {after} or more (now {before})"),
    "down": Text("{fact}降至{after}以内（目前{before}）", "{fact}: {after} or less (now {before})"),
    "down_count": Text("{fact}降至{after}以内（目前{before}）", "{fact}: {after} or fewer (now {before})"),
    "exactly": Text("{fact}降至{after}（目前{before}）", "{fact}: {after} (now {before})"),
    "later": Text("{fact}：不早于{after}（目前{before}）", "{fact}: {after} or later (now {before})"),
    "earlier": Text("{fact}：不晚于{after}（目前{before}）", "{fact}: {after} or earlier (now {before})"),
    "becomes": Text("{fact}：由“{before}”变为“{after}”", "{fact}: {after} (now {before})"),
}
# The same without numbers, for somebody whose identity is not proven.
DIRECTIONS = {
    "close": WORDS["close"],
    "pay_off_and_close": WORDS["pay_off_and_close"],
    "pay_off": WORDS["pay_off"],
    "repay": Text("归还部分「{product}」", "repay some of {product}"),
    "catch_up": WORDS["catch_up"],
    "catch_up_all": WORDS["catch_up_all"],
    "wait": Text("过一段时间再申请", "apply again later"),
    "up": Text("{fact}提高", "{fact}: more"),
    "down": Text("{fact}降低", "{fact}: less"),
    "down_count": Text("{fact}减少", "{fact}: fewer"),
    "exactly": Text("{fact}降低", "{fact}: less"),
    "later": Text("{fact}：更晚", "{fact}: later"),
    "earlier": Text("{fact}：更早", "{fact}: earlier"),
    "becomes": Text("{fact}：须为“{after}”", "{fact}: {after}"),
}
YES, NO = Text("是", "yes"), Text("否", "no")
MONEY = Text("{amount}元", "{amount}")


def write_change(policy: Policy, change: Change, lang: str) -> str:
    """One change for a person, in `zh` or `en`: money as money, bp and ppm as percent."""
    each = next(each for each in policy.plan.inputs if each.fact == change.fact)
    filled = {
        "fact": each.zh if lang == "zh" else each.en,
        "product": _product(policy, change.product, lang),
        "before": _value(each, change.before, lang),
        "after": _value(each, change.after, lang),
        "until": str(change.until),
        "days": str(_days(change)),
    }
    return WORDS[_word(each, change)].in_language(lang).format(**filled)


def write_direction(policy: Policy, change: Change, lang: str) -> str:
    """Which way one change goes, without what it is now and what it would have to be."""
    each = next(each for each in policy.plan.inputs if each.fact == change.fact)
    filled = {
        "fact": each.zh if lang == "zh" else each.en,
        "product": _product(policy, change.product, lang),
        "after": _value(each, change.after, lang),
    }
    return DIRECTIONS[_word(each, change)].in_language(lang).format(**filled)


def _word(each: Input, change: Change) -> str:
    if change.act is not None:
        return _word_of_act(change)
    kind = each.column.type
    if kind in (Type.BOOL, Type.ENUM):
        return "becomes"
    if kind is Type.DATE:
        return "later" if change.up else "earlier"
    if change.up:
        return "up"
    if change.after == each.column.low:
        return "exactly"
    return "down_count" if kind is Type.INT else "down"


def _word_of_act(change: Change) -> str:
    if change.act is Act.CLOSE:
        owed = any(moved.fact.startswith("used_") for moved in change.follows)
        return "pay_off_and_close" if owed else "close"
    if change.act is Act.REPAY:
        return "repay" if change.after else "pay_off"
    if change.act is Act.CATCH_UP:
        return "catch_up_all" if change.product is None else "catch_up"
    return "wait"


def _product(policy: Policy, code: str | None, lang: str) -> str:
    if code is None:
        return ""
    product = policy.bundle.products[code]
    return product.zh if lang == "zh" else product.en


def _days(change: Change) -> int | None:
    if not isinstance(change.before, int) or not isinstance(change.after, int):
        return None
    return change.after - change.before


def _value(each: Input, value: Value, lang: str) -> str:
    if isinstance(value, bool):
        return (YES if value else NO).in_language(lang)
    shown = show_value(value, each.column.type)
    return MONEY.in_language(lang).format(amount=shown) if each.column.type is Type.MONEY and lang == "zh" else shown
