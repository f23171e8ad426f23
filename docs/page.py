"""Small pieces of Markdown for the generated pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

_PART = re.compile(r"(<!-- generated: ([\w-]+)((?: \w+)*) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str, parts: Mapping[str, Callable[..., str]]) -> str:
    """A page with its generated parts written anew: they stand between `<!-- generated: NAME ... -->` and `<!-- end -->`."""

    def part(found: re.Match[str]) -> str:
        return f"{found[1]}\n{parts[found[2]](*found[3].split())}\n\n{found[4]}"

    return _PART.sub(part, text)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; a column that is empty in every row is left out.

    >>> print(table(["a", "b", "c"], [["1", "", "x|y"], ["2", None, "z"]]))
    | a | c |
    |---|---|
    | 1 | x\\|y |
    | 2 | z |
    """
    texts = [[_cell(each) for each in row] for row in rows]
    kept = [index for index in range(len(heads)) if any(row[index] for row in texts)] or list(range(len(heads)))
    lines = ["| " + " | ".join(heads[index] for index in kept) + " |", "|" + "---|" * len(kept)]
    lines += ["| " + " | ".join(row[index] for index in kept) + " |" for row in texts]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split()).replace("|", "\\|")


def code(text: object) -> str:
    """Text in code style; nothing where there is none."""
    return f"`{text}`" if text not in (None, "") else ""
