"""Load a bundle's folder into frozen shapes. Everything wrong in it is reported at once, by file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from shouxin.engines.policy.answer_shapes import AnswersFile, AnswerShape
from shouxin.engines.policy.card_shapes import ScorecardFile
from shouxin.engines.policy.errors import BundleRefused, Fault, Place, fault
from shouxin.engines.policy.joining import joined_answers, joined_reasons
from shouxin.engines.policy.model import (
    BundleFile,
    DerivedShape,
    EconomicsFile,
    ExposureFile,
    FactsFile,
    Name,
    ProductFile,
    ReasonsFile,
    RegulationFile,
    RulesFile,
    Scale,
    TiersFile,
)
from shouxin.engines.policy.names import check_product
from shouxin.engines.policy.scenarios import Parts, Variant, with_scenarios
from shouxin.engines.policy.source import CsvFile, YamlFile, read_csv, read_texts, read_yaml

SHIPPED = Path(__file__).resolve().parents[2] / "bundles"
REQUIRED: Mapping[str, type[BaseModel]] = {
    "bundle.yaml": BundleFile,
    "facts.yaml": FactsFile,
    "tiers.yaml": TiersFile,
    "rules.yaml": RulesFile,
    "exposure.yaml": ExposureFile,
    "reasons.yaml": ReasonsFile,
}
FOLDERS = ("scorecards", "products", "regulation", "reasons", "answers")

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True)
class Bundle:
    """A bundle as written: shapes by file, tables, cases, and the places of everything.

    hash:     SHA-256 over the names and texts of all files that decide: cases and .md files do not.
    variants: the products that come from scenarios, by code; they are among `products`, and in all else that names products
    """

    hash: str
    about: BundleFile
    facts: FactsFile
    derived: Mapping[str, DerivedShape]
    scorecards: Mapping[str, ScorecardFile]
    tiers: TiersFile
    rules: RulesFile
    products: Mapping[str, ProductFile]
    exposure: ExposureFile
    economics: EconomicsFile | None
    regulation: Mapping[str, RegulationFile]
    reasons: ReasonsFile
    tables: Mapping[str, CsvFile] = field(repr=False)
    cases: Mapping[str, CsvFile] = field(repr=False)
    profiles: Mapping[str, Mapping[str, Any]] = field(repr=False)
    files: Mapping[str, YamlFile] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    variants: Mapping[str, Variant] = field(default_factory=dict)
    answers: Mapping[str, AnswerShape] = field(default_factory=dict)

    def place(self, file: str, *path: str | int) -> Place:
        """Where a value of a file stands."""
        return self.files[file].place(*path) if file in self.files else Place(file, 1)


def find_bundle(name: str | Path) -> Path:
    """The folder of a bundle: a folder as given, or the name of a shipped one.

    Raises BundleRefused (`E-NOBUNDLE`) when there is neither.
    """
    folder = Path(name)
    if (folder / "bundle.yaml").is_file():
        return folder
    if str(name) in shipped_names():
        return SHIPPED / str(name)
    right = f"a folder with a bundle.yaml, or one of the shipped bundles: {', '.join(shipped_names())}"
    raise BundleRefused([Fault(str(name), 1, "E-NOBUNDLE", str(name), right)])


def shipped_names() -> list[str]:
    """The names of the bundles that come with the package."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/bundle.yaml"))


def load(name: str | Path) -> Bundle:
    """Read, parse and shape a bundle.

    Raises BundleRefused with every fault of its files' form. Formulas are compiled later, by `compile_policy`.
    """
    faults: list[Fault] = []
    return _shaped(_with_parents(find_bundle(name), faults, ()), faults)


def from_texts(texts: Mapping[str, str]) -> Bundle:
    """The bundle of texts by file name, as `Bundle.texts` has them; raises what `load` raises."""
    return _shaped(dict(texts), [])


def _shaped(texts: dict[str, str], faults: list[Fault]) -> Bundle:
    bundle = _Shaper(texts, faults).bundle()
    if bundle is None or faults:
        raise BundleRefused(faults)
    return bundle


