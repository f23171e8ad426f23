"""A card held against outcomes: `validate.py` on one table, `monitor.py` on a table beside an earlier one."""
