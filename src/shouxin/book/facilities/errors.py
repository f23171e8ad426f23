"""What is refused when a line is granted, changed or closed. `acts.py` says in which order."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class FacilityUnknown(Refusal):
    """The customer has no such facility."""

    en = "a facility of this customer"
    zh = "该客户名下没有此额度"


class TotalLineMissing(Refusal):
    """The customer has no total line yet."""

    en = "a customer with a total line; set one first"
    zh = "该客户尚未核定综合授信额度，请先核定"


class TotalLineBelowExposure(Refusal):
    """A total line below what is promised already."""

    en = "at least {exposure}, the exposure of the customer's facilities; lower or close those first"
    zh = "不得低于现有授信敞口 {exposure}，请先调低或关闭分项额度"


class ProductUnknown(Refusal):
    """No such product in the bundle."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class ProductHeld(Refusal):
    """The customer holds that product."""

    en = "a product that the customer does not hold; {product} is {status}"
    zh = "客户已持有该产品，{product} 当前状态为 {status}"


class ReopeningTooEarly(Refusal):
    """The wait after closing is not over."""

    en = "{earliest} or later: it was closed on {ended} ({reason}), and the wait is {days} days"
    zh = "须在 {earliest} 及以后：该产品于 {ended} 关闭（{reason}），等待期 {days} 天"


class LimitOutsideProduct(Refusal):
    """A limit that the product does not have."""

    en = "from {least} to {most}, in steps of {step}"
    zh = "须在 {least} 至 {most} 之间，且为 {step} 的整数倍"


class ExposureExceedsTotalLine(Refusal):
    """Granting or raising would promise more than the total line."""

    en = "at most {most}: the total line is {total}, and {exposure} of it is taken"
    zh = "最多 {most}：综合授信额度 {total}，已占用 {exposure}"


class StatusForbids(Refusal):
    """The facility's status does not allow the step."""

    en = "a facility that is {allowed}; this one is {status}"
    zh = "额度状态须为 {allowed}，当前为 {status}"


class FacilityExpired(Refusal):
    """The line has run out."""

    en = "a facility that has not expired; this one ended on {expires}: renew it"
    zh = "额度未到期方可办理，本额度已于 {expires} 到期，请先续期"


class ExpiryNotLater(Refusal):
    """A renewal that does not lengthen."""

    en = "later than {expires}"
    zh = "须晚于 {expires}"


class ReasonMissing(Refusal):
    """A change without a reason code."""

    en = "a reason code in capitals, such as BY_CHOICE"
    zh = "请填写大写的原因代码，例如 BY_CHOICE"


class ClosedByUs(Refusal):
    """The lender closes the line, and the customer cannot take that back."""

    en = "a line that the customer is closing; this one we close, for {reason}"
    zh = "仅可撤回客户本人申请的关闭；该额度由本机构关闭，原因：{reason}"
