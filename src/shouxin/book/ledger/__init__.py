"""Accounts, journals and business days: double entry that cannot be written unbalanced, and days that are sealed.

Read `journals.py` first: it is how every room writes. `chart.py` names the accounts, `days.py` opens and closes business days,
`sealing.py` seals a day that is over, `verify.py` finds what was changed since. `reports.py` and `checks.py` only read.
The room knows nothing of loans. A journal is the number of the event that it books: who did what, and why, stands there.
"""
