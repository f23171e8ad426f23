"""What borrowing costs on the customer's own terms: by method, as an annual rate, and when it is repaid early."""

from __future__ import annotations

from collections.abc import Iterator

from shouxin.book.facilities.model import Status, headroom
from shouxin.desk.advice.answers.model import Part, Question, Source, Use, say
from shouxin.desk.advice.answers.values import Amount, Daily, Rate, Values, months
from shouxin.desk.advice.answers.view import Held, View
from shouxin.desk.advice.answers.words import BOOKS
from shouxin.desk.servicing.looking import Seen
from shouxin.desk.servicing.paper_words import PREPAYMENTS
from shouxin.desk.servicing.terms import agreement_for, upfront_fee
from shouxin.engines.loans.agreement import EarlyInterest
from shouxin.engines.loans.disclosure import METHODS, NO_PROMISE, NOTHING_ELSE
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.loans.payment import payoff
from shouxin.engines.loans.quote import Quote, quote

EXAMPLE = 1_000_000  # minor units: what an example is about, or what is free where that is less. mark: A


def interest_only_or_instalments(view: View) -> Iterator[Part]:
    """For each line the methods on offer, over the same months: first and last payment, and what each costs altogether."""
    lines = [each for each in view.usable if each.facility.most]
    if not lines:
        yield say("unknown")
    for each in lines:
        yield from _compared(view, each)


def _compared(view: View, each: Held) -> Iterator[Part]:
    amount, length = _example(view, each), _common_months(each)
    quotes = [_quote(view, each, amount, (method, length)) for method, offered in each.facility.terms if length in offered]
    rate = Rate(each.facility.rate_ppm)
    about: Values = {"product": each.name, "amount": Amount(amount), "months": months(length)}
    yield say("terms", each.setting("terms"), each.books("rate", rate), **about, rate=rate, daily=Daily(rate.ppm))
    for made in quotes:
        rows = list(made.schedule)
        paid: Values = {"first": Amount(rows[0].total), "last": Amount(rows[-1].total), "cost": Amount(made.cost)}
        yield say("method", method=METHODS[made.terms.method], **paid)
    cheap, dear = (choose(quotes, key=lambda one: one.cost) for choose in (min, max))
    if len(quotes) == 1:
        yield say("one", product=each.name, method=METHODS[cheap.terms.method])
        return
    if cheap.cost == dear.cost:
        yield say("same")
        return
    last = Amount(list(dear.schedule)[-1].total)
    names: Values = {"dear": METHODS[dear.terms.method], "cheap": METHODS[cheap.terms.method]}
    yield say("differ", **names, more=Amount(dear.cost - cheap.cost), last=last)


def _example(view: View, each: Held) -> int:
    """What the example is about: what is free, at most 10,000 yuan; 10,000 yuan or the limit where nothing is."""
    free = headroom(view.standing, each.facility) if each.facility.status is Status.ACTIVE and view.standing.line else 0
    return min(EXAMPLE, free if free > 0 else each.facility.most)


def _common_months(each: Held) -> int:
    """The longest term that all methods have; the longest of all where they have none in common."""
    offered = [set(found) for _, found in each.facility.terms]
    return max(set.intersection(*offered) or set.union(*offered))


def _quote(view: View, each: Held, amount: int, term: tuple[str, int]) -> Quote:
    method, length = term
    terms = Terms(amount, each.facility.rate_ppm, Method(method), Shape(view.today, length))
    return quote(terms, upfront_fee(each.product, amount))


INTEREST_ONLY_OR_INSTALMENTS = Question(
    "INTEREST_ONLY_OR_INSTALMENTS",
    {
        "unknown": "",
        "terms": "product amount months rate daily",
        "method": "method first last cost",
        "differ": "dear cheap more last",
        "one": "product method",
        "same": "",
    },
    interest_only_or_instalments,
    {"terms": (NOTHING_ELSE, NO_PROMISE)},
)


