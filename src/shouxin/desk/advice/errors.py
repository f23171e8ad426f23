"""What is refused when products are matched with a need; `matching.ORDER` has the order."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class DecisionByOtherRules(Refusal):
    """The decision was made by another bundle than the one it is to be matched under."""

    en = "a decision by the bundle {hash}: decide again"
    zh = "须依据策略包 {hash} 作出审批结论，请重新审批"


class UseUnknown(Refusal):
    """No product names such a use, neither as allowed nor as forbidden."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class MonthsOutOfRange(Refusal):
    """A wished term that no loan can have."""

    en = "a whole number of months from 1 to {most}"
    zh = "期限须为 1 至 {most} 个月的整数"


class NeedBeforeDecision(Refusal):
    """The money is wanted on a day before the decision."""

    en = "{as_of}, the day of the decision, or later"
    zh = "用款日不得早于审批结论日 {as_of}"
