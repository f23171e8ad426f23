"""What the values of answers are called: why a line was closed, by whom, under which licence the lender lends."""

from __future__ import annotations

from shouxin.foundation.texts import Text

# By the reason code of a line's end (`book/facilities/acts.py`).
CLOSED_WHY = {
    "BY_CHOICE": Text("您主动关闭", "you closed it"),
    "UNUSED": Text("长期未使用", "it had not been used for long"),
    "EXPIRED": Text("额度到期", "its time was over"),
    "DISPLACED": Text("因开通不能同时持有的产品而关闭", "you opened a product that cannot be held beside it"),
    "RISK": Text("本机构因风险原因关闭", "we closed it for risk"),
    "OVERDUE_CURED": Text("逾期后结清并关闭", "it was closed after an overdue that was then settled"),
    "MISUSE": Text("因资金用途违规关闭", "it was closed because money was misused"),
}
CLOSED_BY_US = Text("本机构因风险原因关闭", "we closed it for risk")
BY_CUSTOMER, BY_LENDER = Text("客户本人", "you"), Text("本机构", "us")
LICENCES = {
    "bank": Text("银行", "a bank"),
    "consumer_finance": Text("消费金融公司", "a consumer finance company"),
    "microlender": Text("小额贷款公司", "a small-loan company"),
}


def closed_why(reason: str | None) -> Text:
    """Why a line was closed; what has no words of its own was the lender's decision."""
    return CLOSED_WHY.get(reason or "", CLOSED_BY_US)


# What is looked up in our own books, by the name under which answers say that they rest on it.
BOOKS = {
    "consent_reporting": Text("征信报送授权", "consent to reporting"),
    "closing_tried": Text("结清并关闭的试算", "settling and closing it, tried and undone"),
    "due": Text("到期未还", "due and unpaid"),
    "ended": Text("关闭日期", "closed on"),
    "expires": Text("有效期", "ends on"),
    "funders": Text("出资方", "funders"),
    "instalment": Text("逾期的一期", "an instalment that was late"),
    "last_used": Text("最近一次使用", "last used"),
    "late_since": Text("逾期起始日", "late since"),
    "limit": Text("额度", "limit"),
    "limit_changed": Text("额度调整日期", "limit changed on"),
    "next_due": Text("下一还款日", "next due date"),
    "next_instalments": Text("已到期和下一期应还", "due and next instalments"),
    "payoff": Text("结清金额", "to settle"),
    "rate": Text("利率", "rate"),
    "reported": Text("征信报送记录", "record for the bureau"),
    "reserved": Text("在途支用", "under way"),
    "suspended": Text("停用日期", "suspended on"),
    "total_line": Text("综合授信额度", "total line"),
}
