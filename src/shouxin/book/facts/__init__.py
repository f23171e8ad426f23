"""Facts: what is known about a customer on a date, and where it came from. Read first: `known.py`, where all of it meets.

`account.py` works out what our own books say; `snapshots.py` keeps what others said (profile, income, bureau, ...), as it came
and never changed; `bureau.py` asks a bureau, through one of the adapters in `bureau_file.py` and `bureau_http.py`.
"""
