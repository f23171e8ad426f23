"""What the customers room refuses. A value that is personal is masked before it comes here."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class CustomerUnknown(Refusal):
    """No customer has this id."""

    en = "the id of a customer"
    zh = "没有该客户"


class CustomerFrozen(Refusal):
    """The customer may repay, and may not borrow."""

    en = "a customer who is not frozen; repayments are taken as before"
    zh = "客户已冻结，不能办理借款，还款不受影响"


class CustomerDeceased(Refusal):
    """The customer has died."""

    en = "a living customer"
    zh = "客户已身故，不能办理借款"


class CustomerInsolvent(Refusal):
    """The customer is in insolvency proceedings."""

    en = "a customer who is not in insolvency proceedings"
    zh = "客户处于破产程序中，不能办理借款"


class CustomerListed(Refusal):
    """The customer may stand on a sanctions list. Neither the text nor the code may say so to the customer."""

    en = "a request that a member of staff completes: please get in touch with us"
    zh = "该申请需由工作人员办理，请与我们联系"

    @property
    def code(self) -> str:
        """What programs are told; the name of this class would tip off whom it is about."""
        return "StaffNeeded"


class IdNumberMissing(Refusal):
    """A natural person without the number that identifies them."""

    en = "the identity number: a person and a sole trader have one"
    zh = "个人和个体工商户须填写身份证号码"


class IdNumberNotExpected(Refusal):
    """A company with a person's identity number."""

    en = "left out: a company has none; its owner and its legal representative are linked persons"
    zh = "企业不填身份证号码；法定代表人和股东请作为关联人登记"


class CreditCodeMissing(Refusal):
    """A company without the code that identifies it."""

    en = "the unified social credit code: a company has one"
    zh = "企业须填写统一社会信用代码"


class CreditCodeNotExpected(Refusal):
    """A private person with a business's code."""

    en = "left out: a person has none; a sole trader may"
    zh = "个人不填统一社会信用代码；有营业执照的请选择个体工商户"


class KindNotCreated(Refusal):
    """The house is there from the beginning, and once."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class IdentityAlreadyKnown(Refusal):
    """Another customer has this identity number, or is just getting it."""

    en = "the number of somebody who is not a customer yet: find the customer who is"
    zh = "该证件号码已有客户，请直接查找该客户"


class PurposeUnknown(Refusal):
    """A purpose that this kind of contact does not have."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class ContactAlreadyKnown(Refusal):
    """The same contact for the same purpose, not ended."""

    en = "a contact that the customer does not have yet for this purpose"
    zh = "该联系方式已登记为同一用途，无需重复添加"


class ContactsTooMany(Refusal):
    """More contacts of one kind than anybody has."""

    en = "at most {most} of a kind that are not ended: end one first"
    zh = "同类联系方式最多 {most} 个，请先停用一个"


class ContactUnknown(Refusal):
    """The customer has no contact of this number."""

    en = "the number of one of the customer's contacts"
    zh = "该客户没有此编号的联系方式"


class ContactAlreadyEnded(Refusal):
    """The contact was ended before."""

    en = "a contact that is not ended; this one was on {ended}"
    zh = "该联系方式已于 {ended} 停用"


class StateUnchanged(Refusal):
    """The customer is in that state already."""

    en = "another state than the present one"
    zh = "客户已处于该状态"


class StateNotOfKind(Refusal):
    """A state that this kind of customer cannot be in."""

    en = "a state for a customer of kind {kind}: only natural persons die, and the house has no states"
    zh = "该状态不适用于此类客户（{kind}）：只有自然人会身故"


class ReasonNotOfChange(Refusal):
    """A reason that does not lead from the present state to that one."""

    en = "one of {known}: from {state} to {to} for no other reason"
    zh = "由 {state} 改为 {to}，原因须为 {known} 之一"


class LinkedToSelf(Refusal):
    """A customer cannot be their own linked person."""

    en = "another customer"
    zh = "关联人不能是客户本人"


class RoleNotOfKind(Refusal):
    """A role that does not exist between customers of these kinds."""

    en = "for this role a customer of kind {customers} and a linked person of kind {linked}"
    zh = "该关系要求客户类别为 {customers}，关联人类别为 {linked}"


class LinkAlreadyKnown(Refusal):
    """The same person in the same role, not ended."""

    en = "a link that is not there yet"
    zh = "该关联关系已登记"


class LinkUnknown(Refusal):
    """The customer has no link of this number."""

    en = "the number of one of the customer's links"
    zh = "该客户没有此编号的关联关系"


class LinkAlreadyEnded(Refusal):
    """The link was ended before."""

    en = "a link that is not ended; this one was on {ended}"
    zh = "该关联关系已于 {ended} 终止"


class LinkEndsBeforeItStarts(Refusal):
    """The end of a link before its beginning."""

    en = "{start} or later"
    zh = "不得早于开始日期 {start}"


class TextVersionUnreadable(Refusal):
    """The version of a consent's text is not a short code."""

    en = "a short code of small letters, digits, points and hyphens, such as 2026-01"
    zh = "版本号只用小写字母、数字、点和连字符，例如 2026-01"


class LanguageUnknown(Refusal):
    """A language in which no text is."""

    en = "one of {known}"
    zh = "须为 {known} 之一"


class ConsentNotYetGiven(Refusal):
    """A consent dated after today."""

    en = "{today} or earlier: a consent is recorded when it was given"
    zh = "不得晚于 {today}：授权须在给出之后登记"


class ConsentEndsBeforeGiven(Refusal):
    """A consent that is over before it begins."""

    en = "{given_on} or later, or nothing"
    zh = "不得早于授权日期 {given_on}，或留空"


class ConsentUnknown(Refusal):
    """The customer gave no consent of this number."""

    en = "the number of one of the customer's consents"
    zh = "该客户没有此编号的授权"


class ConsentAlreadyWithdrawn(Refusal):
    """The consent was withdrawn before."""

    en = "a consent that is not withdrawn; this one was on {withdrawn_on}"
    zh = "该授权已于 {withdrawn_on} 撤回"


class ListUnreadable(Refusal):
    """A sanctions list that is missing or malformed. Nobody is cleared by a list that was not read."""

    passing = True
    en = "a readable list with the columns name,id_number,list,since and at least one row: {why}"
    zh = "名单须可读取，列为 name,id_number,list,since，且至少一行：{why}"
