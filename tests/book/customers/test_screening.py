"""Screening: who is found, and that a list which cannot be read clears nobody."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.book.customers import screening as screening_module
from shouxin.book.customers.errors import CustomerListed, ListUnreadable
from shouxin.book.customers.model import Person
from shouxin.book.customers.screening import Hit, ListFile, NoList, Screening, check_not_listed, listed, normalised

HEAD = "name,id_number,list,since\n"
SINCE = dt.date(2020, 5, 1)
ROWS = (
    '"O\'Brien, Seán",,UN,2020-05-01\n'
    "王小明,110101199003071233,UN,2020-05-01\n"
    ",91110000600037341L,OFAC,2020-05-01\n"
    "阿卜杜拉·买买提,,MPS,2020-05-01\n"
)
SOMEBODY = uuid.UUID(int=7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A list with four entries."""
    made = tmp_path / "list.csv"
    made.write_text(HEAD + ROWS, "utf-8")
    return made


@pytest.mark.parametrize(
    ("name", "number", "hit"),
    [
        ("ＯＢＲＩＥＮ　ＳＥÁＮ", None, Hit("UN", SINCE, "name")),
        ("o brien-sea\u0301n", None, Hit("UN", SINCE, "name")),
        ("o brien-sea-\u0301n", None, Hit("UN", SINCE, "name")),
        ("o brien-sean", None, None),
        ("somebody else", "110101 19900307 1233", Hit("UN", SINCE, "id_number")),
        ("王小明", "110101199003071233", Hit("UN", SINCE, "id_number")),
        ("王小明", "310101199003071236", Hit("UN", SINCE, "name")),
        ("阿卜杜拉买买提", None, Hit("MPS", SINCE, "name")),
        ("a company", "91110000600037341l", Hit("OFAC", SINCE, "id_number")),
        ("王小", None, None),
        ("110101199003071233", None, None),
        ("", None, None),
    ],
)
def test_who_is_found(path: Path, name: str, number: str | None, hit: Hit | None) -> None:
    assert ListFile(path).check(name, number) == hit


@given(st.text(), st.text(st.sampled_from(" \u3000\t-·.,'\u200b"), max_size=3), st.data())
def test_spaces_and_punctuation_never_hide_a_name(name: str, noise: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name)))
    assert normalised(name[:place] + noise + name[place:]) == normalised(name)
    assert normalised(normalised(name)) == normalised(name)


def test_the_file_is_read_again_when_it_changes(path: Path, tmp_path: Path) -> None:
    screening = ListFile(path)
    assert screening.check("李四", None) is None
    newer = tmp_path / "newer.csv"
    newer.write_text("\ufeff" + HEAD + "李四,,UN,2020-05-01\n", "utf-8")
    newer.replace(path)
    assert screening.check("李四", None) == Hit("UN", SINCE, "name")
    assert screening.check("王小明", None) is None


def test_a_list_that_goes_missing_or_bad_clears_nobody(path: Path) -> None:
    screening = ListFile(path)
    assert screening.check("李四", None) is None
    path.write_text("rubbish", "utf-8")
    for _ in range(2):
        with pytest.raises(ListUnreadable):
            screening.check("李四", None)
    path.unlink()
    with pytest.raises(ListUnreadable, match="No such file"):
        screening.check("李四", None)
    path.write_text(HEAD + ROWS, "utf-8")
    assert screening.check("李四", None) is None


def test_a_change_that_sets_the_clock_back_is_seen(path: Path) -> None:
    screening, before = ListFile(path), path.stat()
    assert screening.check("王大明", None) is None
    path.write_text((HEAD + ROWS).replace("王小明", "王大明"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert screening.check("王大明", None) == Hit("UN", SINCE, "name")


def test_a_list_that_is_just_being_written_clears_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = screening_module._read

    def overtaken(*args: Any) -> Any:
        entries = real(*args)
        with path.open("a", encoding="utf-8") as file:
            file.write("李四,,UN,2020-05-01\n")
        return entries

    monkeypatch.setattr(screening_module, "_read", overtaken)
    screening = ListFile(path)
    with pytest.raises(ListUnreadable, match="changed while it was read"):
        screening.check("李四", None)
    monkeypatch.undo()
    assert screening.check("李四", None) == Hit("UN", SINCE, "name")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "another first line"),
        (HEAD.encode(), "no rows"),
        ("name,list,since,id_number\n王,UN,2020-05-01,\n".encode(), "another first line"),
        ((HEAD + "王,,UN\n").encode(), "line 2.*four columns"),
        ((HEAD + "王,,UN,2020-05-01,\n").encode(), "four columns"),
        ((HEAD + ROWS + "\n").encode(), "line 6.*four columns"),
        ((HEAD + "王,, ,2020-05-01\n").encode(), "name of a list"),
        ((HEAD + "·,-,UN,2020-05-01\n").encode(), "neither name nor number"),
        ((HEAD + "王,,UN,1 May 2020\n").encode(), "since"),
        ((HEAD + '"王,,UN,2020-05-01\n').encode(), "not CSV"),
        (HEAD.encode() + "王,,UN,2020-05-01\n".encode("gbk"), "not CSV in UTF-8"),
    ],
)
def test_malformed_lists_are_errors(path: Path, content: bytes, why: str) -> None:
    path.write_bytes(content)
    with pytest.raises(ListUnreadable, match=why):
        ListFile(path).check("李四", None)


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(ListUnreadable):
        ListFile(tmp_path).check("李四", None)


def test_any_of_somebodys_numbers_is_enough(path: Path) -> None:
    screening: Screening = ListFile(path)
    trader = Person("李四", "310101199003071236", "91110000600037341L")
    assert listed(screening, trader) == Hit("OFAC", SINCE, "id_number")
    assert listed(screening, Person("李四", "310101199003071236")) is None
    assert listed(screening, Person("王小明")) == Hit("UN", SINCE, "name")
    assert listed(NoList(), trader) is None


def test_the_customer_is_told_nothing_but_that_staff_are_needed(path: Path) -> None:
    check_not_listed(ListFile(path), SOMEBODY, Person("李四"))
    with pytest.raises(CustomerListed) as refused:
        check_not_listed(ListFile(path), SOMEBODY, Person("王小明", "110101199003071233"))
    for each in (refused.value, pickle.loads(pickle.dumps(refused.value))):
        for lang in ("zh", "en"):
            told = str(each.to_dict(lang))
            assert not any(word in told.lower() for word in ("list", "sanction", "名单", "制裁", "un'", "王", "1101"))
        assert each.to_dict()["code"] == "StaffNeeded"
