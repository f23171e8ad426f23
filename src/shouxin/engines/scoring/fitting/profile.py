"""Draft the specification of a fit from the data: types, codes, directions, what cannot be used and why, suspected leaks.

    drafted = draft(table, "default", None)
    spec_text(drafted.spec)                         a file to read and correct

What uses the outcome (directions, the screen for leaks) looks at the training rows of the split only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shouxin.engines.scoring.cards.embed import NUMBERS
from shouxin.engines.scoring.fitting.column_kinds import ColumnLook, look_at, why_of_no_use
from shouxin.engines.scoring.fitting.directions import direction_of
from shouxin.engines.scoring.fitting.draft_names import draft_names, product_code, words_of
from shouxin.engines.scoring.fitting.draft_target import draft_target
from shouxin.engines.scoring.fitting.fit_errors import FEWEST_BADS, FitWarning
from shouxin.engines.scoring.fitting.inputs import numbers_of
from shouxin.engines.scoring.fitting.leaks import Leak, screen_columns
from shouxin.engines.scoring.fitting.spec import ColumnSpec, Direction, Spec
from shouxin.engines.scoring.fitting.special_values import SpecialValues, special_values
from shouxin.engines.scoring.fitting.table import Table, outcomes, split_rows
from shouxin.engines.scoring.measuring.sample import Codes, Floats
from shouxin.foundation.texts import Text

PROTECTED = frozenset(
    """
    sex gender marriage married marital race racial ethnic ethnicity nationality citizenship religion foreign foreigner pregnant
    disability disabled 性别 婚姻 婚姻状况 婚否 民族 种族 宗教 国籍 户籍 籍贯
    """.split()  # noqa: SIM905 - words read better than a list of strings
)
AGE = frozenset({"age", "年龄"})
DECISION = (
    "decision",
    "approval",
    "approved",
    "approve",
    "issue",
    "issued",
    "origination",
    "application",
    "审批",
    "放款",
    "申请",
)
LATE = (
    "early return",
    "total pay",
    "total pymnt",
    "total rec",
    "last pay",
    "last pymnt",
    "next pay",
    "next pymnt",
    "last fico",
    "recover",
    "collection",
    "chg off",
    "charge off",
    "chargeoff",
    "write off",
    "writeoff",
    "settlement",
    "out prncp",
    "closed date",
    "hardship",
    "提前还款",
    "核销",
    "催收",
    "结清",
    "追偿",
)
MOST_NAME = 400


@dataclass(frozen=True)
class Drafted:
    """A drafted specification, what is doubtful about it, the leaks that were found, and what each column looks like."""

    spec: Spec
    notes: tuple[FitWarning, ...]
    leaks: tuple[Leak, ...]
    looks: tuple[ColumnLook, ...]


def draft(table: Table, target_column: str, bad_value: str | None) -> Drafted:
    """A specification of all columns of a table but the target.

    Raises ColumnsAbsent, TargetNeedsBad, TargetManyValues, BadValueAbsent, TargetOneClass.
    """
    target, notes = draft_target(table, target_column, bad_value)
    looks = tuple(look_at(table, column) for column in table.names if column != target_column and len(column) <= MOST_NAME)
    first = Spec(
        name=product_code(table.name),
        zh="评分卡",
        en="Scorecard",
        target=target,
        protected=[look.column for look in looks if _is_protected(look.column)],
        decision_date=_decision_date(looks),
        columns=_columns(table, looks),
    )
    bad = outcomes(target, table)
    train = _training_rows(first, table, bad)
    leaks = _leaks(table.take(train), bad[train], first, looks)
    columns = {
        name: _with_outcome(each, table, name, bad, train) if name not in leaks else _as_leak(each, leaks[name])
        for name, each in first.columns.items()
    }
    spec = first.model_copy(update={"columns": columns})
    late = [_sounds_late(column) for column in spec.used if words_sound_late(column)]
    return Drafted(spec, (*notes, *(note for look in looks for note in _notes(look, table)), *late), tuple(leaks.values()), looks)


def words_sound_late(column: str) -> bool:
    """Whether a column's name sounds like something that is known only when the outcome is.

    >>> words_sound_late("total_pymnt_inv"), words_sound_late("ChgOffPrinGr"), words_sound_late("monthly_payment")
    (True, True, False)
    """
    name = " ".join(words_of(column))
    return any(each in name for each in LATE)


def _columns(table: Table, looks: Sequence[ColumnLook]) -> dict[str, ColumnSpec]:
    """Every column as far as its outcome is not needed."""
    found: dict[str, ColumnSpec] = {}
    taken: list[str] = []
    for look in looks:
        names = draft_names(look.column, taken)
        taken.append(names.input)
        why = _why(look)
        codes = _codes(table, look) if look.type in ("int", "double") and why is None else SpecialValues()
        found[look.column] = ColumnSpec(
            use=why is None,
            input=names.input,
            type=look.type,
            special=list(codes.special),
            missing_values=[*codes.missing, *(word for word, _ in look.words)],
            reason=names.reason,
            zh=names.zh,
            en=names.en,
            why=None if why is None else f"{why.en}; {why.zh}"[:MOST_NAME],
        )
    return found


def _why(look: ColumnLook) -> Text | None:
    if _is_protected(look.column):
        return Text("受保护属性：只度量，不入模", "protected: measured, never used")
    return why_of_no_use(look)


def _codes(table: Table, look: ColumnLook) -> SpecialValues:
    """The codes among a column's numbers; none where it holds texts beside them."""
    return special_values(table.numbers[look.column]) if look.column in table.numbers else SpecialValues()


