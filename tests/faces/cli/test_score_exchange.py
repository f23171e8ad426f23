"""`shouxin score export` and `shouxin score import`: files out and in, what is told, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from shouxin.engines.scoring.cards.card import CardRefused, read_card
from shouxin.engines.scoring.pmml.errors import PmmlTooLarge, ScoresWouldDiffer
from shouxin.engines.scoring.pmml.xml import MAX_BYTES
from shouxin.faces.cli.score_exchange import export_card, import_card
from shouxin.faces.cli.whole_file import FileNotWritten
from shouxin.faces.cli.written import FileUnreadable
from tests.engines.scoring.pmml_cards import WHOLE
from tests.engines.scoring.pmml_others import SAMPLE

Out = pytest.CaptureFixture[str]
app = typer.Typer()
app.command("export")(export_card)
app.command("import")(import_card)


def run(*args: object) -> None:
    app([str(each) for each in args], standalone_mode=False)


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "card.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.pmml"
    path.write_text(SAMPLE, encoding="utf-8")
    return path


def test_a_card_goes_out_and_comes_back(card: Path, tmp_path: Path, capsys: Out) -> None:
    run("export", card, "--out", tmp_path / "card.pmml")
    run("import", tmp_path / "card.pmml", "--out", tmp_path / "back.yaml")
    assert (tmp_path / "back.yaml").read_bytes() == card.read_bytes()
    said = capsys.readouterr().out
    assert "7 characteristics and pairs" in said and "0 differences" in said
    assert sorted(each.name for each in tmp_path.iterdir()) == ["back.yaml", "card.pmml", "card.yaml"]


def test_differences_are_refused_and_nothing_is_written(sample: Path, tmp_path: Path) -> None:
    with pytest.raises(ScoresWouldDiffer):
        run("import", sample, "--out", tmp_path / "card.yaml")
    assert not (tmp_path / "card.yaml").exists()


@pytest.mark.parametrize(("lang", "said"), [("en", "the points add up to -15 to 63"), ("zh", "总分范围 -15 至 63")])
def test_adapted_differences_are_told(sample: Path, tmp_path: Path, capsys: Out, lang: str, said: str) -> None:
    run("import", sample, "--out", tmp_path / "card.yaml", "--adapt", "--lang", lang)
    assert said in capsys.readouterr().err
    text = (tmp_path / "card.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Read by `shouxin score import` from a PMML 4.1 Scorecard.")
    assert read_card(text).parts == ("departmentscore", "agescore", "incomescore")


def test_the_scale_is_that_of_the_bundle(sample: Path, tmp_path: Path) -> None:
    run("import", sample, "--out", tmp_path / "card.yaml", "--adapt", "--bundle", "starter")
    scale = read_card((tmp_path / "card.yaml").read_text(encoding="utf-8")).fitted.scale
    assert (scale.lowest, scale.highest) == (350, 950)


def test_files_that_cannot_be_read_or_written(card: Path, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        run("export", tmp_path / "none.yaml", "--out", tmp_path / "x.pmml")
    with pytest.raises(FileUnreadable):
        run("import", tmp_path / "none.pmml", "--out", tmp_path / "x.yaml")
    with pytest.raises(FileNotWritten):
        run("export", card, "--out", tmp_path / "no-folder" / "x.pmml")
    with pytest.raises(FileNotWritten):
        run("export", card, "--out", tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["card.yaml"]


def test_a_card_that_is_none_is_refused(sample: Path, tmp_path: Path) -> None:
    with pytest.raises(CardRefused):
        run("export", sample, "--out", tmp_path / "x.pmml")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large.pmml"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(PmmlTooLarge):
        run("import", large, "--out", tmp_path / "x.yaml")
