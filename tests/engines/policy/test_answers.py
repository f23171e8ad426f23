"""answers.yaml: what it may hold, how files are laid over each other, and what the checks find."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from shouxin.engines.policy.check import check_policy
from shouxin.engines.policy.check_answers import check_answers
from shouxin.engines.policy.compile import compile_policy
from shouxin.engines.policy.findings import Finding
from shouxin.engines.policy.load import Bundle, from_texts, load
from tests.bundles import copy_bundle, faults_of

CASES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "WHO": {"lender": frozenset({"lender", "licence"})},
    "WHEN": {"soon": frozenset({"day"}), "never": frozenset()},
}
WHO = '  WHO:\n    zh: 谁？\n    en: Who?\n    cases:\n      lender: {zh: "{lender}", en: "{lender}"}\n'
WHEN = (
    "  WHEN:\n    zh: 何时？\n    en: When?\n    cases:\n"
    '      soon: {zh: "{day}", en: "on {day}"}\n      never: {zh: 不, en: no}\n'
)


def bundle(folder: Path, **files: str) -> Bundle:
    """The starter bundle with these answers: `answers`, and files of answers/ by name."""
    names = {("answers.yaml" if name == "answers" else f"answers/{name}.yaml"): text for name, text in files.items()}
    return load(copy_bundle(folder, {name: f"answers:\n{text}" for name, text in names.items()}))


def found(made: Bundle) -> list[Finding]:
    return list(check_answers(made, CASES))


def test_a_bundle_without_answers_is_legal() -> None:
    starter = load("starter")
    assert starter.answers == {} and found(starter) == []
    assert check_policy(compile_policy("starter"), cases=CASES) == []


def test_the_words_belong_to_the_hash_and_to_stored_texts(tmp_path: Path) -> None:
    one, other = bundle(tmp_path, answers=WHO), bundle(tmp_path, answers=WHO.replace("Who", "Whoever"))
    assert one.hash != other.hash != load("starter").hash
    assert from_texts(one.texts).answers == one.answers and one.answers["WHO"].cases["lender"].en == "{lender}"


def test_a_file_of_the_folder_words_a_case_anew_and_keeps_the_others(tmp_path: Path) -> None:
    mine = "  WHEN:\n    zh: 几时？\n    en: At what time?\n    cases:\n      never: {zh: 没有, en: not at all}\n"
    made = bundle(tmp_path, answers=WHO + WHEN, mine=mine)
    assert made.answers["WHEN"].en == "At what time?" and made.answers["WHO"].en == "Who?"
    assert {case: words.en for case, words in made.answers["WHEN"].cases.items()} == {"soon": "on {day}", "never": "not at all"}
    assert found(made) == []


def test_a_bundle_inherits_the_words_of_the_one_that_it_extends() -> None:
    assert load("exclusive").answers == load("standard").answers != {}


@pytest.mark.parametrize(
    ("written", "text", "right"),
    [
        ('{zh: "{lender}"}', "answers.WHO.cases.lender.en", "Field required"),
        ('{zh: "{lender:,}", en: a}', "{lender:,}", "braces hold a name alone"),
        ('{zh: "{lender.name}", en: a}', "{lender.name}", "braces hold a name alone"),
        ('{zh: "{}", en: a}', "{}", "braces hold a name alone"),
        ('{zh: "{lender", en: a}', "{lender", "expected '}' before end of string"),
        ('{zh: "", en: a}', "", "answers.WHO.cases.lender.zh: String should have at least 1 character"),
        ("{zh: 甲, en: a, fr: b}", "b", "not permitted"),
    ],
)
def test_what_cannot_be_filled_in_is_refused(tmp_path: Path, written: str, text: str, right: str) -> None:
    words = WHO.replace('{zh: "{lender}", en: "{lender}"}', written)
    (fault,) = faults_of(tmp_path, {"answers.yaml": f"answers:\n{words}"})
    assert (fault.file, fault.line, fault.code) == ("answers.yaml", 6, "E-SHAPE")
    assert text in fault.text and right in fault.right


def test_languages_fill_in_the_same_and_only_what_there_is(tmp_path: Path) -> None:
    one_sided = WHO.replace('en: "{lender}"', 'en: "{licence}"')
    (each,) = found(bundle(tmp_path, answers=one_sided + WHEN))
    assert (each.severity, each.code, each.file, each.line) == ("error", "C-ANSWER-TEXT", "answers.yaml", 6)
    assert each.text == "WHO.lender" and "{lender}, {licence} stands in one only" in each.right
    unknown = WHO.replace("{lender}", "{boat}")
    (each,) = found(bundle(tmp_path, answers=unknown + WHEN))
    assert (each.code, each.text) == ("C-ANSWER-TEXT", "WHO.lender: {boat}")
    assert each.right == "here can be filled in: {lender}, {licence}"


def test_cases_without_words_and_words_without_a_case(tmp_path: Path) -> None:
    made = bundle(tmp_path, answers=WHEN.replace("never:", "seldom:") + "  HOW:\n    {zh: 怎么, en: How, cases: {}}\n")
    assert [(each.severity, each.code, each.line, each.text) for each in found(made)] == [
        ("warning", "C-ANSWER-UNUSED", 7, "WHEN.seldom"),
        ("warning", "C-ANSWER-UNUSED", 8, "HOW"),
        ("warning", "C-ANSWER-MISSING", 1, "WHO.lender"),
        ("warning", "C-ANSWER-MISSING", 2, "WHEN.never"),
    ]


def test_a_finding_names_the_file_that_has_the_words(tmp_path: Path) -> None:
    made = bundle(tmp_path, answers=WHO + WHEN, mine=WHO.replace("{lender}", "{boat}"))
    (each,) = found(made)
    assert (each.file, each.line, each.code) == ("answers/mine.yaml", 6, "C-ANSWER-TEXT")


def test_words_are_checked_only_by_whoever_knows_the_cases(tmp_path: Path) -> None:
    made = copy_bundle(tmp_path, {"answers.yaml": f"answers:\n{WHO}{WHEN}".replace("{lender}", "{boat}")})
    assert check_policy(compile_policy(made)) == []
    assert [each.code for each in check_policy(compile_policy(made), cases=CASES)] == ["C-ANSWER-TEXT"]


def test_what_the_law_says_of_records_is_data_with_days() -> None:
    law = load("standard").regulation["records"]
    assert [each.years for each in law.kept] == [5]
    (rule,) = law.not_shown
    assert (rule.since, rule.until, rule.amount) == (dt.date(2020, 1, 1), dt.date(2025, 12, 31), 1_000_000)
    assert (rule.repaid_by, rule.hidden_from) == (dt.date(2026, 3, 31), dt.date(2026, 1, 1))
