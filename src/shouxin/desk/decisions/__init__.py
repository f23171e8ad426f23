"""Assess one customer: facts + policy -> decision.

Read `assess.py` first, then `model.py` (what a decision is). `explain.py` puts it into words, `trace.py` shows how it came
about, `cases.py` runs a bundle's own cases.
"""

from shouxin.desk.decisions.assess import Assessor, DateOutOfRange, check_day
from shouxin.desk.decisions.model import Decision, ProductDecision, Reason

__all__ = ["Assessor", "DateOutOfRange", "Decision", "ProductDecision", "Reason", "check_day"]
