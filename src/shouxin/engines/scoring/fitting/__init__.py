"""From a table of outcomes to a card: `fit.py`. A first specification is drafted by `profile.py`."""
