"""Remedies: the smallest sets of observable changes that would turn a refusal, or too small a limit, round. Pure.

Read `finding.py` first, then `model.py` (what a remedy is). `catalogue.py` is what the search knows of the facts, `acts.py` what
an act does to them, `levers.py` what one customer can change, `needs.py` what stands in the way, `trying.py` a trial of
changes, `search.py` the search, `weakest.py` how small a change may be, `waiting.py` what time mends, `told.py` the words.
"""

from shouxin.desk.decisions.remedies.finding import RemedyFinder, find_remedies
from shouxin.desk.decisions.remedies.model import Act, Change, Found, Goal, Kind, Moved, Remedy

__all__ = ["Act", "Change", "Found", "Goal", "Kind", "Moved", "Remedy", "RemedyFinder", "find_remedies"]
