"""Review: what follows for lines that are open from how their customers' accounts stand.

`following.py` is the command on one customer: cross-suspension and cross-default as the bundle's `cross` says, and the way back.
`following_due.py` gives it, after close of business, to all who may be concerned.
"""
