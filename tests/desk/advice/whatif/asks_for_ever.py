"""A client that asks for one what-if after another until it is killed: DSN KEYS CUSTOMER."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

from shouxin.desk.advice.whatif.imagining import imagine
from shouxin.desk.advice.whatif.steps import read_step
from shouxin.desk.servicing.house import House
from shouxin.infra.db.connect import connect
from shouxin.infra.db.keys import KeyRing

PLAN = ("repay business-loan all", "close business-loan", "wait 40d", "open consumer-line 20000", "draw consumer-line 1000")


def main(dsn: str, keys: str, customer: str) -> None:
    """Ask for ever."""
    house = House(KeyRing.load_or_make(Path(keys)))
    steps = [read_step(each) for each in PLAN]
    with connect(dsn) as connection:
        imagine(connection, house, uuid.UUID(customer), steps)
        sys.stdout.write("asking\n")
        sys.stdout.flush()
        while True:
            imagine(connection, house, uuid.UUID(customer), steps)


if __name__ == "__main__":
    main(*sys.argv[1:])
