"""The desk: what a lender does with policies and customers.

`decisions` assesses one customer; `portfolio` assesses them all.
"""
