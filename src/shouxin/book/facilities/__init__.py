"""A customer's total line and the facilities below it: offer, open, suspend, change, close.

Read `work.py` first (the frame of every command), then `acts.py` (what each step allows and refuses), then `service.py`.
"""
