"""Scorecards of PMML 4.4: `write.py` out, `importing.py` in."""
