"""The documents say what the code says: generated pages are current, codes and marks complete, links lead somewhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from docs import generate, marks
from shouxin.engines.policy import card_shapes, model, product_shapes
from shouxin.engines.policy.load import load, shipped_names
from shouxin.engines.policy.parse import INSTEAD

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = ROOT / "docs/reference/policy-language.md"
# Constructs that the parser never makes of the text that is read here, and so are never told.
NEVER_PARSED = {"TsOrDsDiff", "Xor"}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", generate.PAGES)
def test_generated_page_is_current(name: str) -> None:
    written = (generate.DOCS / name).read_text(encoding="utf-8")
    assert written == generate.PAGES[name](), f"docs/{name} is old: run .venv/bin/python -m docs.generate"


def test_every_code_is_explained_once() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/shouxin/engines/policy").glob("*.py"))
    told = re.findall(r"^\| `([EC]-[A-Z-]+)` \|", LANGUAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(set(re.findall(r'"([EC]-[A-Z]+(?:-[A-Z]+)*)"', source)))


def test_every_refusal_is_shown() -> None:
    page = LANGUAGE.read_text(encoding="utf-8").replace("\\|", "|")
    assert not [name for name, right in INSTEAD.items() if name not in NEVER_PARSED and right not in page]


def test_every_shape_is_described() -> None:
    page = LANGUAGE.read_text(encoding="utf-8")
    shown = {name for part in re.findall(r"<!-- generated: keys ([\w ]+) -->", page) for name in part.split()}
    kinds = [*vars(model).values(), *vars(product_shapes).values(), *vars(card_shapes).values()]
    shapes = {each.__name__ for each in kinds if isinstance(each, type) and issubclass(each, model.Shape)}
    # these hold one list; the bins of a pair's sides are those of a characteristic, without points
    told_in_the_text = {"Shape", "TiersFile", "RulesFile", "ReasonsFile", "AxisBinShape"}
    assert shapes - shown - told_in_the_text <= {"CostShape"}  # declared, and used by no file


@pytest.mark.parametrize("name", [each for each in shipped_names() if each != "starter"])
def test_every_number_of_a_shipped_bundle_carries_a_mark(name: str) -> None:
    found = [f"{file}:{line}: {text}" for file, body in load(name).texts.items() for line, text in marks.unmarked(file, body)]
    assert not found


def test_a_number_without_a_mark_is_found() -> None:
    text = 'rules:\n  - code: LENDERS_6\n    when: lenders >= 6\n    zh: 超过6家\n    en: "more than 6, or 7"\n'
    assert [line for line, _ in marks.unmarked("rules.yaml", text)] == [3]
    assert [line for line, _ in marks.unmarked("tables/x.csv", "tier,rate\nA,7.30\n")] == [2]
    assert not list(marks.unmarked("tables/x.csv", "# mark: A - percent\ntier,rate\nA,7.30\n"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), target
        if anchor and path.suffix == ".md":
            assert anchor in _anchors(path), target


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_tests_that_are_named_exist() -> None:
    file = ""
    for name, test in re.findall(
        r"`(tests/[\w/]+\.py)?::(test_\w+)`", (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    ):
        file = name or file
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{test}"


@pytest.mark.parametrize("image", sorted((ROOT / "docs/img").glob("*.svg")), ids=lambda image: image.name)
def test_images_are_well_formed(image: Path) -> None:
    assert ET.parse(image).getroot().get("viewBox")
