"""Files as tables to fit on, and specifications drafted from real files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from shouxin.desk.portfolio import InputRefused
from shouxin.desk.portfolio.columns import fingerprint, read_columns
from shouxin.desk.portfolio.tables import table_of
from shouxin.engines.scoring.fitting.profile import Drafted, draft
from shouxin.engines.scoring.fitting.spec import read_spec
from shouxin.engines.scoring.fitting.spec_check import check_spec
from shouxin.engines.scoring.fitting.spec_text import spec_text
from tests.datasets import dataset

CSV = "id,income,owner,purpose,since\n1,12.5,true,car,2020-01-31\n2,,false,,\n3,7,true,home,2021-12-01\n"


def test_a_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "loans.csv"
    path.write_text(CSV, encoding="utf-8")
    table = table_of(path)
    assert (table.rows, table.names, table.name) == (3, ("id", "income", "owner", "purpose", "since"), "loans.csv")
    assert table.flags == {"owner"} and table.numbers["owner"].tolist() == [1, 0, 1]
    assert np.isnan(table.numbers["income"][1]) and table.texts["purpose"].tolist() == ["car", None, "home"]
    assert [str(each) for each in table.days["since"]] == ["2020-01-31", "NaT", "2021-12-01"]
    assert table.fingerprint == fingerprint(read_columns(path))
    assert table_of(path, as_text=["id"]).texts["id"].tolist() == ["1", "2", "3"]


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no such file"):
        table_of(tmp_path / "none.csv")


def drafted(file: str, target: str, bad: str | None) -> Drafted:
    """A draft of a real file: it reads back, and the data bear it."""
    folder, name = file.split("/")
    table = table_of(dataset(folder, f"{name}.parquet"))
    found = draft(table, target, bad)
    assert read_spec(spec_text(found.spec)) == found.spec
    check_spec(found.spec, table)
    return found


SOUND = {
    "gmsc/data": ("SeriousDlqin2yrs", None),
    "taiwan_credit_card/data": ("default", None),
    "hmeq/data": ("Default", None),
    "german_credit/data": ("credit_risk", "0"),
    "polish_bankruptcy/year1": ("class", "1"),
    "superlender_nigeria/trainperf": ("good_bad_flag", "Bad"),
    "ccf2021_personal_loan/train_public": ("is_Default", None),
}


@pytest.mark.parametrize("file", SOUND)
def test_files_without_leaks(file: str) -> None:
    assert drafted(file, *SOUND[file]).leaks == ()


LEAKING = {
    "sba_30k/data": (
        ("mis_status", "CHGOFF"),
        {"term": "form", "chg_off_date": "missing", "disbursement_date": "dates", "chg_off_prin_gr": "ranks"},
    ),
    "lendingclub_38k/data": (("loan_status", "Charged Off"), {"total_payment": "compared"}),
    "sba_case_california/data": (
        ("Default", None),
        {
            "Term": "ranks",
            "ChgOffDate": "missing",
            "MIS_Status": "copy",
            "ChgOffPrinGr": "ranks",
            "RealEstate": "follows",
            "daysterm": "ranks",
            "xx": "follows",
        },
    ),
}


@pytest.mark.parametrize("file", LEAKING)
def test_files_with_leaks(file: str) -> None:
    (target, bad), leaks = LEAKING[file]
    found = drafted(file, target, bad)
    assert {each.column: each.kind for each in found.leaks} == leaks
    assert not set(leaks) & set(found.spec.used)
    assert all(found.spec.columns[each].leak for each in leaks)


def test_codes_of_real_files() -> None:
    special = {column: each.special for column, each in drafted("gmsc/data", "SeriousDlqin2yrs", None).spec.columns.items()}
    counters = ["NumberOfTime30-59DaysPastDueNotWorse", "NumberOfTimes90DaysLate", "NumberOfTime60-89DaysPastDueNotWorse"]
    assert {column for column, codes in special.items() if codes} == set(counters)
    assert all(special[each] == [96, 98] for each in counters)
    spec = drafted("taiwan_credit_card/data", "default", None).spec
    assert {column for column, each in spec.columns.items() if each.special} == {f"PAY_{place}" for place in (0, 2, 3, 4, 5, 6)}
    assert spec.columns["PAY_0"].special == [-2, -1, 0] and spec.protected == ["SEX", "MARRIAGE"]
