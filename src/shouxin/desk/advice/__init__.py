"""Advice from a customer's own data: which of our products meets a need, what would come of some steps, answers to questions.

`whatif/` carries steps out and undoes them, `answers/` has the questions that people really ask. The rest matches products with a
need: which meets it, what does it cost, and if none, why?

Of matching read `matching.py` first, then `model.py` (what a matching is). `rooms.py` says what can be drawn, `costs.py` what it
costs, `requirements.py` what is needed first; `pairs.py` looks for two products where one is too little, `told.py` has the words.
"""

from shouxin.desk.advice.matching import match
from shouxin.desk.advice.model import Matching, Need, Position
from shouxin.desk.advice.position import position_of

__all__ = ["Matching", "Need", "Position", "match", "position_of"]
