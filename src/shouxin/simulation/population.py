"""A deterministic population for the `standard` bundle: consumers, merchants and companies, good payers and bad ones.

Numbers come from integer arithmetic on the customer's number alone, so that every machine and version makes the same
people. Shares are rough and made up: they are there to exercise a policy, not to describe a market.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

MASK = 2**31 - 1
# Multiply, cut to 31 bits, fold the high bits down, twice: after the integer hashes of Wellons, "Hash Prospector" (2018)
MIXERS = (
    f"CREATE MACRO fold(x, n) AS xor(x, x >> n) & {MASK}",
    f"CREATE MACRO mixed(x) AS fold((fold((fold(x, 16) * 2146121005) & {MASK}, 15) * 2073254073) & {MASK}, 16)",
    f"CREATE MACRO u(i, k) AS mixed(mixed(i + 1) + k * 7919) / {MASK + 1}.0",
)


def write_population(path: Path, count: int, as_of: dt.date) -> None:
    """Write `count` customers as of a day to a Parquet file, sorted by `customer_id`. A repeat writes the same rows."""
    with duckdb.connect() as connection:
        for macro in MIXERS:
            connection.execute(macro)
        connection.execute("CREATE MACRO pick(i, k, words) AS words[1 + CAST(floor(u(i, k) * len(words)) AS INTEGER)]")
        connection.execute("CREATE MACRO upto(i, k, top, power) AS CAST(floor(pow(u(i, k), power) * (top + 1)) AS BIGINT)")
        connection.execute("CREATE MACRO yuan(x) AS CAST(round(x) AS DECIMAL(18, 2))")
        connection.execute(f"COPY ({_query(count, as_of)}) TO '{_escaped(path)}' (FORMAT parquet, COMPRESSION zstd)")


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def _query(count: int, as_of: dt.date) -> str:
    """`risk` (0 good, 1 bad) and `size` (0 small, 1 large) tie a customer's facts together."""
    day = f"DATE '{as_of.isoformat()}'"
    return f"""
WITH people AS (
  SELECT range AS i, pow(u(range, 1), 2.2) AS risk, pow(u(range, 2), 1.5) AS size,
    CASE WHEN u(range, 3) < 0.70 THEN 'consumer' WHEN u(range, 3) < 0.93 THEN 'merchant' ELSE 'company' END AS customer_type,
    u(range, 4) < 0.62 AS known_here,
    CASE WHEN u(range, 5) < 0.86 THEN 'found' WHEN u(range, 5) < 0.95 THEN 'no_record' WHEN u(range, 5) < 0.97 THEN 'not_asked'
         WHEN u(range, 5) < 0.98 THEN 'no_consent' ELSE 'failed' END AS bureau_status
  FROM range({count})
), told AS (
  SELECT *, customer_type <> 'company' AS person, customer_type <> 'consumer' AS trades,
    bureau_status = 'found' AS reported,
    CASE WHEN u(i, 6) < risk * 0.5 THEN CAST(1 + upto(i, 7, 170, 3) AS BIGINT) ELSE 0 END AS worst,
    3500 + size * 46000 AS income, 20000 + size * size * 1800000 AS turnover
  FROM people
)
SELECT
  'C' || lpad(CAST(i AS VARCHAR), 8, '0') AS customer_id, customer_type,
  CASE WHEN person THEN {day} - CAST(6500 + floor(u(i, 10) * 17000) AS INTEGER) END AS birth_date,
  CASE WHEN person THEN u(i, 11) < 0.03 ELSE false END AS is_student, u(i, 12) < 0.99 AS consent_given,
  pick(i, 13, ['owned', 'owned', 'mortgaged', 'rented', 'rented', 'family', 'other']) AS housing,
  upto(i, 14, 240, 1.6) AS residence_months, upto(i, 15, 240, 1.4) AS months_in_work,
  u(i, 16) < 0.02 AS large_need, CASE WHEN u(i, 16) < 0.02 THEN {day} + 200 END AS large_need_review_date,
  yuan(CASE WHEN u(i, 17) < 0.05 THEN u(i, 18) * 200000 ELSE 0 END) AS linked_exposure,
  u(i, 19) < 0.99 AS identity_verified, {day} - 60 + CAST(floor(u(i, 20) * 7000) AS INTEGER) AS document_expires,
  CASE WHEN u(i, 21) < 0.992 THEN 'normal' ELSE pick(i, 22, ['frozen', 'deceased', 'insolvent', 'dissolved']) END
    AS customer_state,
  upto(i, 23, 200, 1.2) AS phone_months,
  CASE WHEN person THEN {day} - upto(i, 24, 190, 1.6)::INTEGER END AS income_date,
  CASE WHEN person AND u(i, 25) < 0.97 THEN yuan(income * (0.6 + 0.8 * u(i, 26))) END AS monthly_income,
  CASE WHEN person THEN pick(i, 27, ['tax', 'social_insurance', 'social_insurance', 'payroll', 'statements', 'none']) END
    AS income_proof,
  CASE WHEN trades THEN upto(i, 28, 180, 1.3) END AS business_months,
  CASE WHEN trades THEN u(i, 29) < 0.02 END AS restricted_industry,
  CASE WHEN trades THEN pick(i, 30, ['A', 'B', 'B', 'M', 'C', 'D', 'none']) END AS tax_grade,
  CASE WHEN customer_type = 'company' THEN upto(i, 31, 120, 1.1) END AS legal_rep_months,
  CASE WHEN trades THEN upto(i, 32, 120, 1.2) END AS premises_months,
  CASE WHEN trades THEN {day} - upto(i, 33, 50, 1.5)::INTEGER END AS receipts_date,
  CASE WHEN trades THEN yuan(turnover * 12 * (0.7 + 0.6 * u(i, 34))) END AS turnover_12m,
  CASE WHEN trades THEN yuan(turnover * 3 * (0.7 + 0.6 * u(i, 35) - 0.4 * risk)) END AS turnover_3m,
  CASE WHEN trades THEN yuan(turnover * (0.25 - 0.3 * risk * u(i, 36))) END AS net_inflow,
  CASE WHEN trades THEN 40 + upto(i, 37, 50, 0.6) END AS active_days_3m,
  bureau_status, CASE WHEN reported THEN {day} - upto(i, 40, 33, 1.5)::INTEGER END AS bureau_date,
  CASE WHEN reported THEN CASE WHEN worst > 0 AND u(i, 41) < 0.15 THEN least(worst, 1 + upto(i, 42, 90, 2)) ELSE 0 END END
    AS days_overdue_elsewhere,
  CASE WHEN reported THEN worst END AS worst_overdue_24m,
  CASE WHEN reported THEN CASE WHEN worst > 0 THEN 1 + upto(i, 43, 8, 2.5) ELSE 0 END END AS overdue_months_24m,
  CASE WHEN reported THEN yuan(CASE WHEN u(i, 44) < risk * 0.03 THEN 500 + u(i, 45) * 50000 ELSE 0 END) END AS written_off_debt,
  CASE WHEN reported THEN 3 + upto(i, 46, 180, 1.3) END AS history_months,
  CASE WHEN reported THEN upto(i, 47, 13, 6 - 4 * risk) END AS enquiries_3m,
  CASE WHEN reported THEN yuan(CASE WHEN u(i, 48) < 0.6 THEN income * 30 * pow(u(i, 49), 2.2) * (0.3 + risk) ELSE 0 END) END
    AS debts_elsewhere,
  CASE WHEN reported THEN yuan(CASE WHEN u(i, 48) < 0.6 THEN income * pow(u(i, 49), 2) * (0.3 + 0.4 * risk) ELSE 0 END) END
    AS payments_elsewhere,
  CASE WHEN reported THEN upto(i, 50, 7, 3.5 - 2 * risk) END AS lenders_elsewhere,
  {day} - upto(i, 51, 31, 1.5)::INTEGER AS screening_date, u(i, 52) < 0.001 AS is_sanctioned,
  u(i, 53) < risk * 0.01 AS court_enforced, upto(i, 54, 950, 6 - 4 * risk) AS fraud_score,
  CASE WHEN known_here THEN 'found' ELSE 'no_record' END AS book_status,
  CASE WHEN known_here THEN upto(i, 60, 84, 1.3) END AS months_on_book,
  CASE WHEN known_here THEN CASE WHEN worst > 0 AND u(i, 61) < 0.2 THEN upto(i, 62, 60, 2) ELSE 0 END END AS days_overdue_now,
  CASE WHEN known_here THEN CASE WHEN worst > 0 AND u(i, 63) < 0.5 THEN least(worst, 60) ELSE 0 END END
    AS worst_overdue_here_12m,
  CASE WHEN known_here THEN CASE WHEN worst > 0 AND u(i, 63) < 0.6 THEN least(worst, 90) ELSE 0 END END
    AS worst_overdue_here_24m,
  CASE WHEN known_here THEN CASE WHEN u(i, 64) < risk * 0.2 THEN upto(i, 65, 60, 2) ELSE 0 END END AS over_limit_days_12m,
  CASE WHEN known_here THEN upto(i, 66, 10500, 1.8 - risk) END AS line_use_bp,
  CASE WHEN known_here THEN upto(i, 67, 2, 6) END AS lines_closed_12m,
  CASE WHEN known_here THEN CASE WHEN u(i, 68) < risk * 0.02 THEN 1 ELSE 0 END END AS misuse_12m,
  CASE WHEN known_here THEN CASE WHEN u(i, 68) < risk * 0.04 THEN 1 ELSE 0 END END AS misuse_24m,
  known_here AND person AND u(i, 70) < 0.4 AS held_consumer_line,
  yuan(CASE WHEN known_here AND person AND u(i, 70) < 0.4 THEN 1000 + 100 * upto(i, 71, 400, 2) ELSE 0 END) AS line_consumer_line,
  yuan(CASE WHEN known_here AND person AND u(i, 70) < 0.4 THEN (1000 + 100 * upto(i, 71, 400, 2)) * u(i, 72) * u(i, 73)
    ELSE 0 END)
    AS used_consumer_line,
  known_here AND trades AND u(i, 74) < 0.35 AS held_business_loan,
  yuan(CASE WHEN known_here AND trades AND u(i, 74) < 0.35 THEN 10000 + 1000 * upto(i, 75, 300, 2) ELSE 0 END)
    AS line_business_loan,
  yuan(CASE WHEN known_here AND trades AND u(i, 74) < 0.35 THEN (10000 + 1000 * upto(i, 75, 300, 2)) * u(i, 76) ELSE 0 END)
    AS used_business_loan,
  CASE WHEN u(i, 77) < 0.04 THEN upto(i, 78, 400, 1) END AS days_since_closed_business_loan,
  CASE WHEN u(i, 77) < 0.04 THEN pick(i, 79, ['displaced', 'by_choice', 'by_choice', 'for_risk', 'cured', 'misuse'])
    ELSE 'none' END
    AS closed_because_business_loan
FROM told
ORDER BY i
"""
