"""What is refused when money is drawn, paid out and repaid. `docs/reference/servicing.md` has the order of each command."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class LoanUnknown(Refusal):
    """The customer has no such loan."""

    en = "a loan of this customer"
    zh = "该客户名下没有此借据"


class DrawUnknown(Refusal):
    """The customer has asked for no such draw."""

    en = "a draw of this customer"
    zh = "该客户名下没有此笔支用"


class FacilityNotDrawable(Refusal):
    """Only an active facility can be drawn."""

    en = "an active facility; this one is {status}"
    zh = "额度须为正常状态方可支用，当前状态为 {status}"


class FacilityRunOut(Refusal):
    """The facility has expired."""

    en = "a facility that has not expired; this one ended on {expires}: renew it"
    zh = "额度已于 {expires} 到期，请先续期"


class TermNotOffered(Refusal):
    """A method or a tenor that the facility does not offer."""

    en = "one of {offered}"
    zh = "须为 {offered} 之一"


class PurposeUnknown(Refusal):
    """A purpose that the product does not name."""

    en = "one of {allowed}"
    zh = "须为 {allowed} 之一"


class PurposeForbidden(Refusal):
    """A purpose that the product forbids."""

    en = "a purpose other than the forbidden ones; allowed are {allowed}"
    zh = "该用途属于禁止用途；允许的用途为 {allowed}"


class MerchantCategoryUnknown(Refusal):
    """No such merchant category code."""

    en = "a merchant category code of ISO 18245, four digits"
    zh = "须为 ISO 18245 商户类别码（四位数字）"


class MerchantCategoryForbidden(Refusal):
    """A payee whose trade the product forbids."""

    en = "a payee in a trade that the product allows; {category} is not one"
    zh = "收款商户所属类别（{category}）不在本产品允许范围内"


class ProofOfUseMissing(Refusal):
    """A large draw without a document that proves its use."""

    en = "the SHA-256 of a document that proves the use, for draws above {above}"
    zh = "单笔支用超过 {above} 须提供用途证明材料（SHA-256）"


class ProofKindNotNamed(Refusal):
    """A kind of paper for a draw under a product that names none."""

    en = "a document without a kind, since the product names no kinds of proof"
    zh = "该产品不区分用途证明材料的种类，请直接提供材料，不要注明种类"


class ProofKindUnknown(Refusal):
    """A document without a kind, or of one that the product does not name."""

    en = "a document with its kind, written KIND=...: {kinds_en}"
    zh = "须注明材料种类（写作 种类=…），可用种类：{kinds_zh}"


class ProofKindMissing(Refusal):
    """A draw without one of the papers that the product names for its amount."""

    en = "for draws above {above}, one of {kinds_en}"
    zh = "单笔支用超过 {above} 须提供以下材料中的任意一项：{kinds_zh}"


class PayeeMissing(Refusal):
    """A large draw that must go to the payee."""

    en = "the payee, for draws above {above}: they are paid to the payee, not to the borrower"
    zh = "单笔支用超过 {above} 须采用受托支付，请填写收款方"


class CustomerOverdue(Refusal):
    """A draw while something is late."""

    en = "nothing overdue; since {since} an instalment is"
    zh = "须无逾期，现有一期自 {since} 起逾期"


class DrawExceedsHeadroom(Refusal):
    """More than may still be drawn."""

    en = "at most {headroom}: what is left of the facility, its pool and the total line"
    zh = "最多 {headroom}，即分项额度、共享额度与综合授信额度的剩余可用部分"


class DrawNotUnderWay(Refusal):
    """The draw has been paid out or has failed already."""

    en = "a draw that is {allowed}; this one is {status}"
    zh = "支用状态须为 {allowed}，当前为 {status}"


class PaymentUnknown(Refusal):
    """No payment with that number."""

    en = "the number of a payment that came in from this customer"
    zh = "须为该客户的一笔来款编号"


class PaymentAlreadyBounced(Refusal):
    """A payment that was undone before."""

    en = "a payment that has not bounced yet"
    zh = "该笔来款已被退回，不能再次退回"


class RefundExceedsCredit(Refusal):
    """More than the customer has paid too much."""

    en = "at most {credit}, the customer's credit balance"
    zh = "最多 {credit}，即该客户的溢缴款余额"


class PaidIntoNothing(Refusal):
    """A repayment on a loan that owes nothing."""

    en = "a loan that is not settled; this one was settled on {settled}"
    zh = "本借据已于 {settled} 结清，无需还款"


class RenewalNotOffered(Refusal):
    """A product that is not renewed without repaying."""

    en = "a product that may be renewed without repaying first; {product} may not"
    zh = "{product} 不支持无还本续贷"
