"""`shouxin loans`: schedules, annual rates and quotes."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.engines.loans.agreement import Penalty
from shouxin.engines.loans.disclosure import disclose
from shouxin.engines.loans.errors import ConventionUnknown, FileMalformed
from shouxin.engines.loans.flows import read_rate
from shouxin.engines.loans.model import Method, Shape, Terms
from shouxin.engines.loans.quote import Quote, quote
from shouxin.engines.loans.vectors import read_schedule
from shouxin.faces.cli.loans_shown import show_published, show_quote, show_rate
from shouxin.faces.cli.options import AsJson
from shouxin.faces.cli.out import business_date, errors
from shouxin.foundation.money import read_amount, read_positive, write_amount
from shouxin.foundation.rates import read_percent
from shouxin.foundation.refusal import Refusal, printable
from shouxin.foundation.texts import LANGUAGES, Text

app = typer.Typer(no_args_is_help=True)

MAX_BYTES, MOST_DIGITS = 1_000_000, 30
OPTIONS = {"principal": "amount", "periods": "months", "paid_out": "start"}
METHOD_HELP = (
    "equal-instalment (等额本息), equal-principal (等额本金), interest-only (先息后本), flexible (随借随还), flat (等本等息)"
)
LENDER = Text("本机构", "this lender")


@app.command("schedule")
def schedule_of(
    terms_file: Annotated[Path, typer.Argument(metavar="TERMS.json", help='{"terms": ..., "events": ...}')],
    as_json: AsJson = False,
) -> None:
    """Work out a repayment schedule, restated after events."""
    made = read_schedule(_read(terms_file, "TERMS.json"))
    for name in made.ignored:
        errors.print(f"{printable(name)}: not known, and left out of account", style="yellow", soft_wrap=True)
    if as_json:
        _print_json(made.to_dict())
    else:
        show_published(made)


@app.command()
def apr(
    flows_file: Annotated[Path, typer.Argument(metavar="FLOWS.json", help='{"regime": ..., "drawdowns": ..., "payments": ...}')],
    as_json: AsJson = False,
) -> None:
    """Work out the annual rate of cash flows, by the rule of their regime."""
    rate = read_rate(_read(flows_file, "FLOWS.json"))
    if as_json:
        _print_json(rate.to_dict())
    else:
        show_rate(rate)


@app.command("quote")
def quote_for(
    amount: Annotated[str, typer.Option(help="The principal, in major units.")],
    annual_rate: Annotated[str, typer.Option("--annual-rate", help="Percent a year, simple.")],
    months: Annotated[int, typer.Option(help="The term.")],
    method: Annotated[str, typer.Option(help=METHOD_HELP)] = "equal-instalment",
    fee: Annotated[str, typer.Option(help="A fee deducted from the payout, in major units.")] = "0",
    start: Annotated[str | None, typer.Option("--start", help="The day of payout, YYYY-MM-DD; today where left out.")] = None,
    lang: Annotated[str, typer.Option(help="zh or en")] = "en",
    as_json: AsJson = False,
) -> int:
    """Say what a loan would cost: schedule, annual rates, and all costs as the borrower must be told them."""
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r}: {' or '.join(LANGUAGES)}", param_hint="--lang")
    try:
        principal, rate, chosen, taken = (
            read_positive(amount),
            read_percent(annual_rate),
            _method(method),
            read_amount(fee, "fee"),
        )
        day = business_date(start, quiet=as_json or lang == "zh", option="--start")
        made = quote(Terms(principal, rate, chosen, Shape(day, months)), taken)
    except Refusal as told:
        errors.print(told.at(OPTIONS.get(told.field, told.field)).text(lang), soft_wrap=True)
        return 1
    if as_json:
        _print_json(_quoted(made, lang))
    else:
        show_quote(made, disclose(made, Penalty(), LENDER), lang)
    return 0


def _method(written: str) -> Method:
    try:
        return Method(written.replace("-", "_"))
    except ValueError:
        raise ConventionUnknown("method", written, known=", ".join(each.replace("_", "-") for each in Method)) from None


def _quoted(made: Quote, lang: str) -> dict[str, Any]:
    rates = {"shown": made.shown, "simple": made.nominal, "all_in": made.all_in, "compound": made.compound}
    return {
        "principal": write_amount(made.terms.principal),
        "received": write_amount(made.received),
        "interest": write_amount(made.schedule.interest),
        "fee": write_amount(made.fee),
        "cost": write_amount(made.cost),
        "rates": {name: {"rule": str(each.rule), "percent": str(each.percent(4))} for name, each in rates.items()},
        "installments": [
            {
                "n": row.number,
                "due_date": row.due.isoformat(),
                "principal": write_amount(row.principal),
                "interest": write_amount(row.interest),
                "due": write_amount(row.total),
                "balance_after": write_amount(row.balance),
            }
            for row in made.schedule
        ],
        "disclosure": disclose(made, Penalty(), LENDER).to_dict(lang),
    }


def _read(path: Path, hint: str) -> Any:
    """A JSON file, with exact decimals; each name once."""
    try:
        if not path.is_file():
            raise typer.BadParameter(f"{path}: {'not a file' if path.exists() else 'no such file'}", param_hint=hint)
        if path.stat().st_size > MAX_BYTES:
            raise FileMalformed(str(path), f"{path.stat().st_size:,} bytes", right=f"at most {MAX_BYTES:,} bytes")
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text, parse_float=_decimal, parse_constant=_no_constant, object_pairs_hook=_once)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint=hint) from None
    except RecursionError:
        raise FileMalformed(str(path), "nested too deeply", right="a JSON object") from None
    except ValueError as error:
        raise FileMalformed(str(path), f"not JSON: {error}", right="a JSON object in UTF-8") from None


def _decimal(text: str) -> Decimal:
    """A number that someone could mean; one of a billion digits is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text[:40]} is no number of a sensible size") from None
    if number and not -MOST_DIGITS <= number.adjusted() <= MOST_DIGITS:
        raise ValueError(f"{text[:40]} is no number of a sensible size")
    return number


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FileMalformed(twice, "twice", right="each name once")
    return made


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
