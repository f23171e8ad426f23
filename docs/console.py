"""Follow a page as a reader would: write the files it shows, make the changes it shows, run its `shouxin` commands.

    python -m docs.console README.md            say which outputs differ from what the page shows
    python -m docs.console README.md --write    put the outputs into the page

A page is read from top to bottom:
    <!-- file: NAME --> before a block   the block is written to NAME
    ```diff                              lines with - are replaced by the lines with + that follow, in the file after ---
    ```console                           `$ shouxin ...`, `$ make demo` and `$ python NAME` are run, `$ cat NAME` shown,
                                         `$ cp NAME NAME` done, others left out;
                                         `$ shouxin ... > NAME` writes the output to NAME
A line `...` in an output stands for any lines; --write replaces such an output as a whole.
Ids and hashes of what has them are new in each run: those that the page shows stand for those that the run gives in the same
places, in files that the page shows later too.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_BLOCK = re.compile(r"(?:<!-- file: (\S+) -->\n+)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b")
_SPEED = re.compile(r"in [\d.]+ s \([\d,]+ rows/s\)")
SHOUXIN = Path(sys.executable).with_name("shouxin")
ENVIRONMENT = {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}


@dataclass(frozen=True)
class Output:
    """One command of a page: what the page shows, what came out, and where in the page it stands."""

    command: str
    shown: str
    found: str
    start: int
    end: int

    @property
    def agrees(self) -> bool:
        """Whether the page shows what came out; times are not compared."""
        parts = re.split(r"^\.\.\.\n", _comparable(self.shown), flags=re.MULTILINE)
        pattern = r"(?:.*\n)*?".join(re.escape(part) for part in parts)
        return re.fullmatch(pattern, _comparable(self.found)) is not None


def _comparable(text: str) -> str:
    return _SPEED.sub("in - s (- rows/s)", _trimmed(text))


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@dataclass(frozen=True)
class Ids:
    """The ids and hashes that a page shows, and what they are in this run."""

    of_run: dict[str, str] = field(default_factory=dict)

    def learn(self, shown: str, found: str) -> None:
        """An output's ids, by the lines in which they stand: a line of the page is the next one that is alike but for ids."""
        left = [line.rstrip() for line in found.splitlines()]
        for line in (each.rstrip() for each in shown.splitlines() if _ID.search(each)):
            alike = [index for index, each in enumerate(left) if _ID.sub("", each) == _ID.sub("", line)]
            if alike:
                for old, new in zip(_ID.findall(line), _ID.findall(left[alike[0]]), strict=True):
                    self.of_run.setdefault(old, new)
                left = left[alike[0] + 1 :]

    def to_run(self, text: str) -> str:
        """The run's ids instead of the page's."""
        return _ID.sub(lambda each: self.of_run.get(each[0], each[0]), text)

    def to_page(self, text: str) -> str:
        """The page's ids instead of the run's."""
        of_page = {new: old for old, new in self.of_run.items()}
        return _ID.sub(lambda each: of_page.get(each[0], each[0]), text)


def follow(page: str, folder: Path) -> Iterator[Output]:
    """Follow a page in an empty folder; yields what each command gave."""
    ids = Ids()
    for block in _BLOCK.finditer(page):
        file, language, body = block.groups()
        if file:
            _inside(folder, file).write_text(ids.to_run(body), encoding="utf-8")
        elif language == "diff":
            _change(folder, body)
        elif language == "console":
            yield from _console(folder, body, block.start(3), ids)


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"{name} leads out of the folder")
    return path


def _change(folder: Path, body: str) -> None:
    """Replace each run of - lines by the + lines after it; a run must stand in the file exactly once."""
    head, *lines = body.splitlines()
    path = _inside(folder, head.removeprefix("--- "))
    text = path.read_text(encoding="utf-8")
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", "\n".join(lines) + "\n", re.MULTILINE):
        before, after = (re.sub(r"^.", "", part, flags=re.MULTILINE) for part in (old, new))
        if text.count(before) != 1:
            raise ValueError(f"{path.name} holds {text.count(before)} times: {before}")
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def _console(folder: Path, body: str, offset: int, ids: Ids) -> Iterator[Output]:
    for part in re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", body, re.MULTILINE):
        program, *args = shlex.split(ids.to_run(part[1].replace("make demo", "shouxin demo")))
        file = _inside(folder, args.pop()) if args[-2:-1] == [">"] else None
        if program == "shouxin":
            found = run_shouxin(args[:-1] if file else args, folder)
        elif program == "python":
            found = _run([sys.executable, str(_inside(folder, args[0])), *args[1:]], folder)
        elif program == "cp":
            found = ""
            shutil.copyfile(*(_inside(folder, name) for name in args))
        elif program == "cat":
            found = "".join(_inside(folder, name).read_text(encoding="utf-8") for name in args)
        else:
            continue
        if file:
            file.write_text(found, encoding="utf-8")
            found = ""
        ids.learn(part[2], found)
        yield Output(part[1], part[2], ids.to_page(found), offset + part.start(2), offset + part.end(2))


def run_shouxin(args: Sequence[str], folder: Path) -> str:
    """What a command prints, results and messages together."""
    return _run([str(SHOUXIN), *args], folder)


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode()


def main(args: Sequence[str] | None = None) -> int:
    """Follow a page, and say or write what differs; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.console", description="Follow a page as a reader would.")
    parser.add_argument("page", type=Path)
    parser.add_argument("--write", action="store_true", help="put the outputs into the page")
    chosen = parser.parse_args(args)
    page: str = chosen.page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        differing = [each for each in follow(page, Path(folder)) if not each.agrees]
    for each in differing:
        sys.stdout.write(f"$ {each.command}\n{each.found}")
    if chosen.write:
        for each in reversed(differing):
            page = page[: each.start] + _trimmed(each.found) + page[each.end :]
        chosen.page.write_text(page, encoding="utf-8")
    return 0 if chosen.write else int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
