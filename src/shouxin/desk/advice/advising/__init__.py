"""What a customer can change to get a product, or more of it: found by the policy, then really tried and undone.

Read `asking.py` first, then `model.py`. `planning.py` makes steps of a remedy's changes; `told.py` has the words, `written.py`
the plain values for programs. The search itself is in `desk/decisions/remedies/`.
"""
