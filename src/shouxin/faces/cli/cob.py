"""`shouxin cob`: close of business (日终)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any, TypeAlias

import typer

from shouxin.desk.origination.judging import lapse_due
from shouxin.desk.origination.lapsing import lapse_switches
from shouxin.desk.review.following_due import Followed, follow_due, is_left
from shouxin.desk.servicing import closing, looking
from shouxin.desk.servicing.closing import Closed
from shouxin.desk.servicing.looking import BusinessDays
from shouxin.desk.servicing.reporting_late import mark_late_disputes
from shouxin.faces.cli.answers_shown import Shown, show_lines, show_table
from shouxin.faces.cli.out import progress_bar, results
from shouxin.faces.cli.session import Session, shows
from shouxin.foundation.days import read_day
from shouxin.foundation.refusal import Refusal
from shouxin.foundation.texts import Text

app = typer.Typer(no_args_is_help=True)

Ended: TypeAlias = tuple[Closed, Followed]

MOST_DAYS = 31
CLOSED = (
    (Text("营业日", "Day"), False),
    (Text("到期与逾期", "Turns"), True),
    (Text("未结清借据", "Open loans"), True),
    (Text("内部凭证", "Journals"), True),
    (Text("失效额度", "Lapsed lines"), True),
    (Text("关联止付", "Suspended"), True),
    (Text("关联终止", "Ended"), True),
    (Text("恢复支用", "Resumed"), True),
)
OPEN = Text(
    "{count} 位客户缺少判断关联止付、终止所需的信息，其额度维持原状，请人工核查",
    "{count} customers: a cross rule could not be decided since facts are missing. Their lines stay as they are; please look",
)
REFUSED = Text("{count} 位客户的资料无法读取，未作关联处理", "{count} customers whose data could not be read: nothing was done")
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
    rest = _carried_on(session, days)
    if rest and until < days.open:
        return _shown(rest, session.lang)
    return _shown([*rest, *_closed(session, until, days.unfinished or days.open)], session.lang)


def _shown(ended: list[Ended], lang: str) -> Shown:
    plain = {"closed": [{**asdict(each), "day": each.day.isoformat(), **asdict(followed)} for each, followed in ended]}
    rows = [[str(each.day), *(f"{count:,}" for count in _counts(each, followed))] for each, followed in ended]
    followed = sum((each for _, each in ended), Followed())
    told = [(text, count) for text, count in ((OPEN, followed.undecided), (REFUSED, followed.refused)) if count]

    def show() -> None:
        show_table(CLOSED, rows, lang)
        for text, count in told:
            results.print(text.in_language(lang).format(count=count), soft_wrap=True, highlight=False)

    return Shown(plain, show)


def _counts(each: Closed, followed: Followed) -> tuple[int, ...]:
    lines = (followed.suspended, followed.ended, followed.resumed)
    return each.turns, each.loans, each.journals, each.lapsed, *lines


def _carried_on(session: Session, days: BusinessDays) -> list[Ended]:
    """What is left of a run that was stopped after the last day was sealed; the rest of that day's close is done."""
    if days.unfinished or days.closed is None or not session.look(lambda unit: is_left(unit, days.open)):
        return []
    done = Closed(days.closed, turns=0, loans=0, journals=0, lapsed=0)
    return [(done, follow_due(session.connection, session.house, days.open))]


def _closed(session: Session, until: dt.date, first: dt.date) -> list[Ended]:
    total = (until - first).days + 1
    ended: list[Ended] = []
    with progress_bar() as progress:
        for each in closing.run(session.connection, session.house, until):
            today = each.day + dt.timedelta(days=1)
            _run_out(session, today)
            ended.append((each, follow_due(session.connection, session.house, today)))
            progress("days", len(ended) / total)
    return ended


def _run_out(session: Session, today: dt.date) -> None:
    """What waited for somebody until before the day that is open now."""
    lapse_due(session.connection, today)
    lapse_switches(session.connection, today)
    mark_late_disputes(session.connection, today)


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
