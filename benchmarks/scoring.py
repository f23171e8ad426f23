"""Scorecards on real outcomes: our card without and with pair tables, beside other libraries on the same splits.

What a card reaches is judged on the test part alone, and nothing is chosen by it: every contestant sees the training part, and
takes from that what it wants to choose on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scoring_peers
from benchmarks.measure import Row
from benchmarks.scoring_data import DATA_SETS, GMSC, HMEQ, SBA, TAIWAN, DataSet, Parts, folder_of_data, prepare, split
from benchmarks.scoring_peers import PEERS, Environment, Failed, Peer, Result

PAIRS = 16  # the most that are asked for; a pair joins only where it gains on training rows held out
PLAIN, PAIRED = "our card", "our card with pairs"
CARDS = {PLAIN: 0, PAIRED: PAIRS}
BASELINE, CHALLENGER = "optbinning", "LightGBM"
QUICK_SETS, QUICK_PEERS = (HMEQ,), (BASELINE, CHALLENGER)
# AUC on the test part.
LEAST = {
    (GMSC.name, PLAIN): 0.861,
    (TAIWAN.name, PLAIN): 0.770,
    (SBA.name, PLAIN): 0.752,
    (GMSC.name, PAIRED): 0.866,
    (TAIWAN.name, PAIRED): 0.776,
    (SBA.name, PAIRED): 0.778,
}
LARGEST, FIT_SECONDS, ROWS_A_SECOND = GMSC.name, 60, 5_000_000


@dataclass(frozen=True)
class Scores:
    """What all contestants reached and took, what failed, and the versions of the peers."""

    results: tuple[Result, ...]
    failed: tuple[Failed, ...]
    versions: tuple[str, ...]

    def of(self, data: str, contestant: str) -> Result | None:
        """The result of one contestant on one set; None where it failed or did not run."""
        return next((each for each in self.results if (each.data, _plain(each.contestant)) == (data, contestant)), None)


def measure(folder: Path, *, quick: bool) -> Scores:
    """Run every contestant on every set, one at a time; nothing where the sets are not there.

    `folder` is for what is prepared. `quick` takes the smallest set, the baseline and the challenger.
    """
    sets = [each for each in (QUICK_SETS if quick else DATA_SETS) if _there(each)]
    peers = [each for each in PEERS if not quick or each.name in QUICK_PEERS] if sets else []
    environments, failed = _environments(peers)
    results: list[Result] = []
    for data in sets:
        parts = split(data, prepare(data, folder_of_data(), folder))
        for each in (*_cards(parts), *scoring_peers.run(environments, parts)):
            print(f"  {each}", file=sys.stderr, flush=True)
            if isinstance(each, Result):
                results.append(each)
            else:
                failed.append(each)
    return Scores(tuple(results), tuple(failed), tuple(each.version for each in environments))


def _there(data: DataSet) -> bool:
    folder = folder_of_data() / data.name
    if not folder.is_dir():
        print(f"scoring leaves out {data.name}: there is no {folder}", flush=True)
    return folder.is_dir()


def _environments(peers: Sequence[Peer]) -> tuple[list[Environment], list[Failed]]:
    found, failed = [], list[Failed]()
    for peer in peers:
        environment, errors = scoring_peers.install(peer)
        failed += errors
        if environment is not None:
            found.append(environment)
    return found, failed


def _cards(parts: Parts) -> Iterator[Result | Failed]:
    for name, pairs in CARDS.items():
        command = [sys.executable, "-m", "benchmarks.scoring_card"]
        rate = [] if parts.true_bad_rate is None else ["--true-bad-rate", parts.true_bad_rate]
        yield scoring_peers.run_one(name, parts, command, ["--pairs", str(pairs), *rate])


# -- the lines of the common table ------------------------------------------------------------------------------------


def rows(scores: Scores) -> Iterator[Row]:
    """Our two cards on each set beside optbinning and LightGBM of the same run; fit and scoring of the largest set."""
    for data in dict.fromkeys(each.data for each in scores.results):
        for card in CARDS:
            ours, baseline = scores.of(data, card), scores.of(data, BASELINE)
            if ours is not None and baseline is not None:
                yield _row(ours, baseline, scores.of(data, CHALLENGER))
    for card in CARDS:
        ours = scores.of(LARGEST, card)
        if ours is not None:
            yield from _speeds(ours, scores.of(LARGEST, BASELINE), scores.of(LARGEST, CHALLENGER))


def _row(ours: Result, baseline: Result, challenger: Result | None) -> Row:
    others = [each for each in (baseline, challenger) if each is not None]
    against = "; ".join(f"{_plain(each.contestant)} {each.auc:.4f}" for each in others)
    apart = "; ".join(f"{ours.auc - each.auc:+.4f}" for each in others)
    least = LEAST.get((ours.data, ours.contestant))
    budget = f">= {BASELINE}" if least is None else f">= {least:.3f}, >= {BASELINE}"
    met = ours.auc >= max(baseline.auc, least or 0.0)
    return Row(f"AUC, {ours.data}: {ours.contestant}", f"{ours.auc:.4f}, KS {ours.ks:.3f}", against, apart, budget, met)


def _speeds(ours: Result, baseline: Result | None, challenger: Result | None) -> Iterator[Row]:
    others = [each for each in (baseline, challenger) if each is not None]
    fits = "; ".join(f"{_plain(each.contestant)} {each.fit:.1f} s" for each in others)
    shares = "; ".join(f"takes {ours.fit / each.fit:.1f}x" for each in others)
    met = ours.fit < FIT_SECONDS
    yield Row(f"fit, {ours.data}: {ours.contestant}", f"{ours.fit:.1f} s", fits, shares, f"< {FIT_SECONDS} s", met)
    speeds = "; ".join(f"{_plain(each.contestant)} {each.rows_a_second:,.0f}/s" for each in others)
    times = "; ".join(f"{ours.rows_a_second / each.rows_a_second:.1f}x" for each in others)
    met, budget = ours.rows_a_second > ROWS_A_SECOND, f"> {ROWS_A_SECOND:,}/s"
    yield Row(f"scoring, {ours.data}: {ours.contestant}", f"{ours.rows_a_second:,.0f}/s in DuckDB", speeds, times, budget, met)


# -- the tables of all contestants ------------------------------------------------------------------------------------


def tables(scores: Scores) -> list[str]:
    """The lines of Markdown: what each contestant reached on each set, what it took, what failed, and versions.

    Empty where nothing ran.
    """
    if not scores.results:
        return []
    reached = _table(scores, lambda each: f"{each.auc:.4f} / {each.ks:.3f}")
    took = _table(scores, lambda each: f"{each.fit:,.1f} s, {_short(each.rows_a_second)}/s, {each.memory:,.0f} MiB")
    failed = [f"- {each.contestant}{f' on {each.data}' if each.data else ''}: `{each.error}`" for each in scores.failed]
    return [
        "AUC / KS on the test part:",
        "",
        *reached,
        "",
        "Seconds of the fit, rows scored in a second, most memory of the process that fitted:",
        "",
        *took,
        "",
        *(["Did not install or did not run:", "", *failed, ""] if failed else []),
        f"Versions: {', '.join(scores.versions)}.",
    ]


def _table(scores: Scores, cell: Callable[[Result], str]) -> list[str]:
    sets = list(dict.fromkeys(each.data for each in scores.results))
    names = list(dict.fromkeys(each.contestant for each in scores.results))
    found = {(each.data, each.contestant): cell(each) for each in scores.results}
    lines = [["contestant", *sets], ["---"] * (len(sets) + 1)]
    lines += [[name, *(found.get((data, name), "failed") for data in sets)] for name in names]
    return [f"| {' | '.join(line)} |" for line in lines]


def _short(number: float) -> str:
    return f"{number / 1e6:.1f} M" if number >= 1e6 else f"{number:,.0f}"


def _plain(contestant: str) -> str:
    """The name without the pins that it ran with."""
    return contestant.split(" with ")[0] if contestant not in CARDS else contestant
