"""A frozen scorecard: `card.py` reads and checks the file; `score_one.py`, `card_numpy.py` and `card_sql.py` score by it."""
