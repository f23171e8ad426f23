"""What is recorded: the ledger, customers, products, facilities and what is known about a customer on a date.

Read `ledger` first: it knows nothing of the others.
"""
