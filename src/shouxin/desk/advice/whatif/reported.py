"""What a record for the credit bureau would show of each account, if nothing else happened until the end of the month."""

from __future__ import annotations

from shouxin.desk.advice.whatif.model import Reported
from shouxin.desk.advice.whatif.world import World
from shouxin.desk.servicing.reporting_reading import told_by
from shouxin.desk.servicing.reporting_records import month_of, plain


def reported(world: World) -> tuple[Reported, ...]:
    """The records of the month of the world's day, as reporting would make them."""
    today, customer_id = world.standing.today, world.customer_id
    month = month_of(today)
    told = told_by(world.work.unit, [customer_id], today, month.first)[customer_id]
    return tuple(Reported(each.account, plain(each)) for each in told.records(month, today))
