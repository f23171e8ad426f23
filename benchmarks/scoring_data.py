"""Real sets of loan outcomes, each as one Parquet file: what was known at the decision, and `bad`.

`prepare` writes the whole set in the order of its source, `split` the two parts that every contestant gets. Left out is what
was not known when the loan was decided, what names a person or a place exactly, and what the outcome wrote itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

TARGET = "bad"
TEST_SHARE, SEED = 0.3, 0


@dataclass(frozen=True)
class DataSet:
    """A set of outcomes: `sql` reads the files of its folder, written `{name}`, in their order; `text` are columns of codes.

    true_bad_rate: the portfolio's own, where the set was drawn to hold more bads
    """

    name: str
    sql: str
    text: tuple[str, ...] = ()
    true_bad_rate: str | None = None


@dataclass(frozen=True)
class Parts:
    """The two parts of a set as Parquet files, and its columns that are text."""

    name: str
    train: Path
    test: Path
    text: tuple[str, ...]
    true_bad_rate: str | None = None


GMSC = DataSet(
    "gmsc",
    "SELECT * EXCLUDE (row_id, SeriousDlqin2yrs), SeriousDlqin2yrs AS bad FROM '{data}'",
)

# The codes of sex, education and marriage have no order, so they are text.
TAIWAN = DataSet(
    "taiwan_credit_card",
    """
    SELECT * EXCLUDE (ID, "default") REPLACE (
        CAST(SEX AS VARCHAR) AS SEX, CAST(EDUCATION AS VARCHAR) AS EDUCATION, CAST(MARRIAGE AS VARCHAR) AS MARRIAGE
    ), "default" AS bad FROM '{data}'
    """,
    ("SEX", "EDUCATION", "MARRIAGE"),
)

# Not `term`: it is the final one, and a loan that was charged off has an odd short one. Not the year of approval: the author
# of the file drew equally many of both outcomes, and the shares of the years then tell of the drawing. No date of the
# disbursement, no balance, no charge-off.
SBA = DataSet(
    "sba_30k",
    """
    SELECT
        no_emp, create_job, retained_job, disbursement_gross, gr_appv, sba_appv,
        sba_appv / gr_appv AS portion,
        CAST(franchise_code NOT IN (0, 1) AS INTEGER) AS franchise,
        CAST(state = bank_state AS INTEGER) AS same_state,
        state, bank_state,
        CAST(CAST(urban_rural AS INTEGER) AS VARCHAR) AS urban_rural,
        rev_line_cr, low_doc,
        CAST(CAST(new_exist AS INTEGER) AS VARCHAR) AS new_exist,
        CASE WHEN naics > 0 THEN left(lpad(CAST(CAST(naics AS INTEGER) AS VARCHAR), 6, '0'), 2) END AS naics2,
        CAST(mis_status = 'CHGOFF' AS INTEGER) AS bad
    FROM '{data}' WHERE mis_status IS NOT NULL
    """,
    ("state", "bank_state", "urban_rural", "rev_line_cr", "low_doc", "new_exist", "naics2"),
    true_bad_rate="0.175",
)

# Grades A1 to G5 are 1 to 35. Years employed: 0 is less than one, 10 is ten and more. Loans still running are left out.
LENDING_CLUB = DataSet(
    "lendingclub_38k",
    """
    SELECT
        address_state,
        CASE WHEN emp_length LIKE '<%' THEN 0 ELSE CAST(regexp_extract(emp_length, '[0-9]+') AS INTEGER) END AS emp_length,
        home_ownership, purpose, verification_status,
        (ascii(sub_grade) - ascii('A')) * 5 + CAST(right(sub_grade, 1) AS INTEGER) AS sub_grade,
        CAST(regexp_extract(term, '[0-9]+') AS INTEGER) AS term,
        annual_income, dti, installment, int_rate, loan_amount, total_acc,
        CAST(loan_status = 'Charged Off' AS INTEGER) AS bad
    FROM '{data}' WHERE loan_status <> 'Current'
    """,
    ("address_state", "home_ownership", "purpose", "verification_status"),
)

HMEQ = DataSet("hmeq", """SELECT * EXCLUDE ("Default"), "Default" AS bad FROM '{data}'""", ("Reason", "Job"))

POLISH = DataSet("polish_bankruptcy", "SELECT * EXCLUDE (class), class AS bad FROM '{year1}'")

# Of a customer's other loans, only those that were closed before this one was approved. Few pay in more than one instalment,
# and the last due date is not given: approval and the term of days stand for it.
SUPERLENDER = DataSet(
    "superlender_nigeria",
    """
    WITH perf AS (
        SELECT file_row_number AS place, customerid, loannumber, loanamount, totaldue, termdays, referredby, good_bad_flag,
            CAST(approveddate AS TIMESTAMP) AS approved
        FROM read_parquet('{trainperf}', file_row_number = true)
    ), person AS (
        SELECT DISTINCT ON (customerid) * FROM read_parquet('{traindemographics}', file_row_number = true)
        ORDER BY customerid, file_row_number
    ), earlier AS (
        SELECT perf.place, perf.approved, loan.loannumber, loan.loanamount, loan.termdays,
            loan.totaldue / loan.loanamount - 1 AS charge,
            CAST(loan.approveddate AS TIMESTAMP) AS began,
            CAST(loan.closeddate AS TIMESTAMP) AS closed,
            date_diff('day', CAST(loan.firstduedate AS TIMESTAMP), CAST(loan.firstrepaiddate AS TIMESTAMP)) AS first_late,
            date_diff('day', CAST(loan.approveddate AS TIMESTAMP), CAST(loan.closeddate AS TIMESTAMP)) AS held
        FROM perf JOIN '{trainprevloans}' AS loan USING (customerid)
        WHERE CAST(loan.closeddate AS TIMESTAMP) < perf.approved
    ), past AS (
        SELECT place,
            count(*) AS earlier_loans,
            avg(first_late) AS first_repayment_late_mean,
            max(first_late) AS first_repayment_late_max,
            arg_max(first_late, loannumber) AS first_repayment_late_last,
            avg(CAST(first_late > 0 AS INTEGER)) AS first_repayment_late_share,
            avg(held - termdays) AS closing_late_mean,
            max(held - termdays) AS closing_late_max,
            arg_max(held - termdays, loannumber) AS closing_late_last,
            avg(CAST(held > termdays AS INTEGER)) AS closing_late_share,
            avg(held / termdays) AS held_share_mean,
            avg(loanamount) AS amount_mean,
            max(loanamount) AS amount_max,
            arg_max(loanamount, loannumber) AS amount_last,
            arg_max(termdays, loannumber) AS term_last,
            arg_max(charge, loannumber) AS charge_last,
            date_diff('day', max(began), any_value(approved)) AS days_since_last_loan,
            date_diff('day', max(closed), any_value(approved)) AS days_since_last_closing,
            date_diff('day', min(began), any_value(approved)) AS days_since_first_loan
        FROM earlier GROUP BY place
    )
    SELECT
        loanamount, totaldue, termdays, totaldue / loanamount - 1 AS charge,
        CAST(referredby IS NOT NULL AS INTEGER) AS referred,
        coalesce(earlier_loans, 0) AS earlier_loans,
        past.* EXCLUDE (place, earlier_loans),
        loanamount / amount_last AS amount_growth,
        loanamount / amount_max AS amount_to_max,
        date_diff('month', CAST(birthdate AS TIMESTAMP), approved) // 12 AS age,
        bank_account_type, bank_name_clients, employment_status_clients, level_of_education_clients,
        CAST(good_bad_flag = 'Bad' AS INTEGER) AS bad
    FROM perf LEFT JOIN past USING (place) LEFT JOIN person USING (customerid) ORDER BY place
    """,
    ("bank_account_type", "bank_name_clients", "employment_status_clients", "level_of_education_clients"),
)

DATA_SETS = (GMSC, TAIWAN, SBA, LENDING_CLUB, HMEQ, POLISH, SUPERLENDER)


def folder_of_data() -> Path:
    """Where the sets lie, a folder for each: `SHOUXIN_DATASETS`, else `../shared/data`."""
    return Path(os.environ.get("SHOUXIN_DATASETS") or "../shared/data")


def prepare(data: DataSet, source: Path, into: Path) -> Path:
    """Write `into`/NAME.parquet: the features and `bad`, 0 or 1, one row for each loan in the order of the source.

    `source` is the folder of all sets. Raises FileNotFoundError where the set is not there.
    """
    files = {each.stem: str(each) for each in sorted((source / data.name).glob("*.parquet"))}
    if not files:
        raise FileNotFoundError(f"no Parquet files in {source / data.name}")
    out = into / f"{data.name}.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")  # so that averages are the same to the last bit
        connection.execute(f"COPY ({data.sql.format(**files)}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
    return out


def split(data: DataSet, prepared: Path) -> Parts:
    """Write both parts of a prepared file beside it: 70% to fit on, 30% to test on, as many bad ones in each; seed 0."""
    from sklearn.model_selection import train_test_split

    table = pq.read_table(prepared)
    bad = table.column(TARGET).to_numpy()
    places = train_test_split(range(len(bad)), test_size=TEST_SHARE, stratify=bad, random_state=SEED)
    paths = [prepared.with_suffix(f".{part}.parquet") for part in ("train", "test")]
    for path, rows in zip(paths, places, strict=True):
        pq.write_table(table.take(pa.array(rows)), path)
    return Parts(data.name, paths[0], paths[1], data.text, data.true_bad_rate)
