"""All questions, in the order in which they are answered."""

from __future__ import annotations

from collections.abc import Mapping

from shouxin.desk.advice.answers.closing import MUST_REPAY_AFTER_CLOSING, UNUSED_LINE_CLOSES, WHY_NOT_CLOSE
from shouxin.desk.advice.answers.costs import EARLY_REPAYMENT_FEE, INTEREST_ONLY_OR_INSTALMENTS, REAL_ANNUAL_RATE
from shouxin.desk.advice.answers.lender import WHO_IS_LENDER
from shouxin.desk.advice.answers.model import ANY, FACTS_MISSING, IDENTITY_FIRST, Answer, Question
from shouxin.desk.advice.answers.other_lines import OTHER_LINE_ON_CLOSING, OVERDUE_AND_OTHERS
from shouxin.desk.advice.answers.overdue_record import OVERDUE_RECORD_KEPT
from shouxin.desk.advice.answers.past import WHEN_BACK, WHY_LOWERED, WHY_OFFER_CHANGED, WHY_STOPPED
from shouxin.desk.advice.answers.records import CLOSING_AND_BUREAU, MORTGAGE_VIEW
from shouxin.desk.advice.answers.reopening import REOPEN_WHEN
from shouxin.desk.advice.answers.scores import HOW_TO_RAISE, MY_SCORE
from shouxin.desk.advice.answers.switching import EARLY_REPAYMENT_EFFECT, HOLD_BOTH, HOW_TO_SWITCH, OPEN_AFTER_CLOSING
from shouxin.desk.advice.answers.uses import HOUSE_OR_SHARES, WHY_PROOF
from shouxin.desk.advice.answers.view import View

QUESTIONS: tuple[Question, ...] = (
    OPEN_AFTER_CLOSING,
    REOPEN_WHEN,
    CLOSING_AND_BUREAU,
    MY_SCORE,
    WHY_OFFER_CHANGED,
    HOLD_BOTH,
    HOW_TO_SWITCH,
    WHY_LOWERED,
    WHY_STOPPED,
    WHEN_BACK,
    HOW_TO_RAISE,
    EARLY_REPAYMENT_EFFECT,
    EARLY_REPAYMENT_FEE,
    INTEREST_ONLY_OR_INSTALMENTS,
    REAL_ANNUAL_RATE,
    WHY_NOT_CLOSE,
    MUST_REPAY_AFTER_CLOSING,
    UNUSED_LINE_CLOSES,
    OTHER_LINE_ON_CLOSING,
    OVERDUE_AND_OTHERS,
    OVERDUE_RECORD_KEPT,
    HOUSE_OR_SHARES,
    WHY_PROOF,
    MORTGAGE_VIEW,
    WHO_IS_LENDER,
)
_BY_CODE = {each.code: each for each in QUESTIONS}


def answer(view: View, code: str) -> Answer:
    """The answer to one question; raises KeyError."""
    return _BY_CODE[code].answer(view)


def answer_cases() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Every question and case that can be the answer, with the names that its text may fill in: for `check_answers`.

    Under `ANY` stands what any question may be answered.
    """
    asked = {each.code: {case: each.names(case) for case in each.cases} for each in QUESTIONS}
    return {**asked, ANY: {FACTS_MISSING: frozenset({"facts"}), IDENTITY_FIRST: frozenset()}}
