"""What is known of a customer as it is printed: each fact, its value, where it came from, or why it is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from shouxin.book.facts.known import ACTIVITY, RECORD, Known
from shouxin.book.facts.loading import Loaded
from shouxin.book.facts.seen import FactSeen, came_in, seen_facts
from shouxin.book.facts.snapshots import NO_RECORD
from shouxin.book.facts.values import plain_value
from shouxin.desk.decisions.missing import why_missing
from shouxin.engines.policy.compile import Policy
from shouxin.engines.policy.tree import Type, Value
from shouxin.faces.cli.answers_shown import Shown, show_lines, show_table, word
from shouxin.faces.cli.out import results
from shouxin.foundation.money import show_amount
from shouxin.foundation.rates import write_percent
from shouxin.foundation.texts import Text

HEADS = (
    (Text("变量", "Fact"), False),
    (Text("取值", "Value"), True),
    (Text("来源", "From"), False),
    (Text("数据日期", "Speaks of"), False),
    (Text("登记日", "Known since"), False),
    (Text("距今天数", "Age, days"), True),
    (Text("授权编号", "Consent"), True),
    (Text("说明", "Remark"), False),
)
YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}
OURS: Mapping[str, Text] = {
    RECORD: Text("客户档案", "customer's record"),
    ACTIVITY: Text("经营活动", "activity"),
}
REQUIRED, NOT_GIVEN, UNUSABLE, DEFAULT = "required", "not_given", "unusable", "default"
REMARKS: Mapping[str, Text] = {
    REQUIRED: Text("必填，尚未取得", "required, and not given"),
    NOT_GIVEN: Text("未提供", "not given"),
    UNUSABLE: Text("现行策略包无法使用该值", "a value that this bundle cannot use"),
    DEFAULT: Text("未提供，取策略包默认值", "not given: the bundle's default"),
    NO_RECORD: Text("查无记录", "no record"),
    "not_asked": Text("未查询", "not asked"),
    "no_consent": Text("未获授权", "no consent"),
    "failed": Text("查询失败", "the asking failed"),
    "too_old": Text("已超过有效期", "too old"),
    "from_later": Text("数据日期晚于所查日期", "speaks of a later day"),
}
LOADED: Mapping[str, Text] = {
    "customers": Text("客户数", "customers"),
    "snapshots": Text("新登记的数据", "answers recorded"),
    "known": Text("此前已登记", "recorded before"),
    "bundle": Text("策略包", "bundle"),
}
AS_OF = Text("截至 {day}，策略包 {name} {version}", "As of {day}, by the bundle {name} {version}")
ABSENT = Text("缺少必填变量，无法审批：", "No decision can be made without: ")


def shown_load(done: Loaded, policy: Policy, lang: str) -> Shown:
    """What a load did."""
    about = policy.bundle.about
    plain = {"customers": done.customers, "snapshots": done.snapshots, "known": done.known, "bundle": policy.bundle.hash}
    words = {**{name: f"{plain[name]:,}" for name in LOADED if name != "bundle"}, "bundle": f"{about.name} {about.version}"}
    return Shown(plain, lambda: show_lines([(text.in_language(lang), words[name]) for name, text in LOADED.items()]))


def shown_facts(policy: Policy, known: Known, lang: str) -> Shown:
    """Every fact of the catalogue, in its order."""
    came = came_in(policy, known)
    seen = [(each, remark_of(policy, known, each, came)) for each in seen_facts(policy, known)]
    absent = [each for each, remark in seen if remark == REQUIRED]
    plain = {
        "customer": str(known.customer_id),
        "as_of": known.as_of.isoformat(),
        "bundle": policy.bundle.hash,
        "facts": [_plain(each, remark) for each, remark in seen],
        "required": [each.each.fact for each in absent],
    }

    def show() -> None:
        about = policy.bundle.about
        results.print(AS_OF.in_language(lang).format(day=known.as_of, name=about.name, version=about.version))
        show_table(HEADS, [_row(policy, each, remark, lang) for each, remark in seen], lang)
        if absent:
            names = ("、" if lang == "zh" else ", ").join(_label(each, lang) for each in absent)
            results.print(ABSENT.in_language(lang) + names, soft_wrap=True)

    return Shown(plain, show)


def remark_of(policy: Policy, known: Known, seen: FactSeen, came: Mapping[str, Value]) -> str | None:
    """Why a fact is missing, or that its value is one which the bundle supplies; None where it counts as it came."""
    each = seen.each
    if seen.counts is not None and seen.given is not None and seen.counts == seen.came:
        return None
    if seen.counts is not None:
        return NO_RECORD if each.name != each.fact and seen.counts != seen.came else DEFAULT
    if each.fact in known.unusable:
        return UNUSABLE
    if seen.required:
        return REQUIRED
    status = policy.plan.sources[each.source][0]
    if each.name == each.fact or (status and came[status] is None):
        return NOT_GIVEN
    return why_missing(policy, each.fact, came, known.as_of)


def _plain(seen: FactSeen, remark: str | None) -> dict[str, Any]:
    each, given = seen.each, seen.given
    return {
        "fact": each.fact,
        "zh": each.zh,
        "en": each.en,
        "type": each.column.type.value,
        "value": plain_value(each, seen.counts),
        "came": plain_value(each, seen.came),
        "source": given.source if given else None,
        "observed": given.observed.isoformat() if given else None,
        "known_since": given.booked.isoformat() if given else None,
        "age_days": seen.age_days,
        "consent": given.consent if given else None,
        "remark": remark,
    }


def _row(policy: Policy, seen: FactSeen, remark: str | None, lang: str) -> list[str]:
    given = seen.given
    value = seen.counts if seen.counts is not None else seen.came
    where = [
        source_name(policy, given.source, lang) if given else "",
        str(given.observed) if given else "",
        str(given.booked) if given else "",
        str(seen.age_days) if given else "",
        str(given.consent) if given and given.consent else "",
    ]
    told = REMARKS.get(remark, Text(remark, remark)).in_language(lang) if remark else ""
    return [_label(seen, lang), shown_value(seen.each.column.type, value, lang), *where, told]


def source_name(policy: Policy, source: str, lang: str) -> str:
    """What people call a source."""
    shape = policy.bundle.facts.sources.get(source)
    if shape is not None:
        return Text(shape.zh, shape.en).in_language(lang)
    return OURS[source].in_language(lang) if source in OURS else source


def shown_value(kind: Type, value: Value, lang: str) -> str:
    """A stored value as people read it: money in major units, shares and rates in percent.

    >>> shown_value(Type.MONEY, 1200050, "en"), shown_value(Type.BP, 3050, "zh"), shown_value(Type.BOOL, True, "zh")
    ('12,000.50', '30.50%', '是')
    """
    if value is None:
        return "-"
    if isinstance(value, bool):
        return YES_NO[value].in_language(lang)
    if isinstance(value, dt.date):
        return value.isoformat()
    if kind is Type.MONEY:
        return show_amount(int(str(value)))
    if kind is Type.BP:
        return f"{show_amount(int(str(value)))}%"
    if kind is Type.PPM:
        return f"{write_percent(int(str(value)))}%"
    if kind is Type.ENUM:
        return REMARKS[str(value)].in_language(lang) if value in REMARKS else word(str(value), lang)
    return str(value)


def _label(seen: FactSeen, lang: str) -> str:
    return Text(seen.each.zh, seen.each.en).in_language(lang)
