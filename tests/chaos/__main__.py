"""Run the fault test: `python -m tests.chaos --seconds 60`. Ends with 1 where anything was violated."""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter

from shouxin.infra.db.binaries import programs
from tests.chaos.log import Record
from tests.chaos.run import Result, run
from tests.chaos.world import Folder, kept, temporary, world


def main() -> int:
    """Run, and print what happened."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Kill anything; nothing may be lost.")
    parser.add_argument("--seconds", type=float, default=600, help="how long things are killed")
    parser.add_argument("--seed", type=int, default=None, help="of the random choices; a random one by default")
    parser.add_argument("--clients", type=int, default=8, help="processes that ask")
    parser.add_argument("--customers", type=int, default=40, help="customers they ask for")
    parser.add_argument("--keep", action="store_true", help="leave logs and data for looking at")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**31)
    print(f"seed {seed}: {options.seconds:g} s, {options.clients} clients, {options.customers} customers")
    print(f"server: PostgreSQL {programs().version}", flush=True)
    folder: Folder = kept if options.keep else temporary
    with folder() as place:
        result = run(world(place, options.customers), seed, options.seconds, options.clients)
        print("\n".join(lines_of(result)))
    return 1 if result.findings.count else 0


def lines_of(result: Result) -> list[str]:
    """The summary."""
    record, notes = result.record, result.notes
    return [
        f"seconds: {', '.join(f'{name} {seconds:.1f}' for name, seconds in result.seconds.items())}",
        f"kills: {_counts(result.kills)}",
        f"days closed: {len(set(record.closed))}",
        *_requests(record),
        f"indexes: {notes['indexes']}",
        f"pages: {notes['pages']}",
        *result.findings.lines(),
        f"violations: {result.findings.count}",
    ]


def _requests(record: Record) -> list[str]:
    asked: Counter[str] = Counter(each.action for each in record.intents.values())
    done: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    for key, [first, *_] in record.tellings.items():
        if first.done:
            done[record.intents[key].action] += 1
        else:
            refusals[first.body["code"]] += 1
    again, left = Counter(record.again), set(record.left)
    found = sum(record.tellings[key][0].repeated for key in again if key in record.tellings)
    repeats = sum(len(tellings) - 1 for tellings in record.tellings.values())
    resolved = sum(key in record.tellings for key in left)
    return [
        f"requests: {len(record.intents):,}; done {done.total():,}, refused {refusals.total():,}",
        f"sent again after a loss: {len(again):,} requests, {again.total():,} times; {found:,} of them had been answered before",
        f"left unanswered by a killed client: {len(left):,}, of which answered later: {resolved:,}",
        f"repeated on purpose: {repeats:,}",
        f"done of asked: {', '.join(f'{action} {done[action]:,}/{count:,}' for action, count in asked.most_common())}",
        f"refused: {_counts(refusals)}",
    ]


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counter.most_common()) or "none"


if __name__ == "__main__":
    sys.exit(main())
