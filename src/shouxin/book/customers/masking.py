"""What may be shown of personal data: enough to recognise, too little to use. Whatever is logged or told goes through here."""

from __future__ import annotations


def masked(text: str) -> str:
    """A number with its middle covered: 6 and 4 places stay of long ones, 2 and 2 of short ones, none of fewer than 8.

    >>> masked("110101199003071234"), masked("+8613800138000"), masked("13800138000"), masked("4321")
    ('110101********1234', '+86138****8000', '13*******00', '****')
    """
    if len(text) < 8:
        return "*" * len(text)
    first, last = (6, 4) if len(text) >= 14 else (2, 2)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]


def masked_name(name: str) -> str:
    """The first character of a name.

    >>> masked_name("王小明"), masked_name("Li")
    ('王**', 'L*')
    """
    return name[:1] + "*" * (len(name) - 1)


def masked_email(address: str) -> str:
    """The first character and what stands after the @.

    >>> masked_email("wang@example.com"), masked_email("wang")
    ('w***@example.com', '****')
    """
    name, at, host = address.partition("@")
    return name[:1] + "*" * (len(name) - 1) + at + host if at else "*" * len(name)


def masked_address(address: str) -> str:
    """The first 6 characters of an address: in China the province and mostly the city.

    >>> masked_address("北京市朝阳区建国路1号"), masked_address("朝阳")
    ('北京市朝阳区*****', '**')
    """
    return address[:6] + "*" * (len(address) - 6) if len(address) > 6 else "*" * len(address)
