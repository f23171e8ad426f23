"""The words: every case has some in every shipped bundle, none is left over, and what they must and must not say."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

import pytest

from shouxin.desk.advice.answers import QUESTIONS, Teller, answer_cases
from shouxin.desk.advice.answers.errors import AnswerNotWorded
from shouxin.desk.advice.answers.model import FACTS_MISSING, IDENTITY_FIRST, Answer, Part, Question, say
from shouxin.desk.advice.answers.written import write_answer
from shouxin.engines.policy.answer_shapes import placeholders
from shouxin.engines.policy.check_answers import check_answers
from shouxin.engines.policy.load import Bundle, load, shipped_names
from shouxin.foundation.texts import LANGUAGES, Text
from tests.desk.advice.answers.situations import both, situations

SERVING = [each for each in shipped_names() if each != "starter"]
NEVER = ("关闭不影响征信", "秒批", "必过", "修复征信", "征信修复", "洗白", "包过")
STANDARD = load("standard")


@functools.cache
def told() -> tuple[tuple[str, Answer], ...]:
    """Every answer in every situation."""
    return tuple((name, each.answer(view)) for name, view in situations() for each in QUESTIONS)


@pytest.mark.parametrize("name", SERVING)
def test_every_case_has_words_and_no_words_are_left_over(name: str) -> None:
    assert list(check_answers(load(name), answer_cases())) == []


def test_every_case_that_is_declared_is_told_to_somebody() -> None:
    found = {(each.code, case) for _, each in told() for case in each.cases if case not in (FACTS_MISSING, IDENTITY_FIRST)}
    assert {(each.code, case) for each in QUESTIONS for case in each.cases} == found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_answer_reads_as_whole_sentences(lang: str) -> None:
    teller = Teller(STANDARD, lang)
    for name, each in told():
        for text in (teller.question(each.code), *teller.paragraphs(each), *teller.notices(each)):
            assert "{" not in text and "None" not in text and not re.search(r"  |，，|。。|元元|: :", text), (name, text)
            assert text.rstrip('）)"”')[-1:] in "。？；：.?:!" or text.endswith(("）", ")")), (name, text)
            assert not re.search(r"[\u4e00-\u9fff]", text) or lang == "zh" or "funds" in text, (name, text)


def test_a_question_that_needs_facts_says_which_are_missing() -> None:
    lacking = (Text("身份核验通过", "identity verified"),)
    needs = Question("WHY_PROOF", {"why": ""}, lambda view: [say("why")] if view.decision else [])
    found = needs.answer(replace(both(), assessed=None, lacking=lacking))
    assert found.cases == ("facts_missing",)
    assert Teller(STANDARD, "zh").paragraphs(found)[0].startswith("这个问题现在还回答不了，因为缺少必要的信息：身份核验通过。")
    assert needs.answer(both()).cases == ("why",)


def test_what_is_never_said() -> None:
    for shape in STANDARD.answers.values():
        for text in (shape.zh, *(words.zh for words in shape.cases.values())):
            assert not [each for each in NEVER if each in text]


def test_a_daily_rate_never_stands_alone() -> None:
    for code, shape in STANDARD.answers.items():
        for case, words in shape.cases.items():
            for text in (words.zh, words.en):
                assert "daily" not in placeholders(text) or "rate" in placeholders(text), (code, case)


def test_rates_amounts_and_days_in_both_languages() -> None:
    found = next(each for name, each in told() if name == "one unused line" and each.code == "REAL_ANNUAL_RATE")
    zh, en = (Teller(STANDARD, lang).paragraphs(found)[0] for lang in LANGUAGES)
    assert "年化利率（单利）10.95%（日利率0.03%）" in zh and "10.95% a year, simple (0.03% a day)" in en
    closed = next(each for name, each in told() if name == "closed" and each.code == "REOPEN_WHEN")
    zh, en = (Teller(STANDARD, lang).paragraphs(closed)[0] for lang in LANGUAGES)
    assert "个人消费贷于2026年6月20日关闭（您主动关闭），等待期是30天，2026年7月20日起" in zh
    assert "Consumer line was closed on 2026-06-20 (you closed it). The wait is 30 days" in en


def test_what_an_answer_rests_on_is_told_once() -> None:
    found = next(each for name, each in told() if name == "closed" and each.code == "REOPEN_WHEN")
    lines = Teller(STANDARD, "zh").based_on(found)
    assert len(lines) == len(set(lines)) == 6
    assert re.match(r"规则：reopening\.waits\.by_choice = 30天（standard 1, products/consumer-line\.yaml:\d+）", lines[0])
    assert lines[1].startswith("账务记录：个人消费贷关闭日期 = 2026年6月20日")


def test_an_answer_without_words_is_refused_with_file_and_code() -> None:
    for bundle, code in ((load("starter"), "WHY_PROOF"), (_without("why"), "WHY_PROOF.why"), (_with("{boat}"), "WHY_PROOF.why")):
        with pytest.raises(AnswerNotWorded) as caught:
            Teller(bundle, "zh").paragraph("WHY_PROOF", Part("why"))
        assert (caught.value.value, caught.value.limits["file"]) == (code, "answers.yaml")
    with pytest.raises(AnswerNotWorded):
        Teller(load("starter"), "en").question("WHY_PROOF")


def test_answers_for_programs() -> None:
    found = next(each for name, each in told() if name == "one unused line" and each.code == "REAL_ANNUAL_RATE")
    plain = write_answer(found, Teller(STANDARD, "en"))
    first = plain["answer"][0]
    assert (plain["code"], first["case"]) == ("REAL_ANNUAL_RATE", "line")
    assert first["values"] == {
        "product": "Consumer line",
        "rate": "10.95",
        "daily": "0.03% a day",
        "all_in": first["values"]["all_in"],
        "late": "16.425",
    }
    assert [each["source"] for each in first["based_on"]] == ["books", "setting", "setting"]


def _without(case: str) -> Bundle:
    shape = STANDARD.answers["WHY_PROOF"]
    cases = {name: words for name, words in shape.cases.items() if name != case}
    return replace(STANDARD, answers={"WHY_PROOF": shape.model_copy(update={"cases": cases})})


def _with(text: str) -> Bundle:
    shape = STANDARD.answers["WHY_PROOF"]
    words = shape.cases["why"].model_copy(update={"zh": text, "en": text})
    return replace(STANDARD, answers={"WHY_PROOF": shape.model_copy(update={"cases": {**shape.cases, "why": words}})})