def _is_protected(column: str) -> bool:
    return bool(PROTECTED & set(words_of(column)))


def _decision_date(looks: Sequence[ColumnLook]) -> str | None:
    """The column of days whose name says that on them was decided."""
    for word in DECISION:
        for look in looks:
            if look.is_day and any(each.startswith(word) for each in words_of(look.column)):
                return look.column
    return None


def _training_rows(spec: Spec, table: Table, bad: Floats) -> Codes:
    """The rows of the split to fit on; all that have an outcome where they are too few to split."""
    known = np.flatnonzero(~np.isnan(bad))
    if min((bad == 1).sum(), (bad == 0).sum()) < FEWEST_BADS:
        return known
    return split_rows(spec, table, bad)[0]


def _leaks(train: Table, bad: Floats, spec: Spec, looks: Sequence[ColumnLook]) -> dict[str, Leak]:
    """Leaks by column. Days are looked at although a card cannot use them: an analyst would make spans of them."""
    columns = [look.column for look in looks if spec.columns[look.column].use or look.is_day]
    return {leak.column: leak for leak in screen_columns(train, bad, columns, spec.decision_date)}


def _as_leak(each: ColumnSpec, leak: Leak) -> ColumnSpec:
    why = f"suspected leak: {leak.evidence.en}; 疑似泄漏：{leak.evidence.zh}"
    return each.model_copy(update={"use": False, "leak": True, "why": why[:MOST_NAME]})


def _with_outcome(each: ColumnSpec, table: Table, column: str, bad: Floats, train: Codes) -> ColumnSpec:
    """The column with the direction that its training rows show."""
    if not each.use or each.type not in NUMBERS:
        return each
    values = numbers_of(table, column, each)[train]
    special = np.isin(values, [float(code) for code in each.special])
    direction: Direction = direction_of(np.where(special, np.nan, values), bad[train])
    return each.model_copy(update={"direction": direction})


def _sounds_late(column: str) -> FitWarning:
    zh = "名称像是放款后才知道的信息：请确认审批时已知，否则设 `use: false`"
    en = "its name sounds like something known only afterwards: make sure it was known at the decision, else `use: false`"
    return FitWarning(column, zh, en)


def _notes(look: ColumnLook, table: Table) -> list[FitWarning]:
    """What an analyst should look at."""
    found = []
    if AGE & set(words_of(look.column)):
        zh = "年龄在许多法域可以使用，但受限制；不可用时请列入 `protected`"
        found.append(FitWarning(look.column, zh, "age may be used in many places, within limits; else list it under `protected`"))
    if look.words:
        count, first = sum(rows for _, rows in look.words), look.words[0][0]
        zh = f"除 {count:,} 个单元格（如 {first!r}）外都是数值；这些已列为 missing_values"
        en = f"looks like numbers but for {count:,} cells such as {first!r}; drafted as missing_values"
        found.append(FitWarning(look.column, zh, en))
    if look.column in table.numbers and (infinite := int(np.isinf(table.numbers[look.column]).sum())):
        zh = f"有 {infinite:,} 个无穷大：拟合会拒绝；请修正数据，或写入 missing_values"
        found.append(
            FitWarning(look.column, zh, f"{infinite:,} infinite values: the fit refuses them; mend them, or missing_values")
        )
    if look.is_text_day and look.column in table.texts:
        zh = "日期以文本保存；要按时间划分样本，请改为 YYYY-MM-DD 的日期"
        found.append(FitWarning(look.column, zh, "days kept as text; for a split out of time make them days, YYYY-MM-DD"))
    return found
