"""Who may ask for what, and what was answered.

Read `requests.py` first: how a repeated request gets the answer of the first.
"""
