"""`shouxin`: the commands, and what they exit with.

0 done; 1 the work found a fault (a failing case, a bad bundle, bad input); 2 wrong usage; 130 interrupted.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from shouxin import __version__
from shouxin.desk.decisions import DateOutOfRange
from shouxin.desk.portfolio import InputRefused, OutputRefused, SparkMissing
from shouxin.engines.policy.errors import BundleRefused
from shouxin.engines.policy.read import FactsRefused
from shouxin.engines.scoring.cards.card import CardRefused
from shouxin.engines.scoring.fitting.spec import SpecRefused
from shouxin.faces.cli import (
    activate,
    advise,
    apply,
    ask,
    book,
    bureau,
    case_desk,
    cob,
    db,
    decide,
    decide_again,
    demo,
    experiments,
    facts,
    ledger,
    loans,
    match,
    match_customer,
    policy,
    score,
    score_exchange,
    score_fit,
    staff,
    whatif,
    work,
)
from shouxin.faces.cli.out import errors
from shouxin.faces.cli.session import changes, shows
from shouxin.foundation.refusal import Refusal

FAULT, USAGE, INTERRUPTED = 1, 2, 130
REFUSED = ((CardRefused, "card"), (SpecRefused, "specification"))
INTERRUPTED_TEXT = "Interrupted; nothing was left half-written."

app = typer.Typer(
    help="Shouxin (授信): one customer, one score, one total line, many products.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(policy.app, name="policy", help="Write, check, test and read policy bundles.")
app.add_typer(decide.app, name="decide", help="Decide one customer, or a whole file.")
app.add_typer(score.app, name="score", help="Show scorecards, score files, write scorecards as SQL.")
app.add_typer(loans.app, name="loans", help="Work out schedules, annual rates and quotes.")
app.add_typer(db.app, name="db", help="Start, stop, migrate, back up and restore the database.")
app.add_typer(book.app, name="book", help="Customers, lines, loans and money.")
app.add_typer(apply.app, name="apply", help="Applications: what a customer asks for, is offered, and accepts.")
app.add_typer(apply.switch, name="switch", help="Close one line and open another, approved before (先批后关).")
app.add_typer(facts.app, name="facts", help="Load what others say of customers, and show what is known of one.")
app.add_typer(bureau.app, name="bureau", help="Report to the credit bureau, and answer disputes of what was reported.")
app.add_typer(cob.app, name="cob", help="Close of business.")
app.add_typer(ledger.app, name="ledger", help="Read the books, and verify that nobody changed them.")
app.add_typer(staff.app, name="staff", help="Who may act for the lender, and in which roles.")
app.add_typer(case_desk.app, name="case", help="What waits for a person to decide it.")
score.app.command("profile")(score_fit.profile)
score.app.command("fit")(score_fit.fit)
score.app.command("export")(score_exchange.export_card)
score.app.command("import")(score_exchange.import_card)
app.command("match")(match.match_products)
app.command("work")(work.work)
app.command("demo")(demo.demo)
changes(policy.app, "activate", "policy.activate")(activate.activate)
changes(policy.app, "challenge", "policy.challenge")(experiments.begin)
changes(policy.app, "unchallenge", "policy.challenge")(experiments.end)
shows(policy.app, "experiments", "policy.read")(experiments.listed)
shows(apply.app, "match", "application.precheck")(match_customer.match_customer)
shows(app, "whatif", "advice.whatif")(whatif.imagined)
shows(app, "advise", "advice.remedies")(advise.advised)
shows(app, "ask", "advice.ask")(ask.asked)
shows(decide.app, "replay", "decision.read")(decide_again.replayed)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    """Shouxin (授信): one customer, one score, one total line, many products."""
    if version:
        print(__version__)
        raise typer.Exit


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run())


def run(args: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        result = app(args, standalone_mode=False, prog_name="shouxin")
    except typer.Exit as stop:
        return stop.exit_code
    except typer.TyperException as error:  # wrong usage: Typer says what and how
        show = getattr(error, "show", None)
        if callable(show):
            show()
        else:
            errors.print(str(error))
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        errors.print(INTERRUPTED_TEXT)
        return INTERRUPTED
    except BundleRefused as error:
        count = f"{len(error.faults)} faults" if len(error.faults) > 1 else "1 fault"
        what = next((name for kind, name in REFUSED if isinstance(error, kind)), "bundle")
        errors.print(f"The {what} cannot be used ({count}):", style="bold red")
        for fault in error.faults:
            errors.print(f"  {fault}", soft_wrap=True)
        return FAULT
    except FactsRefused as error:
        errors.print("The facts cannot be used:", style="bold red")
        for each in error.faults:
            errors.print(f"  {each}", soft_wrap=True)
        return FAULT
    except Refusal as error:
        errors.print(str(error), soft_wrap=True)
        return FAULT
    except (InputRefused, OutputRefused, DateOutOfRange, SparkMissing) as error:
        errors.print(str(error), soft_wrap=True)
        return FAULT
    except BrokenPipeError:
        sys.stderr.close()
        return FAULT
    if result == INTERRUPTED:  # Typer has caught it
        errors.print(INTERRUPTED_TEXT)
    return result if isinstance(result, int) else 0
