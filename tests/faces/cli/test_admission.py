"""Which roles may run which command: the whole table, and that no command is left out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import typer

from shouxin.faces.cli.app import app, run
from shouxin.infra.access.principals import cli_principal
from shouxin.infra.access.roles import ROLES, roles_for
from shouxin.infra.db.connect import Target, connect
from tests.faces.cli.counter import FIRST_DAY, Counter

NOBODY = "0198c0de-0000-7000-8000-00000000dead"
OF = f"{{customer}} {NOBODY}"
LOAN = f"book loan {{step}} {OF} --reason AGREED"

# Each command with its action, and words with which it does no harm where it is allowed: most name what there is not.
COMMANDS: list[tuple[str, str]] = [
    ("policy activate starter --from 2026-06-30 --seconds 0", "policy.activate"),
    ("book customer new --name 王 --id-number 110101199003071234", "customer.create"),
    ("book customer show {customer}", "customer.read"),
    ("book customer find --phone 13800138000", "customer.read"),
    ("book customer state {customer} frozen --reason death_certified", "customer.state"),
    ("book customer consent give {customer} bureau_query --text-version 1 --given-on 2026-07-02", "customer.change"),
    ("book customer consent withdraw {customer} 99", "customer.change"),
    ("book customer contact add {customer} phone 12 --purpose main --since 2026-07-01", "customer.change"),
    ("book customer contact end {customer} 99", "customer.change"),
    ("book mandate {customer} --name 王 --account 6222", "customer.change"),
    ("book line set {customer} --total 100", "line.set"),
    ("book facility list {customer}", "customer.read"),
    ("book facility offer {customer} no-such --limit 100 --rate 9", "facility.offer"),
    (f"book facility accept {OF}", "facility.accept"),
    (f"book facility suspend {OF} --reason CHECK", "facility.suspend"),
    (f"book facility resume {OF} --reason CHECK", "facility.resume"),
    (f"book facility limit {OF} --to 100 --reason RISK", "facility.limit"),
    (f"book facility renew {OF} --until 2027-07-01 --reason YEARLY", "facility.renew"),
    (f"book facility close {OF}", "facility.close"),
    (f"book close {OF}", "facility.close"),
    (f"book draw {OF} --amount 100 --months 3 --purpose travel", "draw"),
    ("book draws {customer}", "customer.read"),
    (f"book pay-out {OF} failed", "draw.paid"),
    (f"book repay {OF} --amount 1", "repay"),
    ("book bounce {customer} 99 --reason NO_FUNDS", "bounce"),
    ("book refund {customer} --amount 1", "refund"),
    ("book statement {customer}", "customer.read"),
    (f"book settlement-certificate {OF}", "document.make"),
    ("book incoming {empty} --source bank", "receive"),
    ("book suspense", "ledger.read"),
    ("book resolve {customer} --source bank --reference none", "receive"),
    ("book loan list {customer}", "customer.read"),
    (f"book loan show {OF}", "customer.read"),
    (LOAN.replace("{step}", "extend") + " --periods 1", "loan.change"),
    (LOAN.replace("{step}", "renew") + " --periods 1 --rate 9", "loan.change"),
    (LOAN.replace("{step}", "pause") + " --until 2026-08-01", "loan.change"),
    (LOAN.replace("{step}", "rate") + " --to 9", "loan.change"),
    (LOAN.replace("{step}", "restructure") + " --periods 1 --rate 9", "loan.change"),
    (LOAN.replace("{step}", "re-age"), "loan.change"),
    (LOAN.replace("{step}", "fee") + " --amount 1", "loan.change"),
    (LOAN.replace("{step}", "recall"), "loan.change"),
    (LOAN.replace("{step}", "reverse") + " 1", "loan.change"),
    (LOAN.replace("{step}", "write-off"), "loan.write_off"),
    (f"book loan misuse {OF}", "loan.misused"),
    ("cob run --date 2026-06-30", "day.close"),
    ("cob status", "ledger.read"),
    ("ledger trial-balance", "ledger.read"),
    ("ledger account 1002", "ledger.read"),
    ("ledger statement {customer}", "ledger.read"),
    ("ledger verify", "ledger.read"),
    ("staff list", "principal.read"),
    ("staff authority", "principal.read"),
    ("staff add cli:li --role no-such", "principal.change"),
    ("staff roles cli:nobody --role risk", "principal.change"),
    ("staff deactivate cli:nobody", "principal.change"),
    ("staff activate cli:nobody", "principal.change"),
    ("case list", "case.read"),
    (f"case show {NOBODY}", "case.read"),
    (f"case take {NOBODY}", "case.take"),
    (f"case release {NOBODY}", "case.take"),
    (f"case decide {NOBODY} --outcome decline --reason 收入不足以偿还", "case.decide"),
    (f"case send-back {NOBODY} --reason 请补充材料", "case.decide"),
    ("policy challenge starter --from 2026-06-01 --until 2026-06-02", "policy.challenge"),
    ("policy unchallenge 99", "policy.challenge"),
    ("policy experiments", "policy.read"),
    (f"decide replay {NOBODY}", "decision.read"),
    (f"book facility keep {OF}", "facility.keep"),
    (f"book facility preview {OF}", "facility.preview"),
    ("apply precheck {customer}", "application.precheck"),
    ("apply new {customer} --product no-such", "application.apply"),
    (f"apply accept {OF} --contract 00", "application.accept"),
    (f"apply contest {OF} consumer-line", "application.contest"),
    ("apply list {customer}", "customer.read"),
    ("apply match {customer} --amount 1000 --purpose renovation", "application.precheck"),
    ("whatif {customer} --step wait,30d", "advice.whatif"),
    ("advise {customer} --product consumer-line", "advice.remedies"),
    ("ask {customer} REOPEN_WHEN", "advice.ask"),
    (f"switch promise {{customer}} --close {NOBODY} --open consumer-line", "switch.promise"),
    (f"switch execute {OF} --contract 00", "switch.execute"),
    (f"switch withdraw {OF}", "switch.withdraw"),
    ("switch list {customer}", "customer.read"),
    ("facts load {folder}/none.csv --as-of 2026-07-01", "customer.change"),
    ("facts show {customer}", "personal.read"),
    ("bureau report --month 2026-06 --out {folder}/report.csv", "bureau.report"),
    (f"bureau dispute {OF} --month 2026-06", "bureau.dispute"),
    (f"bureau answer {OF} --outcome stands --reason 账务记录无误", "case.decide"),
    ("work --once --out {folder}", "work.run"),
    ("db migrate", "database.migrate"),
    ("db backup {folder}/none/backup.tar", "database.backup"),
]
# What replaces this process where it is allowed, and what may be run whoever one is.
ONLY_REFUSED = [("db psql", "database.open")]
FREE = {"db start", "db stop", "db status", "db restore"}
REFUSED = "somebody with one of the roles"


@pytest.fixture
def staff(open_books: Target) -> Iterator[Target]:
    """Whoever runs the tests gets back all roles."""
    yield open_books
    as_one_with(open_books, tuple(ROLES))


def as_one_with(database: Target, roles: Sequence[str], active: bool = True) -> None:
    """From now on whoever runs the command line has these roles."""
    with connect(database.owner) as owner:
        owner.execute(
            "INSERT INTO principal (name, kind, roles, active, since) VALUES (%s, 'person', %s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET roles = excluded.roles, active = excluded.active",
            (cli_principal(), list(roles), active, FIRST_DAY),
        )


def words(command: str, counter: Counter, folder: Path) -> list[str]:
    """The command with a customer and files."""
    empty = folder / "empty.csv"
    empty.write_text("reference,day,amount,text\n", "utf-8")
    if "customer" not in _scene:
        _scene["customer"] = counter.customer()
    return [each.format(**_scene, empty=empty, folder=folder) for each in command.split()]


_scene: dict[str, str] = {}


def printed(counter: Counter, args: list[str]) -> tuple[int, str]:
    code = run(args)
    out = counter.capsys.readouterr()
    return code, out.out + out.err


@pytest.mark.parametrize(("command", "action"), [*COMMANDS, *ONLY_REFUSED])
def test_who_has_not_the_role_is_refused(command: str, action: str, counter: Counter, staff: Target, tmp_path: Path) -> None:
    as_one_with(staff, tuple(ROLES))
    args = words(command, counter, tmp_path)
    as_one_with(staff, [role for role in ROLES if role not in roles_for(action)])
    before = counter.rows()
    code, out = printed(counter, args)
    assert code == 1 and REFUSED in out and action in out, out
    assert counter.rows() == before


@pytest.mark.parametrize(("command", "action"), COMMANDS)
def test_who_has_the_role_is_not(command: str, action: str, counter: Counter, staff: Target, tmp_path: Path) -> None:
    as_one_with(staff, tuple(ROLES))
    args = words(command, counter, tmp_path)
    assert roles_for(action)
    for role in roles_for(action):
        as_one_with(staff, [role])
        code, out = printed(counter, args)
        assert code in (0, 1) and REFUSED not in out, (role, out)


def leaves(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """Each command of the command line, with its options."""
    found = getattr(group, "commands", None)
    if found is None:
        options = [name for each in getattr(group, "params", ()) for name in each.opts]
        yield " ".join(path), options
        return
    for name, each in found.items():
        yield from leaves(each, (*path, name))


def test_no_command_on_a_lender_is_left_out() -> None:
    """What takes `--data` opens a lender's database."""
    named = [command for command, _ in (*COMMANDS, *ONLY_REFUSED)]
    with_data = [path for path, options in leaves(typer.main.get_command(app)) if "--data" in options]
    assert len(with_data) > 60
    left = [path for path in with_data if path not in FREE]
    assert [path for path in left if not any(f"{each} ".startswith(f"{path} ") for each in named)] == []


