"""The arithmetic of loans, exact and pure: schedules, the life of a loan, annual rates, quotes.

Read `schedule.py` first, then `fold.py`: a loan is the fold of its events. What a policy's tables need is handed out here.
"""

from shouxin.engines.loans.instalments import all_in_ppm, highest_rate_within, instalment_per_million

__all__ = ["all_in_ppm", "highest_rate_within", "instalment_per_million"]
