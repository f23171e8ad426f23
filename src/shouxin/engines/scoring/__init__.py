"""Scorecards: fit, validate, explain, exchange, monitor.

What is measured of a score starts in `sample.py` and `measures.py`; it needs numpy, which scoring one customer never does.
"""
