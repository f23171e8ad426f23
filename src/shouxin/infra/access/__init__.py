"""Who may ask for what, what was answered, and what a person decides.

Read `requests.py` first: how a repeated request gets the answer of the first; then `principals.py`, who may, and `cases.py`, what
waits for a person to decide it within their authority.
"""
