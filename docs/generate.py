"""Write the documents that follow from the code, the shipped bundles and docs/glossary.yaml.

python -m docs.generate            write them
python -m docs.generate --check    write nothing; exit with 1 when a committed file differs
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import yaml

DOCS = Path(__file__).resolve().parent
if __package__ in (None, ""):  # run as a file: docs/generate.py
    sys.path.insert(0, str(DOCS.parent))

from docs.account_facts_page import account_facts_page  # noqa: E402 - the path comes first
from docs.answers_page import answers_page  # noqa: E402
from docs.bundle_page import bundle_page  # noqa: E402
from docs.language_page import language_page  # noqa: E402
from docs.loans_page import loans_page  # noqa: E402
from docs.page import table  # noqa: E402
from docs.servicing_page import servicing_page  # noqa: E402

GLOSSARY = """\
# Glossary

<!-- Written by docs/generate.py from docs/glossary.yaml. Change that, then run `.venv/bin/python -m docs.generate`. -->

One word for one thing, in code, tables, screens and documents. The words cover the whole system; [README](../README.md)
says which parts of it are there now.

{words}

## Also in use

{also}

## Units

{units}

## Marks beside numbers

{marks}
"""


def glossary() -> str:
    """docs/glossary.md"""
    data = yaml.safe_load((DOCS / "glossary.yaml").read_text(encoding="utf-8"))
    tables = {
        part: table(["word", "中文", "meaning"], [(each["word"], each["zh"], each["meaning"]) for each in data[part]])
        for part in ("words", "also", "units", "marks")
    }
    return GLOSSARY.format(**tables)


def language() -> str:
    """docs/reference/policy-language.md, its generated parts written anew."""
    return language_page((DOCS / "reference/policy-language.md").read_text(encoding="utf-8"))


def loans() -> str:
    """docs/reference/loans.md, its generated parts written anew."""
    return loans_page((DOCS / "reference/loans.md").read_text(encoding="utf-8"))


def servicing() -> str:
    """docs/reference/servicing.md, its generated parts written anew."""
    return servicing_page((DOCS / "reference/servicing.md").read_text(encoding="utf-8"))


PAGES: Mapping[str, Callable[[], str]] = {
    "glossary.md": glossary,
    "reference/account-facts.md": account_facts_page,
    "reference/answers.md": answers_page,
    "reference/loans.md": loans,
    "reference/policy-language.md": language,
    "reference/servicing.md": servicing,
    "reference/standard-bundle.md": bundle_page,
}


def stale() -> list[str]:
    """The generated files that differ from what would be written now."""
    return [name for name, text in PAGES.items() if not (DOCS / name).is_file() or text() != (DOCS / name).read_text("utf-8")]


def main(args: Sequence[str] | None = None) -> int:
    """Write the pages, or check them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description="Write the generated documents.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a file differs")
    check: bool = parser.parse_args(args).check
    names = stale()
    for name in names:
        sys.stdout.write(f"docs/{name}: {'differs' if check else 'written'}\n")
        if not check:
            (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
    return 1 if check and names else 0


if __name__ == "__main__":
    sys.exit(main())
