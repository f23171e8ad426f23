"""What if: steps carried out for real, looked at, and undone. "If I close it, can I open the other?" is answered here.

Read `steps.py` first (what can be asked), then `imagining.py` (how it is done). There is no second implementation of anything:
each step is the command that would really be given, in a transaction that is always rolled back.
"""
