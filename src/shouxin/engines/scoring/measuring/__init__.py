"""What is measured of scores and outcomes, as arrays: start in `sample.py`, then `measures.py`. Needs numpy."""
