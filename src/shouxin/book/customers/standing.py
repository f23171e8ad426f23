"""Whether a customer may borrow: states, and how one becomes another. Read first: `ALLOWED`."""

from __future__ import annotations

from collections.abc import Mapping

from shouxin.book.customers import errors
from shouxin.book.customers.model import Customer, Kind, State
from shouxin.book.customers.store import QUERIES
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text
from shouxin.infra.db.unit import Unit
from shouxin.infra.messages.history import About, History

REASONS: Mapping[str, Text] = {
    "fraud_suspected": Text("涉嫌欺诈", "fraud is suspected"),
    "identity_in_doubt": Text("身份存疑", "the identity is in doubt"),
    "court_order": Text("司法冻结", "a court ordered it"),
    "screening_hit": Text("名单筛查命中", "the screening found somebody"),
    "customer_request": Text("客户申请", "the customer asked for it"),
    "cause_gone": Text("冻结原因消除", "the cause of the freeze is gone"),
    "death_certified": Text("死亡证明", "a death certificate was shown"),
    "insolvency_opened": Text("破产程序启动", "insolvency proceedings were opened"),
    "insolvency_ended": Text("破产程序终结", "insolvency proceedings ended"),
    "recorded_by_mistake": Text("登记有误", "it was recorded by mistake"),
}

_FREEZE = ("fraud_suspected", "identity_in_doubt", "court_order", "screening_hit", "customer_request")
_MISTAKE = ("recorded_by_mistake",)

# From a state to a state, for which reasons. Every state can be left, since each may have been recorded by mistake, and whoever
# is taken back from deceased or insolvent may have been frozen, or insolvent, before.
ALLOWED: Mapping[tuple[State, State], tuple[str, ...]] = {
    (State.NORMAL, State.FROZEN): _FREEZE,
    (State.FROZEN, State.NORMAL): ("cause_gone", *_MISTAKE),
    (State.NORMAL, State.DECEASED): ("death_certified",),
    (State.FROZEN, State.DECEASED): ("death_certified",),
    (State.INSOLVENT, State.DECEASED): ("death_certified",),
    (State.DECEASED, State.NORMAL): _MISTAKE,
    (State.DECEASED, State.FROZEN): _MISTAKE,
    (State.DECEASED, State.INSOLVENT): _MISTAKE,
    (State.NORMAL, State.INSOLVENT): ("insolvency_opened",),
    (State.FROZEN, State.INSOLVENT): ("insolvency_opened",),
    (State.INSOLVENT, State.NORMAL): ("insolvency_ended", *_MISTAKE),
    (State.INSOLVENT, State.FROZEN): ("insolvency_ended", *_MISTAKE),
}


def check_change(customer: Customer, to: State, reason: str) -> None:
    """Raises the refusals of `ORDER` where the customer cannot come into that state for that reason."""
    if to is customer.state:
        raise errors.StateUnchanged("state", to)
    if customer.kind is Kind.HOUSE or (to is State.DECEASED and customer.kind is Kind.COMPANY):
        raise errors.StateNotOfKind("state", to, kind=customer.kind)
    known = ALLOWED[customer.state, to]
    if reason not in known:
        raise errors.ReasonNotOfChange("reason", reason, known=", ".join(known), state=customer.state, to=to)


def change_state(unit: Unit, customer: Customer, to: State, about: About, history: History) -> None:
    """Another state for a held customer; event `customer.state_changed`. about: the reason, and since when, where not today.

    Raises the refusals of `ORDER`. A repeat raises StateUnchanged.
    """
    check_change(customer, to, about.reason or "")
    history.append("customer.state_changed", {"from": customer.state, "to": to}, about)
    unit.write(QUERIES["state_changed"], (to, customer.customer_id))


def check_may_borrow(customer: Customer) -> None:
    """Raises CustomerUnknown for the house, CustomerFrozen, CustomerDeceased, CustomerInsolvent. For grants, raises and draws;
    repayments are always taken. The field is the customer's id."""
    if customer.kind is Kind.HOUSE:
        raise errors.CustomerUnknown("customer", customer.customer_id)
    refused = _NOT_BORROWING.get(customer.state)
    if refused:
        raise refused("customer", customer.customer_id)


_NOT_BORROWING: Mapping[State, type[Refusal]] = {
    State.FROZEN: errors.CustomerFrozen,
    State.DECEASED: errors.CustomerDeceased,
    State.INSOLVENT: errors.CustomerInsolvent,
}

# The order in which refusals of a change are told.
ORDER: tuple[type[Refusal], ...] = (
    errors.StateUnchanged,
    errors.StateNotOfKind,
    errors.ReasonNotOfChange,
)
