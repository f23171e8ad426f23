"""Read the files of a bundle: YAML with the line of every value, CSV with the line of every row.

A bundle is text from outside. Anchors, tags, duplicate keys, very large files and links out of the folder are refused.
Numbers with a point are read as exact decimals; only `true` and `false` are flags, so that `NO` stays a word.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import yaml

from shouxin.engines.policy.errors import Fault, Place, fault

MAX_BYTES = 2_000_000
MAX_FILES = 400
MAX_DEPTH = 20
MAX_DIGITS = 24
KINDS = (".yaml", ".yml", ".csv", ".md")

Path_: TypeAlias = tuple[str | int, ...]

_INT = re.compile(r"[-+]?(0|[1-9][0-9_]*)\Z")
_DECIMAL = re.compile(r"[-+]?[0-9][0-9_]*\.[0-9]+\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True)
class YamlFile:
    """One YAML file: its plain data, and the line on which each value begins."""

    name: str
    data: Any
    lines: Mapping[Path_, int] = field(repr=False)

    def place(self, *path: str | int) -> Place:
        """Where a value stands; the nearest thing around it where it has no line of its own."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.name, self.lines.get(path, 1))


@dataclass(frozen=True)
class CsvFile:
    """One CSV file: header and rows, with the line of each row. Lines that begin with # are remarks."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = field(repr=False)
    head: int

    def place(self, row: int | None = None) -> Place:
        """Where a row stands; the header for None."""
        return Place(self.name, self.head if row is None else self.lines[row])


def read_texts(folder: Path, faults: list[Fault]) -> dict[str, str]:
    """The texts of a bundle folder by relative name, in order of name. Hidden files are passed over."""
    texts: dict[str, str] = {}
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith((".", "__")) for part in path.relative_to(folder).parts) or path.suffix not in KINDS:
            continue
        if not path.resolve().is_relative_to(root):
            faults.append(fault(Place(name, 1), "E-FILE", name, "a link that leads out of the bundle's folder"))
        elif not path.is_file():
            continue
        elif path.stat().st_size > MAX_BYTES or len(texts) >= MAX_FILES:
            faults.append(fault(Place(name, 1), "E-FILE", name, f"at most {MAX_FILES} files of {MAX_BYTES:,} bytes"))
        elif path.suffix != ".md":
            _read_text(path, name, texts, faults)
    return texts


def _read_text(path: Path, name: str, texts: dict[str, str], faults: list[Fault]) -> None:
    try:
        texts[name] = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        faults.append(fault(Place(name, 1), "E-FILE", f"byte {error.start}", "the file must be UTF-8"))


def read_yaml(name: str, text: str, faults: list[Fault]) -> YamlFile | None:
    """Parse one YAML file; faults are added to the list."""
    reader = _YamlReader(name, faults)
    try:
        data = reader.read(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        faults.append(fault(Place(name, mark.line + 1 if mark else 1), "E-YAML", problem, "valid YAML"))
        return None
    except _NotPlain:
        return None
    return YamlFile(name, data, reader.lines)


class _NotPlain(Exception):
    """The file is more than plain data; the fault is already told."""


class _YamlReader:
    """Builds plain data from the parser's events, so that neither depth nor references can use up the machine."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.name, self.faults = name, faults
        self.lines: dict[Path_, int] = {}

    def read(self, text: str) -> Any:
        events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
        found, documents = None, 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse(event, "---", "one document a file")
                found = self.value(next(events), events, ())
        return found

    def refuse(self, event: yaml.Event, text: object, right: str) -> NoReturn:
        self.faults.append(fault(Place(self.name, _line(event)), "E-YAML", text, right))
        raise _NotPlain

    def value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path_) -> Any:
        if anchor := getattr(event, "anchor", None):
            self.refuse(event, anchor, "no anchors and aliases: write it out")
        if tag := getattr(event, "tag", None):
            self.refuse(event, tag, "no tags: plain text, numbers, dates, true and false")
        if len(path) > MAX_DEPTH:
            self.refuse(event, ".".join(str(part) for part in path[:5]), f"nested at most {MAX_DEPTH} deep")
        self.lines[path] = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, Place(self.name, _line(event)), self.faults)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self.value(event, events, (*path, len(items))))
            return items
        return self.mapping(events, path)

    def mapping(self, events: Iterator[yaml.Event], path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag or event.anchor:
                self.refuse(event, "?", "keys are plain words")
            key, line = event.value, _line(event)
            value = self.value(next(events), events, (*path, key))
            if key in found:
                self.faults.append(fault(Place(self.name, line), "E-YAML", key, "this key stands here twice"))
            found.setdefault(key, value)
            self.lines[(*path, key)] = line
        return found


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent, place: Place, faults: list[Fault]) -> Any:
    text: str = event.value
    if event.style:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if len(text) <= MAX_DIGITS and _INT.match(text):
        return int(text)
    if len(text) <= MAX_DIGITS and _DECIMAL.match(text):
        return Decimal(text.replace("_", ""))
    if _DATE.match(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            faults.append(fault(place, "E-YAML", text, "no such day"))
    return text


def read_csv(name: str, text: str, faults: list[Fault]) -> CsvFile | None:
    """Parse one CSV file; faults are added to the list. Rows are stripped of spaces and have the header's width."""
    header: tuple[str, ...] | None = None
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    head = 1
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for cells in reader:
            row = tuple(cell.strip() for cell in cells)
            if not any(row) or row[0].startswith("#"):
                continue
            if header is None:
                header, head = row, reader.line_num
            elif len(row) != len(header):
                shown = f"{len(row)} cells"
                faults.append(fault(Place(name, reader.line_num), "E-CSV", shown, f"{len(header)} cells, as in the header"))
            else:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        faults.append(fault(Place(name, reader.line_num), "E-CSV", error, "a valid CSV row"))
        return None
    if header is None:
        faults.append(fault(Place(name, 1), "E-CSV", name, "a header row and at least one row"))
        return None
    return CsvFile(name, header, tuple(rows), tuple(lines), head)
