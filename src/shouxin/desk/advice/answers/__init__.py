"""Answers to the questions that customers really ask, each from the customer's own lines, loans and facts.

Read first: `model.py` (what a question and an answer are), `view.py` (all that an answer is made from), then one theme, such as
`uses.py`. Which case of an answer applies is logic, here; the words of each case stand in the bundle's `answers.yaml`, so that a
lender can change them. `registry.py` has the questions in order, `asking.py` is how one is asked, `told.py` fills the words.

A new question is a function from a `View` to the parts of its answer, a `Question` that names its cases, a line in
`registry.py`, words in `answers.yaml`, and a test for each case.
"""

from shouxin.desk.advice.answers.registry import QUESTIONS, answer, answer_cases
from shouxin.desk.advice.answers.told import Teller
from shouxin.desk.advice.answers.view import View

__all__ = ["QUESTIONS", "Teller", "View", "answer", "answer_cases"]
