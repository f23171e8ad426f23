"""`shouxin ask`: answers on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from shouxin.desk.advice.answers import QUESTIONS
from shouxin.infra.access.principals import cli_principal
from tests.faces.cli.counter import Counter
from tests.faces.cli.test_whatif import merchant


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The customer of this module, made once."""
    return {}


def customer_of(counter: Counter, known: dict[str, str], folder: Path) -> str:
    """Somebody of whom all is known, with a line, of which some is owed."""
    if "customer" not in known:
        known["customer"] = merchant(counter, known, folder, enquiries_3m=0)
        counter.loan(known["customer"], counter.facility(known["customer"]))
    return known["customer"]


def test_one_answer_in_chinese(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    said = counter("ask", customer_of(counter, known, tmp_path), "WHY_NOT_CLOSE", "--lang", "zh")
    assert said.startswith("为什么额度关不了？  [WHY_NOT_CLOSE]\n  个人消费贷还有本金12,000元没还")
    assert "    依据：账务记录：个人消费贷结清金额 = 12,000元（consumer-line " in said


def test_all_answers_in_order(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    told = counter.told("ask", customer_of(counter, known, tmp_path))
    assert [each["code"] for each in told] == [each.code for each in QUESTIONS]
    (loan,) = [each for each in told if each["code"] == "EARLY_REPAYMENT_FEE"]
    assert loan["answer"][0]["values"]["payoff"] == "12000.00"
    said = counter("ask", customer_of(counter, known, tmp_path))
    assert [line for line in said.splitlines() if line.endswith("]") and not line.startswith(" ")] == [
        f"{each['question']}  [{each['code']}]" for each in told
    ]
    assert counter.one("SELECT count(*) FROM audit WHERE principal = %s AND about = 'ask'", cli_principal())[0] >= 3


def test_what_is_refused(counter: Counter, known: dict[str, str], tmp_path: Path) -> None:
    customer = customer_of(counter, known, tmp_path)
    assert counter.refusal("ask", customer, "WHY_NOT") == "QuestionUnknown"
    assert counter.refusal("ask", "0198c0de-0000-7000-8000-00000000dead") == "CustomerUnknown"
    assert counter.refusal("ask", "nobody") == "IdUnreadable"


def test_policy_check_tells_of_answers_without_words(tmp_path: Path, counter: Counter) -> None:
    counter("policy", "new", str(tmp_path / "mine"))
    cases = 'cases: {why: {zh: "{day}", en: "So."}, boats: {zh: 船, en: boats}}'
    words = f'answers:\n  WHY_PROOF: {{zh: "为什么？", en: "Why?", {cases}}}\n'
    (tmp_path / "mine" / "answers.yaml").write_text(words, "utf-8")
    said = counter("policy", "check", str(tmp_path / "mine"), code=1)
    assert "answers.yaml:2: error: C-ANSWER-TEXT: 'WHY_PROOF.why'" in said
    assert "warning: C-ANSWER-UNUSED: 'WHY_PROOF.boats'" in said and "warning: C-ANSWER-MISSING: 'WHY_PROOF.proof'" in said
