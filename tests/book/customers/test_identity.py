"""Numbers, names and contacts: the one form in which they are stored, and what is refused without showing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from shouxin.book.customers import identity as reading
from shouxin.book.customers import identity_errors as errors
from shouxin.book.customers.masking import masked, masked_address, masked_email, masked_name
from shouxin.foundation.refusal import Refusal
from tests.book.customers.people import TODAY, credit_code, id_number

PLACES = "0123456789ABCDEFGHJKLMNPQRTUWXY"
starts = st.builds(
    lambda region, born, serial: f"{region}0101{born:%Y%m%d}{serial:03}",
    st.sampled_from(sorted(reading.PROVINCES)),
    st.dates(dt.date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)


def read_id(written: str) -> str:
    return reading.read_id_number(written, TODAY)


@given(starts)
def test_a_number_that_fits_is_read(start: str) -> None:
    number = id_number(start)
    assert read_id(number) == number
    assert read_id(f" {number[:6]} {number[6:14]} {number[14:].lower()} ") == number
    assert reading.birth_of(number) == dt.datetime.strptime(start[6:14], "%Y%m%d").replace(tzinfo=dt.UTC).date()


@given(starts, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(start: str, place: int, more: int) -> None:
    number = id_number(start)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    with pytest.raises(Refusal) as refused:
        read_id(wrong)
    assert refused.value.value == masked(wrong)


@given(starts, st.integers(0, 15))
def test_two_swapped_digits_are_always_seen(start: str, place: int) -> None:
    number = id_number(start)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped == number:
        assert read_id(swapped) == number
        return
    with pytest.raises(Refusal):
        read_id(swapped)


@given(st.sampled_from(["91", "92", "N2", "A1", "Y1", "52"]), st.text(st.sampled_from(PLACES), min_size=9, max_size=9), st.data())
def test_a_credit_code_is_read_and_one_wrong_place_is_seen(head: str, body: str, data: st.DataObject) -> None:
    code = credit_code(f"{head}110105{body}")
    assert reading.read_credit_code(code) == code
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([each for each in PLACES if each != code[place]]))
    with pytest.raises(Refusal):
        reading.read_credit_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    "start",
    [
        "44030619900307123",  # the district is of 1993, and the child was registered later
        "50010119500101123",  # Chongqing is of 1997
        "81000019900307123",  # residence permit, Hong Kong
        "83000019900307123",  # residence permit, Taiwan
        "93184019900307123",  # a foreigner's permanent residence, issued in Shanghai
    ],
)
def test_people_whom_the_library_refuses_are_taken(start: str) -> None:
    assert not ric.is_valid(id_number(start))
    assert read_id(id_number(start)) == id_number(start)


def test_a_rural_collective_that_the_library_refuses_is_taken() -> None:
    code = credit_code("N2110105MA1234567")
    assert not uscc.is_valid(code)
    assert reading.read_credit_code(code) == code


ID_NUMBERS: list[tuple[str, str, type[Refusal]]] = [
    ("nothing", "", errors.IdNumberMalformed),
    ("15 digits", "110101900307123", errors.IdNumberMalformed),
    ("a letter", "11010119900307123A", errors.IdNumberMalformed),
    ("X in the middle", "1101011990030X1233", errors.IdNumberMalformed),
    ("a line break among the digits", "1101011990030712\n5", errors.IdNumberMalformed),
    ("digits of another script", "١١٠١٠١١٩٩٠٠٣٠٧١٢٣٣", errors.IdNumberMalformed),
    ("no province", "000000000000000000", errors.IdNumberRegionUnknown),
    ("a foreigner from no province", "900000199003071230", errors.IdNumberRegionUnknown),
    ("no such day", "110101199002301230", errors.IdNumberBirthImplausible),
    ("born tomorrow", id_number("11010120260303123"), errors.IdNumberBirthImplausible),
    ("born in the year 1000", id_number("11010110000101123"), errors.IdNumberBirthImplausible),
    ("another last place", "110101199003071234", errors.IdNumberCheckDigitWrong),
]


@pytest.mark.parametrize(("number", "refusal"), [row[1:] for row in ID_NUMBERS], ids=[row[0] for row in ID_NUMBERS])
def test_identity_numbers_that_are_refused(number: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read_id(number)


def test_wide_digits_are_read() -> None:
    assert read_id("１１０１０１１９９００３０７１２３３") == "110101199003071233"
    assert read_id(id_number("11010120260302123")) == id_number("11010120260302123")  # born today


REFUSED: list[tuple[str, Callable[[str], str], str, type[Refusal]]] = [
    ("a code with O", reading.read_credit_code, "91110000O00037341L", errors.CreditCodeMalformed),
    ("a letter in the region", reading.read_credit_code, "911100A0600037341L", errors.CreditCodeMalformed),
    ("another last place", reading.read_credit_code, "91110000600037341M", errors.CreditCodeCheckDigitWrong),
    ("no phone", reading.read_phone, "", errors.PhoneUnreadable),
    ("a phone that does not exist", reading.read_phone, "11012345678", errors.PhoneUnreadable),
    ("an emergency number", reading.read_phone, "110", errors.PhoneUnreadable),
    ("letters", reading.read_phone, "1-800-FLOWERS", errors.PhoneUnreadable),
    ("an extension", reading.read_phone, "13800138000 ext 5", errors.PhoneUnreadable),
    ("an extension as such", reading.read_phone, "13800138000;ext=5", errors.PhoneUnreadable),
    ("no country of that code", reading.read_phone, "+999 12345678", errors.PhoneUnreadable),
    ("no name", reading.read_name, "  ", errors.NameUnreadable),
    ("no letter", reading.read_name, "...", errors.NameUnreadable),
    ("a control character", reading.read_name, "王\x00小明", errors.NameUnreadable),
    ("a character that turns the line", reading.read_name, "王\u202e小明", errors.NameUnreadable),
    ("half a character", reading.read_name, "王\ud800", errors.NameUnreadable),
    ("a long name", reading.read_name, "王" * 101, errors.NameUnreadable),
    ("no @", reading.read_email, "wang.example.com", errors.EmailUnreadable),
    ("two @", reading.read_email, "wang@wang@example.com", errors.EmailUnreadable),
    ("no domain", reading.read_email, "wang@localhost", errors.EmailUnreadable),
    ("a header", reading.read_email, "wang@example.com\nBcc: li@example.com", errors.EmailUnreadable),
    ("two addresses", reading.read_email, "wang@example.com,li@example.com", errors.EmailUnreadable),
    ("a long address of e-mail", reading.read_email, "w" * 250 + "@e.cn", errors.EmailUnreadable),
    ("no address", reading.read_address, "", errors.AddressUnreadable),
    ("a long address", reading.read_address, "路" * 201, errors.AddressUnreadable),
]


@pytest.mark.parametrize(("read", "text", "refusal"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused(read: Callable[[str], str], text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        read(text)
    assert len(text) < 4 or text not in str(refused.value)
    assert refused.value.right("zh")


TAKEN: list[tuple[Callable[[str], str], str, str]] = [
    (reading.read_phone, "１３８００１３８０００", "+8613800138000"),
    (reading.read_phone, "(010) 1234-5678", "+861012345678"),
    (reading.read_phone, "+1 650 253 0000", "+16502530000"),
    (reading.read_name, "𠮷野", "𠮷野"),
    (reading.read_name, "\U00031350明", "\U00031350明"),  # newer than the tables of Python 3.11
    (reading.read_name, "王\u3000小明", "王 小明"),
    (reading.read_name, "O'Brien", "O'Brien"),
    (reading.read_name, "王" * 100, "王" * 100),
    (reading.read_email, "小明@例子.中国", "小明@例子.中国"),
    (reading.read_email, "a.b+c@Mail.Example.co.uk", "a.b+c@mail.example.co.uk"),
    (reading.read_address, "北京市朝阳区\n建国路 1 号", "北京市朝阳区 建国路 1 号"),
]


@pytest.mark.parametrize(("read", "text", "stored"), TAKEN)
def test_what_is_taken(read: Callable[[str], str], text: str, stored: str) -> None:
    assert read(text) == stored
    assert read(stored) == stored


@given(st.text(max_size=40))
def test_masks_keep_the_length_and_hide_most(text: str) -> None:
    for mask in (masked, masked_name, masked_email, masked_address):
        assert len(mask(text)) == len(text)
    assert len(text) < 2 or masked(text).count("*") >= min(len(text), 4)
