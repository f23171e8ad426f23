"""Arithmetic of loans, exact and pure. So far: the tables that a credit policy needs (`instalments.py`)."""

from shouxin.engines.loans.instalments import all_in_ppm, highest_rate_within, instalment_per_million

__all__ = ["all_in_ppm", "highest_rate_within", "instalment_per_million"]
