"""How much room a text takes, without its font: widths that are never too small, so that no label is clipped.

A chart is written where no font can be asked. Each character gets the widest advance that it has in the usual sans-serif fonts
(Arial, Helvetica, DejaVu Sans, Noto Sans, PingFang SC, Noto Sans CJK SC), in em; a Chinese character takes one em, about twice
a Latin letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from shouxin.foundation.refusal import printable

ELLIPSIS = "…"
_ADVANCE = {
    **dict.fromkeys("ijlIJ .,:;'|/\\", 0.34),
    **dict.fromkeys('frt!()[]-"`', 0.46),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ+=<>~#^&{}", 0.84),
    **dict.fromkeys("mwMW@%", 1.0),
}
_EN_DASH, _OTHER_ASCII, _OTHER, _SYMBOL = 0.64, 0.64, 1.0, 1.3
# A line may break after a space, an underscore or the dash of a range, and around a Chinese character, but not before closing
# punctuation.
_PIECE = re.compile(r"\s+|[^\s⺀-\U0010ffff_–]+[_–]*|[_–]+|[⺀-\U0010ffff][，。；：、！？）》」』”’]*")


def one_line(text: str) -> str:
    r"""A text on one line, any white space as one space; what cannot be printed, and so has no place in XML, in escapes.

    >>> one_line("days\n past\tdue\x00")
    'days past due\\x00'
    """
    plain = " ".join(text.split())
    return printable(plain, 12 * len(plain)) if plain else ""


def text_width(text: str, size: float) -> float:
    """The room of a text on one line, in the units of `size`, the font's size.

    >>> text_width("额度", 10), text_width("ab", 10)
    (20.0, 12.8)
    """
    return size * sum(map(_advance, text))


def cut(text: str, size: float, room: float) -> str:
    """The text where it fits, else as much of it as fits with an ellipsis.

    >>> cut("months since the oldest line", 10, 100)
    'months since th…'
    """
    return text if text_width(text, size) <= room else _broken_off(text, size, room)


def wrap(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """The text on at most `most` lines of the width `room`, as even as they can be; what is left over becomes an ellipsis.

    >>> wrap("近六个月，最大逾期天数", 10, 50, 2)
    ('近六个月，', '最大逾期…')
    >>> wrap("number_of_times_late", 10, 80, 3)
    ('number_of_', 'times_late')
    """
    plain = one_line(text)
    lines = _lines(plain, size, room)
    if len(lines) == 1:
        return tuple(lines)
    if len(lines) <= most:
        return tuple(_even(plain, size, room, lines))
    return (*lines[: most - 1], _broken_off(lines[most - 1], size, room))


def longest_piece(text: str, size: float) -> float:
    """The room that the text's longest unbreakable piece takes.

    >>> longest_piece("一年 max", 10) == text_width("max", 10)
    True
    """
    return max((text_width(each.strip(), size) for each in _PIECE.findall(one_line(text))), default=0.0)


@cache
def _advance(character: str) -> float:
    if character.isascii():
        return _ADVANCE.get(character, _OTHER_ASCII)
    if character == "–":
        return _EN_DASH
    category = unicodedata.category(character)
    if category in ("Mn", "Me"):
        return 0.0
    return _SYMBOL if category == "So" else _OTHER


def _even(text: str, size: float, room: float, lines: list[str]) -> list[str]:
    """As many lines in the least room that they need, to a twentieth of it; no piece is broken for it."""
    for share in range(10, 20):
        narrower = room * share / 20
        if longest_piece(text, size) <= narrower and len(tried := _lines(text, size, narrower)) == len(lines):
            return tried
    return lines


def _broken_off(text: str, size: float, room: float) -> str:
    while text and text_width(text + ELLIPSIS, size) > room:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _lines(text: str, size: float, room: float) -> list[str]:
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if text_width((line + piece).rstrip(), size) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        *whole, line = _broken(piece.lstrip(), size, room)
        lines += whole
    return [*lines, line.strip()] if line.strip() else lines


def _broken(piece: str, size: float, room: float) -> list[str]:
    """A piece that may be longer than a line, between its characters; at least one on a line."""
    parts = [""]
    for character in piece:
        if parts[-1] and text_width(parts[-1] + character, size) > room:
            parts.append("")
        parts[-1] += character
    return parts