def test_who_was_not_added_may_do_nothing(counter: Counter, staff: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = counter.customer()
    monkeypatch.setattr("shouxin.faces.cli.session.cli_principal", lambda: "cli:stranger")
    monkeypatch.setattr("shouxin.faces.cli.admission.cli_principal", lambda: "cli:stranger")
    for args in (("book", "line", "set", customer, "--total", "10"), ("cob", "status")):
        told = counter.told(*args, code=1)
        assert (told["refusal"]["code"], told["refusal"]["value"]) == ("PrincipalUnknown", "cli:stranger")
    assert counter.one("SELECT count(*) FROM principal WHERE name = 'cli:stranger'") == (0,)


def test_who_is_inactive_may_do_nothing(counter: Counter, staff: Target) -> None:
    as_one_with(staff, tuple(ROLES), active=False)
    assert counter.told("cob", "status", code=1)["refusal"]["code"] == "PrincipalInactive"


def test_a_refused_request_can_be_made_again_with_the_role(counter: Counter, staff: Target) -> None:
    """Whether somebody may is no answer that is kept."""
    customer = counter.customer()
    asked = ("book", "line", "set", customer, "--total", "10", "--key", "again")
    as_one_with(staff, ["auditor"])
    assert counter.told(*asked, code=1)["refusal"]["code"] == "RoleMissing"
    as_one_with(staff, ["risk"])
    told = counter.told(*asked)
    assert (told["total"], told["repeated"]) == ("10.00", False)


def test_the_first_one_has_all_roles(counter: Counter, staff: Target) -> None:
    customer = counter.customer()
    for args in (("book", "line", "set", customer, "--total", "20"), ("cob", "status"), ("ledger", "trial-balance")):
        with connect(staff.owner) as owner:
            owner.execute("DELETE FROM principal")
        counter(*args)
        assert counter.one("SELECT name, roles FROM principal") == (cli_principal(), list(ROLES))