def real_annual_rate(view: View) -> Iterator[Part]:
    """The simple rate of each line, the cost of all beside it, and what is charged when late; of loans whose rate is another,
    theirs. Without a line, what would be charged by what is known now."""
    if not view.open_lines:
        yield from _would(view)
    for each in view.open_lines:
        yield _rate(view, each)
        for loan in each.owing:
            ppm = loan.loan.rate_ppm
            if ppm != each.facility.rate_ppm and not loan.loan.written_off:
                about: Values = {"product": each.name, "opened": loan.opened, "owed": Amount(loan.loan.principal)}
                yield say("loan", _of_loan(loan, "rate", Rate(ppm)), **about, rate=Rate(ppm), daily=Daily(ppm))
    yield say("compare")


def _rate(view: View, each: Held) -> Part:
    facility = each.facility
    amount, (method, offered) = min(EXAMPLE, facility.most or EXAMPLE), facility.terms[0]
    made = _quote(view, each, amount, (method, max(offered)))
    penalty = agreement_for(each.bundle, facility, (amount, method, max(offered)), view.today).penalty
    late = facility.rate_ppm + penalty.extra_ppm(facility.rate_ppm)
    uses = (
        each.books("rate", Rate(facility.rate_ppm)),
        each.setting("price", "penalty_multiple_bp"),
        *(use for cap, use in view.laws_today("all_in") if view.bundle.about.licence in cap.licences),
    )
    rates: Values = {
        "rate": Rate(facility.rate_ppm),
        "daily": Daily(facility.rate_ppm),
        "all_in": made.all_in,
        "late": Rate(late),
    }
    if made.fee:
        fee = each.setting("price", "upfront_fee")
        return say("line_fee", *uses, fee, product=each.name, amount=Amount(amount), fee=Amount(made.fee), **rates)
    return say("line", *uses, product=each.name, **rates)


def _would(view: View) -> Iterator[Part]:
    if view.assessed is None:
        yield say("unknown")
        return
    approved = [each for each in view.decision.products if each.outcome == "approve" and each.rate_ppm is not None]
    if not approved:
        yield say("unknown")
        return
    for each in approved:
        ppm = each.rate_ppm or 0
        table = view.bundle.products[each.product].price.table
        use = view.setting(f"tables/{table}.csv", value=Rate(ppm))
        yield say("would", use, product=view.name(each.product), rate=Rate(ppm), daily=Daily(ppm))


REAL_ANNUAL_RATE = Question(
    "REAL_ANNUAL_RATE",
    {
        "unknown": "",
        "would": "product rate daily",
        "line": "product rate daily all_in late",
        "line_fee": "product rate daily all_in late amount fee",
        "loan": "product opened owed rate daily",
        "compare": "",
    },
    real_annual_rate,
    {"line": (NOTHING_ELSE,), "line_fee": (NOTHING_ELSE,), "would": (NO_PROMISE,)},
)


def early_repayment_fee(view: View) -> Iterator[Part]:
    """What settles each loan today, and that nothing is charged for it; what a part repaid early changes."""
    loans = [(line, each) for line in view.lines for each in line.owing]
    for line, each in loans:
        yield _settled_today(line, each)
    rules = dict.fromkeys(each.loan.agreement.prepayment for _, each in loans if each.loan.is_open and each.loan.plan)
    for rule in rules:
        yield say("part", how=PREPAYMENTS[rule])
    if not loans:
        yield say("none")


def _settled_today(line: Held, each: Seen) -> Part:
    loan, whole = each.loan, Amount(payoff(each.loan))
    about: Values = {"product": line.name, "opened": each.opened, "payoff": whole}
    use = _of_loan(each, "payoff", whole)
    if loan.written_off:
        return say("claim", use, **about)
    rest: Values = {"owed": Amount(loan.principal), "interest": Amount(whole.minor - loan.principal)}
    if loan.agreement.early_interest is EarlyInterest.TO_NEXT_DUE:
        return say("loan_to_due", use, **about, **rest)
    return say("loan_late" if loan.oldest_late else "loan", use, **about, **rest)


def _of_loan(each: Seen, name: str, value: Amount | Rate) -> Use:
    return Use(Source.BOOKS, name, value, f"{each.product} {each.loan_id}", BOOKS[name])


EARLY_REPAYMENT_FEE = Question(
    "EARLY_REPAYMENT_FEE",
    {
        "none": "",
        "loan": "product opened payoff owed interest",
        "loan_late": "product opened payoff owed interest",
        "loan_to_due": "product opened payoff owed interest",
        "claim": "product opened payoff",
        "part": "how",
    },
    early_repayment_fee,
)
