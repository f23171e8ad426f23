"""Loans in the books: draw, pay out, repay, extend, restructure, write off, and the close of business.

Read `record.py` first (how an event of a loan reaches the books), then `draw.py`.
"""
