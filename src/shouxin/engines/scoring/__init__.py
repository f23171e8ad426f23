"""Scorecards: fit, validate, explain, exchange, monitor. A frozen card is `cards/card.py`; where it comes from, `fitting/fit.py`.

Scoring one customer imports nothing but `cards`, and no numpy.
"""
