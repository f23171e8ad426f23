"""Read the files of a bundle: YAML with the line of every value, CSV with the line of every row.

A bundle is text from outside. Anchors, tags, duplicate keys, very large files and links out of the folder are refused.
Numbers with a point are read as exact decimals; only `true` and `false` are flags, so that `NO` stays a word.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from shouxin.engines.policy.errors import Fault, Place, fault

MAX_BYTES = 2_000_000
MAX_FILES = 400
KINDS = (".yaml", ".csv", ".md")

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
    lines: dict[Path_, int] = {}
    try:
        may_point = "&" in text or "*" in text  # scanning costs as much as parsing: only where there can be something to find
        for token in yaml.scan(text, Loader=yaml.CSafeLoader) if may_point else ():
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
                line = token.start_mark.line + 1
                faults.append(fault(Place(name, line), "E-YAML", token.value, "no anchors and aliases: write it out"))
                return None
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = _plain(root, (), lines, name, faults) if root is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        faults.append(fault(Place(name, line), "E-YAML", getattr(error, "problem", None) or error, "valid YAML"))
        return None
    except RecursionError:
        faults.append(fault(Place(name, 1), "E-YAML", name, "nested too deep"))
        return None
    return YamlFile(name, data, lines)


def _plain(node: yaml.Node, path: Path_, lines: dict[Path_, int], name: str, faults: list[Fault]) -> Any:
    lines[path] = line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, Place(name, line), faults)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, index), lines, name, faults) for index, each in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        place = Place(name, key_node.start_mark.line + 1)
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None:
            faults.append(fault(place, "E-YAML", "?", "keys are plain words"))
        elif key in found:
            faults.append(fault(place, "E-YAML", key, "this key stands here twice"))
        else:
            found[key] = _plain(value_node, (*path, key), lines, name, faults)
            lines[(*path, key)] = key_node.start_mark.line + 1
    return found


def _scalar(node: yaml.ScalarNode, place: Place, faults: list[Fault]) -> Any:
    text: str = node.value
    if node.tag.startswith("!") or node.tag == "tag:yaml.org,2002:binary":
        faults.append(fault(place, "E-YAML", node.tag, "no tags: plain text, numbers, dates, true and false"))
        return None
    if node.style:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INT.match(text):
        return int(text)
    if _DECIMAL.match(text):
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