def _with_parents(folder: Path, faults: list[Fault], seen: tuple[str, ...]) -> dict[str, str]:
    """The bundle's texts over those of the bundle that it extends: a file of the same name replaces the parent's."""
    texts = read_texts(folder, faults)
    about = read_yaml("bundle.yaml", texts.get("bundle.yaml", ""), [])
    parent = about.data.get("extends") if about and isinstance(about.data, dict) else None
    if not isinstance(parent, str):
        return texts
    try:
        check_product(parent)
        if parent in seen or len(seen) > 3:
            raise ValueError("bundles extend each other in a circle")
        base = folder.resolve().parent / parent
        inherited = _with_parents(base if (base / "bundle.yaml").is_file() else find_bundle(parent), faults, (*seen, parent))
    except (ValueError, BundleRefused) as error:
        assert about is not None
        faults.append(fault(about.place("extends"), "E-EXTENDS", parent, str(error).splitlines()[0]))
        return texts
    return {**inherited, **texts}


class _Shaper:
    """Fits the texts of one bundle into shapes and collects what does not fit."""

    def __init__(self, texts: dict[str, str], faults: list[Fault]) -> None:
        self.texts = texts
        self.faults = faults
        self.files: dict[str, YamlFile] = {}
        self.tables: dict[str, CsvFile] = {}
        self.cases: dict[str, CsvFile] = {}

    def bundle(self) -> Bundle | None:
        self._read()
        one = {name: self._shape(name, kind) for name, kind in REQUIRED.items()}
        economics = self._shape("economics.yaml", EconomicsFile) if "economics.yaml" in self.files else None
        derived = self._mapping("derived.yaml", DerivedShape)
        scorecards = self._folder("scorecards", ScorecardFile)
        products = self._folder("products", ProductFile)
        regulation = self._folder("regulation", RegulationFile)
        more_reasons = self._folder("reasons", ReasonsFile)
        own_answers = self._shape("answers.yaml", AnswersFile) if "answers.yaml" in self.files else None
        more_answers = self._folder("answers", AnswersFile)
        for folder in ("scorecards", "products"):
            if not any(name.startswith(f"{folder}/") for name in self.texts):
                self.faults.append(Fault(f"{folder}/", 1, "E-FILE", folder, "at least one file"))
        if self.faults:
            return None
        profiles = self._profiles()
        self._check_scales(one["bundle.yaml"], scorecards)
        if self.faults:
            return None
        shapes: dict[str, Any] = {name.removesuffix(".yaml"): shape for name, shape in one.items()}
        parts = Parts(
            products=products,
            exposure=shapes["exposure"],
            rules=shapes["rules"],
            regulation=regulation,
            reasons=joined_reasons(scorecards, shapes["reasons"], more_reasons),
            tables=self.tables,
            files=self.files,
            variants={},
        )
        parts = with_scenarios(parts, self.faults)
        return Bundle(
            hash=content_hash(self.texts),
            about=shapes["bundle"],
            facts=shapes["facts"],
            derived=derived,
            scorecards=scorecards,
            tiers=shapes["tiers"],
            rules=parts.rules,
            products=parts.products,
            exposure=parts.exposure,
            economics=economics,
            regulation=parts.regulation,
            reasons=parts.reasons,
            tables=parts.tables,
            cases=self.cases,
            profiles=profiles,
            files=parts.files,
            texts=self.texts,
            variants=parts.variants,
            answers=joined_answers([*([own_answers] if own_answers else []), *more_answers.values()]),
        )

    def _profiles(self) -> dict[str, dict[str, Any]]:
        name = "cases/profiles.yaml"
        data = self.files[name].data if name in self.files else {}
        if not isinstance(data, dict) or not all(isinstance(each, dict) for each in data.values()):
            self.faults.append(Fault(name, 1, "E-SHAPE", name, "named people: name -> fact -> value"))
            return {}
        return data

    def _check_scales(self, about: Any, scorecards: Mapping[str, ScorecardFile]) -> None:
        """A fitted card's points mean the probability of default that its own scale gives them."""
        for code, card in scorecards.items():
            if card.fitted is not None and card.fitted.scale != about.scale:
                place = self.files[f"scorecards/{code}.yaml"].place("fitted", "scale")
                right = f"the card's points are on this scale, and bundle.yaml says {_shown(about.scale)}: make them the same"
                self.faults.append(fault(place, "E-CARD", _shown(card.fitted.scale), right))

    def _read(self) -> None:
        known = {*REQUIRED, "answers.yaml", "economics.yaml", "derived.yaml", "cases/profiles.yaml"}
        for name, text in self.texts.items():
            folder, _, file = name.rpartition("/")
            if name.endswith(".yaml") and (name in known or folder in FOLDERS):
                if (read := read_yaml(name, text, self.faults)) is not None:
                    self.files[name] = read
            elif name.endswith(".csv") and folder in ("tables", "cases"):
                if (table := read_csv(name, text, self.faults)) is not None:
                    (self.tables if folder == "tables" else self.cases)[file.removesuffix(".csv")] = table
            elif name.endswith(".yml"):
                self.faults.append(Fault(name, 1, "E-FILE", name, "the ending is .yaml"))
            else:
                folders = [f"{each}/" for each in (*FOLDERS, "tables", "cases")]
                right = f"files of a bundle: {', '.join([*sorted(known), *folders])}"
                self.faults.append(Fault(name, 1, "E-FILE", name, right))

    def _folder(self, folder: str, kind: type[S]) -> dict[str, S]:
        found: dict[str, S] = {}
        for name in sorted(each for each in self.files if each.startswith(f"{folder}/")):
            code = name.removeprefix(f"{folder}/").removesuffix(".yaml")
            try:
                check_product(code)
            except ValueError as error:
                self.faults.append(Fault(name, 1, "E-NAME", code, str(error)))
            if (shape := self._shape(name, kind)) is not None:
                found[code] = shape
        return found

    def _mapping(self, name: str, kind: type[S]) -> dict[str, S]:
        if name not in self.files or self.files[name].data is None:
            return {}
        return self._validated(name, TypeAdapter(dict[Name, kind])) or {}  # type: ignore[valid-type]

    def _shape(self, name: str, kind: type[S]) -> S | None:
        if name not in self.files:
            if not any(each.file == name for each in self.faults):
                self.faults.append(Fault(name, 1, "E-FILE", name, "this file is needed; `shouxin policy new DIR` writes one"))
            return None
        shape: S | None = self._validated(name, TypeAdapter(kind))
        return shape

    def _validated(self, name: str, adapter: TypeAdapter[Any]) -> Any:
        file = self.files[name]
        try:
            return adapter.validate_python(file.data)
        except ValidationError as error:
            self.faults += faults_of_shape(error, file)
            return None


def faults_of_shape(error: ValidationError, file: YamlFile) -> list[Fault]:
    """What does not fit the shape of a file, each fault at its line."""
    found = []
    for each in error.errors(include_url=False):
        path = tuple(part for part in each["loc"] if part != "[key]")
        message = each["msg"].removeprefix("Value error, ")
        where = ".".join(str(part) for part in path) or file.name
        shown = each["input"] if isinstance(each["input"], str | int | float | bool) else where
        found.append(fault(file.place(*path), "E-SHAPE", shown, f"{where}: {message}"))
    return found


def _shown(scale: Scale) -> str:
    """A scale in short: `350-950, 650 = 30:1, +50 doubles, calibrated`."""
    ending = "calibrated" if scale.calibrated else "not calibrated"
    anchor = f"{scale.anchor_score} = {scale.anchor_odds}:1, +{scale.points_to_double} doubles"
    return f"{scale.lowest}-{scale.highest}, {anchor}, {ending}"


def content_hash(texts: Mapping[str, str]) -> str:
    """SHA-256 of the files that decide, in order of name; cases do not decide."""
    digest = hashlib.sha256()
    for name in sorted(texts):
        if not name.startswith("cases/"):
            body = texts[name].encode()
            digest.update(f"{name}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()
