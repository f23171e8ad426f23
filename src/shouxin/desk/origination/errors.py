"""What is refused on the way from an application to a line."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class NothingAsked(Refusal):
    """An application without a product."""

    en = "one product or more of {known}"
    zh = "请选择至少一个产品：{known}"


class LanguageNotOurs(Refusal):
    """Papers in a language in which there are none."""

    en = "zh or en"
    zh = "须为 zh 或 en"


class ProductNotOffered(Refusal):
    """A product that the bundle in force does not have."""

    en = "a product of the bundle in force: {known}"
    zh = "须为当前可申请的产品：{known}"


class ProductAlreadyHeld(Refusal):
    """The customer has a line under that product, or an offer of one."""

    en = "a product of which the customer has no line and no offer; this one is {status}"
    zh = "该产品已有额度或待接受的要约（状态：{status}），不能重复申请"


class ApplicationWaits(Refusal):
    """A person still works on an application for that product."""

    en = "a product whose last application is decided"
    zh = "该产品的上一次申请仍在审批中，请等待结果"


class OfferUnknown(Refusal):
    """No application led to that facility."""

    en = "a facility that was offered on an application"
    zh = "须为经申请审批后给出的额度要约"


class OfferNotOpen(Refusal):
    """It was accepted before."""

    en = "an offer that is still open; this one is {status}"
    zh = "须为待接受的要约，当前状态：{status}"


class ContractNotShown(Refusal):
    """The customer says yes to another text than the one that was kept."""

    en = "the hash of the contract that was shown with the offer, {wanted}...: show it again"
    zh = "与要约所附合同的校验值（{wanted}…）不一致，请重新展示合同后再确认"


class OfferNoLongerStands(Refusal):
    """What is known of the customer has changed since the offer."""

    en = "facts under which the offer would be made again; now it would not, for {reasons}: apply anew"
    zh = "要约给出后情况已变化，现已不符合条件（{reasons}），请重新申请"


class DisplacedStillOwes(Refusal):
    """The line that has to close first cannot."""

    en = "nothing owed or under way on {product}, which this line would close: repay it first"
    zh = "开通本产品会关闭「{product}」，该产品仍有欠款或在途支用，请先结清"


class ApplicationUnknown(Refusal):
    """The customer has no such application."""

    en = "an application of this customer for that product"
    zh = "该客户没有此申请"


class NotContestable(Refusal):
    """Only what a machine alone declined can be contested, once."""

    en = "a product that was declined by machine alone; this one is {status}, by {by}"
    zh = "仅可对系统自动作出的拒绝结论提出异议；当前状态：{status}，结论方式：{by}"


class RateNotKnown(Refusal):
    """The policy has no price for this customer, and the person named none."""

    en = "a rate: the policy's price table has none for this customer's tier"
    zh = "策略价格表中没有该客户等级的利率，请填写利率"


class GrantAboveCeiling(Refusal):
    """More than a customer of the tier may owe over all products."""

    en = "at most {most}: what the tier's ceiling leaves beside the customer's other lines"
    zh = "最多 {most} 元：客户等级上限扣除其他额度后的余额"


class NotClosable(Refusal):
    """A line that cannot be closed by a switch."""

    en = "an open line of this customer; this one is {status}"
    zh = "须为该客户使用中的额度，当前状态：{status}"


class DrawUnderWay(Refusal):
    """Money on its way out."""

    en = "no draw under way on {product}: wait until it is paid out or has failed"
    zh = "「{product}」有在途支用，请待放款完成或失败后再办理"


class SettlementSourceUnknown(Refusal):
    """It is not said where the money to settle comes from, or it would be lent for that."""

    en = "{known}; a loan must not repay another"
    zh = "须为以下来源之一：{known}。不得以新贷款归还其他贷款"


class SwitchOpen(Refusal):
    """Another approved switch still stands."""

    en = "no other approved switch; one stands until {expires}: carry it out or withdraw it"
    zh = "已有一项先批后关方案（有效期至 {expires}），请先办理或撤回"


class SwitchNotApproved(Refusal):
    """After the closing, the other product would not be opened."""

    en = "a product that would be approved after the closing; {product} would not, for {reasons}"
    zh = "关闭后「{product}」仍不能获批，原因：{reasons}"


class SwitchUnknown(Refusal):
    """The customer has no such plan."""

    en = "a switch that was approved for this customer"
    zh = "该客户没有此先批后关方案"


class SwitchNotOpen(Refusal):
    """It was carried out or withdrawn, or its days are over."""

    en = "a switch that stands; this one is {status}, and stood until {expires}"
    zh = "须为有效的先批后关方案；当前状态：{status}，有效期至 {expires}"


class SwitchStands(Refusal):
    """It can still be carried out, so it does not lapse."""

    en = "a switch whose days are over; this one stands until {expires}"
    zh = "该先批后关方案在 {expires} 前仍有效，不能作失效处理"


class NamedFactsChanged(Refusal):
    """Something that the guarantee named speaks against it now."""

    en = "the facts that the guarantee names as they were; {facts} changed, and now {reasons} speaks against it"
    zh = "保证所列事项已变化（{facts}），现因 {reasons} 不能办理"
