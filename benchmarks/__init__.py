"""Measures Shouxin against its peers and its budgets. `make bench` runs everything and prints one table.

Read `__main__.py` first. `policy/` is the bundle, `zen.py` the same policy for zen-engine, `data.py` makes customers;
`online.py` measures one customer at a time, `batch.py` the whole book, `loans.py` the arithmetic of loans, `lending.py` what
moves money, `close.py` the end of a day, `scoring.py` scorecards on real outcomes.
"""
