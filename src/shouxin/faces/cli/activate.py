"""`shouxin policy activate`: a checked bundle decides from a day on. The first one sets an empty system up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from shouxin.bootstrap import put_in_force
from shouxin.desk.advice.answers import answer_cases
from shouxin.desk.servicing.own_requests import perform_own
from shouxin.engines.policy.check import check_policy
from shouxin.engines.policy.compile import Policy, compile_policy
from shouxin.engines.policy.load import Bundle as LoadedBundle
from shouxin.faces.cli.out import errors
from shouxin.faces.cli.session import Session
from shouxin.foundation.days import read_day
from shouxin.foundation.refusal import Refusal
from shouxin.infra.access.audit import Entry, note
from shouxin.infra.access.principals import first_principal
from shouxin.infra.access.requests import Answer, Request
from shouxin.infra.db.unit import Unit


class BundleHasErrors(Refusal):
    """A bundle in which the checks find errors."""

    en = "a bundle in which `shouxin policy check` finds no errors; it finds {count}"
    zh = "须通过 shouxin policy check 检查，现有 {count} 处错误"


def activate(
    session: Session,
    bundle: Annotated[str, typer.Argument(metavar="DIR", help="A bundle's folder, or the name of a shipped one.")],
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help="The first day, YYYY-MM-DD: the open business day or later.")
    ],
    seconds: Annotated[float, typer.Option(help="Time for the checks that need a solver.")] = 20.0,
) -> Answer:
    """Check a bundle, store it, and let it decide from a day on; its products' accounts are opened in the ledger.

    The first activation sets an empty system up: its day becomes the first business day, and whoever runs it the first principal.
    """
    day, policy = read_day(since, "from"), compile_policy(bundle)
    _check(policy, seconds)
    request = Request(session.principal, session.key, "policy.activate", {"bundle": policy.bundle.hash, "since": day})

    def act(unit: Unit) -> Mapping[str, Any]:
        return _put(unit, policy.bundle, day, session.principal)

    return perform_own(session.connection, request, act, day)


def _check(policy: Policy, seconds: float) -> None:
    """Raises BundleHasErrors, after the errors were said."""
    found = [each for each in check_policy(policy, seconds=seconds, cases=answer_cases()) if each.severity == "error"]
    for each in found:
        errors.print(str(each), style="red", soft_wrap=True)
    if found:
        raise BundleHasErrors("bundle", policy.bundle.about.name, count=len(found))


def _put(unit: Unit, bundle: LoadedBundle, since: dt.date, principal: str) -> Mapping[str, Any]:
    done = put_in_force(unit, bundle, since, principal)
    if done.first:
        first_principal(unit, principal, since)
    note(unit, Entry(principal, "policy.activate", since, about=bundle.hash, detail={"changed": done.changed}))
    told = {"bundle": f"{bundle.about.name} {bundle.about.version}", "hash": bundle.hash, "since": since, "new": done.changed}
    return {**told, "first_day": since} if done.first else told
