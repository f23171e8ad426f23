"""What every wing stands on: money, rates, day counts, the business calendar, refusals. No credit in it.

Read `money.py` first; then `refusal.py`, the shape of every "no" in the system.
"""
