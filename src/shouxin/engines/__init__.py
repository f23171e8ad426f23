"""The engines: pure calculation. No database, no clock, no network.

Read `policy` first: it turns a folder of text into a function and into SQL. `loans` holds the arithmetic of loans.
"""
