"""Amounts in capital figures (大写金额), as Chinese contracts and cheques have them.

Source: 《支付结算办法》附一《正确填写票据和结算凭证的基本规定》 (mark K): 整 after 元 and not after 分, 零 for zeros in between.
"""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
WAN, YI = 10_000, 100_000_000


def capitals(minor: int) -> str:
    """An amount of yuan in capital figures, from fen; 0 or more.

    >>> capitals(1_000_000), capitals(1_050_000_205), capitals(168_032), capitals(50)
    ('壹万元整', '壹仟零伍拾万零贰元零伍分', '壹仟陆佰捌拾元叁角贰分', '伍角')
    """
    yuan, jiao, fen = minor // 100, minor // 10 % 10, minor % 10
    text = f"{_whole(yuan)}元" if yuan or not (jiao or fen) else ""
    if not (jiao or fen):
        return text + "整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif text:
        text += "零"
    return text + (DIGITS[fen] + "分" if fen else "")


def _whole(number: int) -> str:
    if not number:
        return DIGITS[0]
    for size, name in ((YI, "亿"), (WAN, "万")):
        if number >= size:
            above, below = divmod(number, size)
            zero = DIGITS[0] if 0 < below < size // 10 else ""
            return _whole(above) + name + zero + (_whole(below) if below else "")
    return _thousands(number)


def _thousands(number: int) -> str:
    """A number below ten thousand."""
    text, gap = "", False
    for size, name in ((1_000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // size % 10
        if not digit:
            gap = gap or bool(text)
            continue
        text += (DIGITS[0] if gap else "") + DIGITS[digit] + name
        gap = False
    return text
