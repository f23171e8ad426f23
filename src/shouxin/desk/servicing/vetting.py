"""Sanctions screening before a grant: an offer and its acceptance are refused where the customer is on the list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shouxin.book.customers.personal import opened_person, person_wanted
from shouxin.book.customers.screening import check_not_listed
from shouxin.book.facilities.work import Command, Work
from shouxin.desk.servicing.house import House


def vetted(house: House, customer_id: uuid.UUID, command: Command) -> Command:
    """The same command, refused first of all for a customer who is on the list: raises what `check_not_listed` raises."""

    def act(work: Work) -> Mapping[str, Any]:
        *rows, person = work.rows
        check_not_listed(house.screening, customer_id, opened_person(house.ring, customer_id, person)[1])
        work.rows = rows
        return command.act(work)

    return replace(command, act=act, reads=(*command.reads, person_wanted(customer_id)))
