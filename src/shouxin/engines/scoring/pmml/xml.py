"""Parse XML from outside into plain elements that know where they stand.

Nothing is expanded and nothing is fetched: a DOCTYPE, the only way for entities into XML, is refused before it takes effect.
Whoever reads an element says which attributes and children it understands; what is beside them is refused, never passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from shouxin.engines.scoring.pmml.errors import DoctypeNotRead, PartAbsent, PartNotRead, PmmlNotXml, PmmlTooLarge, ValueNotRead

MAX_BYTES = 8_000_000
MAX_DEPTH = 200
EXTENSION = "Extension"
WITH_TEXT = frozenset({EXTENSION, "Array", "Constant"})


@dataclass(slots=True)
class Element:
    """One element: local name, namespace, attributes, children in order, and its text.

    place: counted among the children of its parent that have the same name; counts: how many children of each name it has
    """

    tag: str
    namespace: str
    attributes: dict[str, str]
    parent: Element | None = field(repr=False, compare=False)
    place: int = 1
    children: list[Element] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    text: str = ""

    @property
    def path(self) -> str:
        """Where it stands, such as /PMML/Scorecard/Characteristics/Characteristic[2]."""
        if self.parent is None:
            return f"/{self.tag}"
        return f"{self.parent.path}/{self.tag}" + (f"[{self.place}]" if self.parent.counts[self.tag] > 1 else "")

    @property
    def parts(self) -> list[Element]:
        """The children but Extensions, which never change what the elements of the standard mean."""
        return [each for each in self.children if each.tag != EXTENSION]

    def of(self, tag: str) -> list[Element]:
        """The children of a name."""
        return [each for each in self.children if each.tag == tag]

    def one(self, tag: str) -> Element:
        """The one child of a name. Raises PartAbsent, PartNotRead for a second one."""
        found = self.of(tag)
        if not found:
            raise PartAbsent(self.path, f"<{self.tag}>", needed=f"<{tag}>")
        if len(found) > 1:
            raise PartNotRead(found[1].path, f"<{tag}>", known=f"one <{tag}>")
        return found[0]

    def attribute(self, name: str) -> str:
        """An attribute that must be there. Raises PartAbsent."""
        if name not in self.attributes:
            raise PartAbsent(self.path, f"<{self.tag}>", needed=f"@{name}")
        return self.attributes[name]

    def word(self, name: str, known: Collection[str], default: str) -> str:
        """An attribute that is one of some words. Raises ValueNotRead."""
        value = self.attributes.get(name, default)
        if value not in known:
            raise ValueNotRead(f"{self.path}/@{name}", value, known=", ".join(known))
        return value

    def only(self, attributes: Collection[str], children: Collection[str] = ()) -> None:
        """Refuse whatever is not among these. Raises PartNotRead."""
        for name, value in self.attributes.items():
            if name not in attributes:
                raise PartNotRead(f"{self.path}/@{name}", value, known=_listed(f"@{each}" for each in attributes))
        for child in self.parts:
            if child.tag not in children:
                raise PartNotRead(child.path, f"<{child.tag}>", known=_listed(f"<{each}>" for each in children))
        if self.text.strip() and self.tag not in WITH_TEXT:
            raise PartNotRead(f"{self.path}/text()", self.text.strip(), known=_listed(f"<{each}>" for each in children))

    def plain(self) -> tuple[object, ...]:
        """What it says without the spaces between elements: equal for two elements that say the same."""
        text = self.text if self.tag in WITH_TEXT else ""
        return self.tag, tuple(sorted(self.attributes.items())), text, tuple(child.plain() for child in self.parts)


def _listed(names: Iterator[str]) -> str:
    return ", ".join(names) or "nothing"


def parse_xml(data: bytes, name: str) -> Element:
    """The root element.

    Raises PmmlTooLarge, DoctypeNotRead, PmmlNotXml.
    """
    if len(data) > MAX_BYTES:
        raise PmmlTooLarge(name, f"{len(data):,} bytes", most=f"{MAX_BYTES:,}")
    builder = _Builder(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise PmmlNotXml(name, f"line {error.lineno}", why=expat.ErrorString(error.code)) from None
    except (LookupError, ValueError) as error:  # an encoding that is not known here
        raise PmmlNotXml(name, "encoding", why=error) from None
    return builder.root


class _Builder:
    """Builds elements from the parser's events."""

    root: Element

    def __init__(self, name: str) -> None:
        self.name = name
        self.open: list[Element] = []

    def doctype(self, name: str, *_: object) -> NoReturn:
        raise DoctypeNotRead(self.name, f"<!DOCTYPE {name}>")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise PmmlNotXml(self.name, f"<{name}>", why=f"nested at most {MAX_DEPTH} deep")
        namespace, _, tag = name.rpartition(" ")
        parent = self.open[-1] if self.open else None
        element = Element(tag, namespace, {key.rpartition(" ")[2]: value for key, value in attributes.items()}, parent)
        if parent is None:
            self.root = element
        else:
            element.place = parent.counts[tag] = parent.counts.get(tag, 0) + 1
            parent.children.append(element)
        self.open.append(element)

    def end(self, _name: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        self.open[-1].text += text
