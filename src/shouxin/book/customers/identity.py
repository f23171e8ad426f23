"""How identity numbers, names and contacts are read. Each function returns the one form that is stored, or refuses.

From `stdnum` only the check digits are taken (GB 11643, GB 32100). Its whole validation refuses people: it wants the county of an
identity number to have existed at birth, though numbers were given out later, knows neither the residence permits of people from
Hong Kong, Macao and Taiwan (81, 82, 83) nor those of foreigners (9), and takes codes of businesses only with digits in front,
while rural collectives have N. And it lets pass births in the future and a line break among the digits.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import phonenumbers
from stdnum.cn import ric, uscc

from shouxin.book.customers import identity_errors
from shouxin.book.customers.masking import masked, masked_address, masked_email, masked_name
from shouxin.foundation.refusal import Refusal

MOST_NAME, MOST_ADDRESS, MOST_EMAIL = 100, 200, 254
OLDEST_YEARS = 130

# The first two digits of GB/T 2260; 81, 82, 83 stand on residence permits of people from Hong Kong, Macao and Taiwan.
_REGIONS = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82, 83))
PROVINCES = frozenset(str(code) for region in _REGIONS for code in region)
FOREIGNER = "9"  # permanent residents, from 2023-12-01: 9, the province that issued it, and the country

_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_PHONE = re.compile(r"\+?[0-9 ().-]+")
_EMAIL = re.compile(r"[^\s@\"(),:;<>\[\]\\]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")


def read_id_number(written: str, today: dt.date, field: str = "id_number") -> str:
    """The 18 places of a resident's identity number, X in capitals. Wide digits and spaces are taken.

    Raises IdNumberMalformed, IdNumberRegionUnknown, IdNumberBirthImplausible, IdNumberCheckDigitWrong, in this order. How old
    somebody must be to borrow is the policy's business.

    >>> read_id_number("110101 19900307 1233", dt.date(2026, 1, 1))
    '110101199003071233'
    """
    number, shown = _compact(written), masked(written)
    if not _ID_NUMBER.fullmatch(number):
        raise identity_errors.IdNumberMalformed(field, shown)
    region = number[1:3] if number.startswith(FOREIGNER) else number[:2]
    if region not in PROVINCES:
        raise identity_errors.IdNumberRegionUnknown(field, shown)
    first = today.replace(year=today.year - OLDEST_YEARS, day=min(today.day, 28))
    birth = birth_of(number)
    if birth is None or not first <= birth <= today:
        raise identity_errors.IdNumberBirthImplausible(field, shown, first=first, last=today)
    if ric.calc_check_digit(number) != number[-1]:
        raise identity_errors.IdNumberCheckDigitWrong(field, shown)
    return number


def birth_of(id_number: str) -> dt.date | None:
    """The date of birth in an identity number; None where it is no date.

    >>> birth_of("110101199003071233")
    datetime.date(1990, 3, 7)
    """
    try:
        return dt.date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def read_credit_code(written: str, field: str = "credit_code") -> str:
    """The 18 places of a unified social credit code. Small letters, wide ones, spaces and hyphens are taken.

    Raises CreditCodeMalformed, CreditCodeCheckDigitWrong, in this order.

    >>> read_credit_code("91110000-600037341l")
    '91110000600037341L'
    """
    code = _compact(written).replace("-", "")
    if not _CREDIT_CODE.fullmatch(code):
        raise identity_errors.CreditCodeMalformed(field, masked(written))
    if uscc.calc_check_digit(code) != code[-1]:
        raise identity_errors.CreditCodeCheckDigitWrong(field, masked(written))
    return code


def read_phone(written: str, field: str = "phone") -> str:
    """A phone number in E.164; one without a country's code is of mainland China. Raises PhoneUnreadable, also for letters and
    extensions, which `phonenumbers` would turn into digits or drop.

    >>> read_phone("138 0013 8000"), read_phone("+852 9123 4567")
    ('+8613800138000', '+85291234567')
    """
    text = unicodedata.normalize("NFKC", written).strip()
    refused = identity_errors.PhoneUnreadable(field, masked(written))
    if not _PHONE.fullmatch(text):
        raise refused
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        raise refused from None
    if not phonenumbers.is_valid_number(number):
        raise refused
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_email(written: str, field: str = "email") -> str:
    """An e-mail address in NFC, the part after the @ in small letters. Raises EmailUnreadable. Only the shape is checked.

    >>> read_email(" Wang@Example.COM ")
    'Wang@example.com'
    """
    text = unicodedata.normalize("NFC", written).strip()
    if len(text) > MOST_EMAIL or not _printable(text) or not _EMAIL.fullmatch(text):
        raise identity_errors.EmailUnreadable(field, masked_email(written), most=MOST_EMAIL)
    name, _, host = text.rpartition("@")
    return f"{name}@{host.lower()}"


def read_name(written: str, field: str = "name") -> str:
    """A name in NFC with single spaces. Raises NameUnreadable.

    >>> read_name(" 阿卜杜拉·买买提 "), read_name("Ana  Lima")
    ('阿卜杜拉·买买提', 'Ana Lima')
    """
    return _text(written, MOST_NAME, identity_errors.NameUnreadable(field, masked_name(written), most=MOST_NAME))


def read_address(written: str, field: str = "address") -> str:
    """An address in NFC with single spaces, on one line. Raises AddressUnreadable."""
    return _text(written, MOST_ADDRESS, identity_errors.AddressUnreadable(field, masked_address(written), most=MOST_ADDRESS))


def _text(written: str, most: int, refused: Refusal) -> str:
    text = " ".join(unicodedata.normalize("NFC", written).split())
    if not 1 <= len(text) <= most or not _printable(text) or not any(_letter(each) for each in text):
        raise refused
    return text


def _printable(text: str) -> bool:
    return all(each.isprintable() or _letter(each) for each in text)


def _letter(char: str) -> bool:
    """Rare characters of names are added to planes 2 and 3 of Unicode year by year, before Python knows them."""
    return char.isalpha() or 0x20000 <= ord(char) <= 0x3FFFD


def _compact(written: str) -> str:
    return unicodedata.normalize("NFKC", written).replace(" ", "").upper()
