"""What happened, and who is told: events, the outbox that passes them on in order, notices, jobs.

Read `history.py` first: every command writes through it.
"""
