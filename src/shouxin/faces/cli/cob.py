"""`shouxin cob`: close of business (日终)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any

import typer

from shouxin.desk.origination.judging import lapse_due
from shouxin.desk.servicing import closing, looking
from shouxin.desk.servicing.closing import Closed
from shouxin.faces.cli.answers_shown import Shown, show_lines, show_table
from shouxin.faces.cli.out import progress_bar
from shouxin.faces.cli.session import Session, shows
from shouxin.foundation.days import read_day
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text

app = typer.Typer(no_args_is_help=True)

MOST_DAYS = 31
CLOSED = (
    (Text("营业日", "Day"), False),
    (Text("到期与逾期", "Turns"), True),
    (Text("未结清借据", "Open loans"), True),
    (Text("内部凭证", "Journals"), True),
    (Text("失效额度", "Lapsed lines"), True),
)
STATUS = {
    "open": Text("当前营业日", "open day"),
    "first": Text("首个营业日", "first day"),
    "closed": Text("最近封账日", "last sealed day"),
    "hash": Text("封账哈希", "its hash"),
    "unfinished": Text("未完成日终", "not finished"),
}


class DaysTooMany(Refusal):
    """More days than anybody closes at once: mostly a mistyped date, and a closed day stays closed."""

    en = "{last} or earlier: {most} days in one run; --most-days allows more"
    zh = "不得晚于 {last}：一次最多 {most} 个营业日，如确需更多请用 --most-days"


@shows(app, "run", "day.close")
def run(
    session: Session,
    date: Annotated[str, typer.Option(metavar="DATE", help="The last day to close, YYYY-MM-DD.")],
    most_days: Annotated[int, typer.Option(min=1, help="How many days may be closed in one run.")] = MOST_DAYS,
) -> Shown:
    """Close each business day up to a date. A run that was stopped is started again with the same date."""
    until, days = read_day(date), session.look(looking.business_days)
    last = days.open + dt.timedelta(days=most_days - 1)
    if until > last:
        raise DaysTooMany("date", until, last=last, most=most_days)
    closed = _closed(session, until, days.unfinished or days.open)
    rows = [[str(each.day), *(f"{count:,}" for count in (each.turns, each.loans, each.journals, each.lapsed))] for each in closed]
    plain = {"closed": [{**asdict(each), "day": each.day.isoformat()} for each in closed]}
    return Shown(plain, lambda: show_table(CLOSED, rows, session.lang))


def _closed(session: Session, until: dt.date, first: dt.date) -> list[Closed]:
    total, closed = (until - first).days + 1, []
    with progress_bar() as progress:
        for each in closing.run(session.connection, session.house, until):
            closed.append(each)
            lapse_due(session.connection, each.day + dt.timedelta(days=1))
            progress("days", len(closed) / total)
    return closed


@shows(app, "status", "ledger.read")
def status(session: Session) -> Shown:
    """Show the open day, and the last sealed day with its hash, which is worth noting elsewhere."""
    days = session.look(looking.business_days)
    plain: dict[str, Any] = {
        "open": days.open.isoformat(),
        "first": days.first.isoformat(),
        "closed": days.closed and days.closed.isoformat(),
        "hash": days.hash and days.hash.hex(),
        "unfinished": days.unfinished and days.unfinished.isoformat(),
    }
    lines = [(text.in_language(session.lang), str(plain[name])) for name, text in STATUS.items() if plain[name]]
    return Shown(plain, lambda: show_lines(lines))
