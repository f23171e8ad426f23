"""The words in which a matching is told. Amounts are filled in with separators, in the lender's currency."""

from __future__ import annotations

from shouxin.desk.advice.model import Barrier, Fit, NoPair, Wants
from shouxin.foundation.texts import Text

FIT = {
    Fit.WHOLE: Text("可满足全部需求", "meets the whole need"),
    Fit.PART: Text("可满足部分需求", "meets the need in part"),
    Fit.PERSON: Text("需人工审批", "a person has to decide"),
    Fit.NONE: Text("暂不能办理", "not to be had now"),
}
SUMMARY = {
    Fit.WHOLE: Text(
        "有产品可满足您的全部需求，按息费合计由低到高排列。", "The whole need can be met; what costs least stands first."
    ),
    Fit.PART: Text(
        "没有单一产品可满足您的全部需求，可满足部分需求的产品如下。", "No one product meets the whole need; some meet a part."
    ),
    Fit.PERSON: Text("目前没有可直接办理的产品，以下产品需人工审批。", "None can be had now; a person has to decide on some."),
    Fit.NONE: Text("目前没有可办理的产品，原因如下。", "None of our products can be had for this need now; the reasons follow."),
}
SCORE_NOTICE = Text(
    "本评分仅供本机构授信使用，不是征信评分。",
    "The score is for this lender's credit decisions only; it is not a bureau score.",
)
PAPER = Text("：{papers}", ": {papers}")
PAPERS = Text("，以下任一项均可：{papers}", "; one of these is enough: {papers}")  # of a proof of use
BEYOND = Text(
    "* 按此期限每月还款，超出按您的情况测算的月还款能力，列示仅供比较。",
    "* Paid back over this term, the monthly instalment is more than you were found able to pay; shown for comparison.",
)
ORDERED_BY = Text(
    "排列顺序只取决于需求的满足程度和您承担的息费。",
    "The order depends on how far the need is met and on what it costs you, and on nothing else.",
)
WANTS = {
    Wants.PROOF: Text(
        "金额超过{above}元，须提供用途证明材料", "proof of what the money is used for: the amount is above {above}"
    ),
    Wants.PAYEE: Text(
        "金额超过{above}元，须采用受托支付，资金直接支付给交易对象", "payment straight to the seller: the amount is above {above}"
    ),
    Wants.PERSON: Text("须经人工审批", "a decision by a person"),
    Wants.CONSENT: Text("须授权本机构查询：{sources}", "your consent to our asking for: {sources}"),
    Wants.FACTS: Text("缺少信息：{facts}", "information that is missing: {facts}"),
}
# What is in the way, and what can be done; where a reason code of the bundle stands behind it, that has its own words for both.
BARRIER: dict[Barrier, tuple[Text, Text | None]] = {
    Barrier.USE_FORBIDDEN: (
        Text("本产品不得用于{use}。", "This product may not be used for this: {use}."),
        Text("本产品可用于：{uses}。", "It may be used for: {uses}."),
    ),
    Barrier.USE_NOT_SERVED: (
        Text("本产品的用途不包括{use}。", "This product is not for this use: {use}."),
        Text("本产品可用于：{uses}；请按实际用途申请。", "It may be used for: {uses}. Apply for what the money is really for."),
    ),
    Barrier.LIMIT: (Text("可获额度为{amount}元。{why}", "The limit would be {amount}. {why}"), None),
    Barrier.IN_USE: (
        Text("额度已部分使用，可用额度为{amount}元。", "Part of the line is in use; {amount} can be drawn."),
        Text("归还已用额度后，可用额度相应恢复。", "What you repay can be drawn again."),
    ),
    Barrier.TOTAL_LINE: (Text("综合授信额度剩余{amount}元。", "{amount} is left of your total line."), None),
    Barrier.TERM: (
        Text(
            "不提供{months}个月期限，按最接近的{nearest}个月试算。",
            "Not for {months} months; worked out for the nearest, {nearest}.",
        ),
        Text("可选期限（月）：{offered}。", "Terms in months: {offered}."),
    ),
}
NO_PAIR = {
    NoPair.NONE_FITS: Text("没有可合并办理的两个产品。", "There are no two products that could be taken together."),
    NoPair.TOO_LITTLE: Text(
        "在可获额度和还款能力范围内，任意两个产品合并办理也不能满足全部需求。",
        "No two products together meet the whole need either, within their limits and what you can pay back each month.",
    ),
}
