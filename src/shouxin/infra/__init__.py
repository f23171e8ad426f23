"""What a lender's system stands on and that has no credit in it: the database, access, messages.

Read `db` first.
"""
