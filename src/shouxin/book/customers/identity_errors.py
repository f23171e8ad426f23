"""What is refused when names, numbers and contacts are read. The value is masked: it may be right but for one digit."""

from __future__ import annotations

from shouxin.foundation.refusal import Refusal


class NameUnreadable(Refusal):
    """A name that is empty, too long, or not text."""

    en = "a name of 1 to {most} printable characters, letters among them"
    zh = "姓名或名称须为 1 至 {most} 个可显示的字符"


class IdNumberMalformed(Refusal):
    """Not the shape of an identity number."""

    en = "17 digits and a digit or X, as on the identity card"
    zh = "身份证号码须为 17 位数字加 1 位数字或 X，请按证件填写"


class IdNumberRegionUnknown(Refusal):
    """The first digits are those of no province."""

    en = "a number that begins with the code of a province, or with 9 and such a code"
    zh = "身份证号码的前两位须为省级代码（外国人永久居留身份证以 9 开头），请核对"


class IdNumberBirthImplausible(Refusal):
    """The date of birth does not exist, lies in the future, or too far back."""

    en = "a date of birth in digits 7 to 14 that exists, from {first} to {last}"
    zh = "身份证号码第 7 至 14 位须为真实的出生日期（{first} 至 {last}），请核对"


class IdNumberCheckDigitWrong(Refusal):
    """The last place does not fit the others."""

    en = "a number whose last place fits the others: a digit is mistyped or two are swapped"
    zh = "身份证号码校验不通过，可能有数字填错或顺序颠倒，请核对"


class CreditCodeMalformed(Refusal):
    """Not the shape of a unified social credit code."""

    en = "18 places: digits and capital letters but I, O, S, V, Z, with digits in places 3 to 8"
    zh = "统一社会信用代码须为 18 位数字或大写字母（不含 I、O、S、V、Z），第 3 至 8 位为数字"


class CreditCodeCheckDigitWrong(Refusal):
    """The last place does not fit the others."""

    en = "a code whose last place fits the others: a place is mistyped or two are swapped"
    zh = "统一社会信用代码校验不通过，可能有字符填错或顺序颠倒，请核对"


class PhoneUnreadable(Refusal):
    """A phone number that does not exist as written."""

    en = "a phone number in digits, without extension; outside mainland China with + and the country's code"
    zh = "请填写真实的电话号码，只用数字，不含分机号；境外号码须以“+国家或地区代码”开头"


class EmailUnreadable(Refusal):
    """Not the shape of an e-mail address."""

    en = "an e-mail address such as name@example.com, at most {most} characters"
    zh = "邮箱格式须如 name@example.com，最多 {most} 个字符"


class AddressUnreadable(Refusal):
    """An address that is empty, too long, or not text."""

    en = "an address of 1 to {most} printable characters"
    zh = "地址须为 1 至 {most} 个可显示的字符"
