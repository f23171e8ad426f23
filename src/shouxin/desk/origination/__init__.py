"""Origination: from an application to a line. Read `applying.py` first, then `accepting.py`; `judging.py` is what people decide.

`answer.py` is the pure part: from a decision to what is done with each product that was asked for.
"""
