"""docs/reference/answers.md: the questions that customers ask, their cases and words, from the code and the shipped bundle."""

from __future__ import annotations

from collections.abc import Iterator

from docs.page import code, table
from shouxin.desk.advice.answers import QUESTIONS
from shouxin.desk.advice.answers.model import ANY, FACTS_MISSING, Question
from shouxin.engines.policy.load import Bundle, load

HEAD = """\
# Answers to customers' questions

<!-- Written by docs/generate.py from the code and src/shouxin/bundles/. Run `.venv/bin/python -m docs.generate`. -->

    shouxin ask CUSTOMER [CODE] [--lang zh|en] [--json]

answers each question from this customer's own lines, loans and facts, on the open business day, and says what the answer rests
on: settings of the policy bundle with file and line, facts with who said them and when, and what our own books say. It changes
nothing; that it was asked is counted and noted in the audit. Without CODE all are answered, in the order below.

Which **case** applies is worked out by the code (`src/shouxin/desk/advice/answers/`); an answer may have several paragraphs, one
for each line that the customer has. The **words** stand in the bundle's `answers.yaml`, so that a lender can change them, or word
a single case anew in a file of `answers/`. In braces stands what is filled in, and each case has only the names shown here;
`shouxin policy check` holds that. Amounts, rates and days are written as each language writes them; `{rate}` is the simple annual
rate and named so, and `{daily}` never stands without it.

Where an answer needs facts that are required and not known, it says which: the case `facts_missing`, whose words stand once,
under `ANY`, for all questions.

The words below are those of the bundle `standard`, which `exclusive`, `standard-consumer-finance` and `standard-microlender`
inherit.
"""


def answers_page() -> str:
    """The whole page."""
    bundle = load("standard")
    return "\n\n".join([HEAD.strip("\n"), *_sections(bundle)]) + "\n"


def _sections(bundle: Bundle) -> Iterator[str]:
    yield table(
        ["code", "question", "问题"],
        [(code(each.code), bundle.answers[each.code].en, bundle.answers[each.code].zh) for each in QUESTIONS],
    )
    for each in QUESTIONS:
        yield _section(bundle, each)
    words = bundle.answers[ANY].cases[FACTS_MISSING]
    yield f"## {ANY}\n\n" + table(["case", "en", "zh"], [(code(FACTS_MISSING), words.en, words.zh)])


def _section(bundle: Bundle, question: Question) -> str:
    words = bundle.answers[question.code].cases
    about = (question.parts.__doc__ or "").strip().split("\n\n")[0]
    rows = [(code(case), words[case].en, words[case].zh) for case in question.cases]
    return f"## {question.code}\n\n{' '.join(about.split())}\n\n{table(['case', 'en', 'zh'], rows)}"
