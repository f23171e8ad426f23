"""`shouxin db`: the database: start it, stop it, look into it, back it up and restore it.

Who migrates, backs up or opens a database that has principals must be one who may. A restore needs an empty place, which has
none; to start, stop and look at the server is for whoever may read its folder.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.faces.cli.admission import admit_where_set_up
from shouxin.faces.cli.options import AsJson, Data
from shouxin.faces.cli.out import errors, results
from shouxin.infra.db.archive import Manifest
from shouxin.infra.db.backup import backup
from shouxin.infra.db.client import command
from shouxin.infra.db.connect import Target, connect, embedded, folder_of, is_elsewhere, place_of, target
from shouxin.infra.db.errors import DatabaseElsewhere, DatabaseUnreachable
from shouxin.infra.db.migrate import applied, migrate, pending, shipped
from shouxin.infra.db.restore import restore, restore_into
from shouxin.infra.db.server import Server

app = typer.Typer(no_args_is_help=True)

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command()
def start(data: Data = None, as_json: AsJson = False) -> None:
    """Start the server of a data folder; made on first use. Not needed: every command does it."""
    server = _server(data)
    server.ensure()
    _show(_state(server), as_json)


@app.command()
def stop(data: Data = None, as_json: AsJson = False) -> None:
    """Stop the server of a data folder; open transactions are rolled back. The next command starts it again."""
    server = _server(data)
    ran = server.stop()
    _show({"stopped": ran, "folder": str(server.folder)}, as_json)


@app.command()
def status(data: Data = None, as_json: AsJson = False) -> None:
    """Say how the database is; changes nothing."""
    if is_elsewhere(data):
        there = target(data)
        _show({"database": place_of(there.app), **_versions(there)}, as_json)
    else:
        _show(_state(_server(data)), as_json)


@app.command("migrate")
def migrate_now(data: Data = None, as_json: AsJson = False) -> None:
    """Bring the tables up to date."""
    there = target(data)
    _admit_to_migrate(there)
    done = migrate(there)
    if as_json:
        _print_json({"applied": done})
    else:
        results.print("\n".join(done) or "Nothing to apply.")


@app.command(context_settings=PASS_ON)
def psql(
    context: typer.Context,
    data: Data = None,
    owner: Annotated[bool, typer.Option("--owner", help="As shouxin_owner, who may change tables.")] = False,
) -> None:
    """Open psql on the database, as shouxin_app; what follows `--` is passed on to it."""
    there = target(data)
    admit_where_set_up(there, "database.open")
    started, environment = command("psql", there.owner if owner else there.app)
    os.execve(started[0], [*started, *context.args], environment)


@app.command("backup")
def backup_to(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Back up the whole database while it runs. The keys of personal data are not in it: keep them apart."""
    there = target(data)
    admit_where_set_up(there, "database.backup")
    made = backup(there, file)
    shown = {"file": str(made.file), "bytes": made.size, "sha256": made.sha256, **_contents(made.manifest)}
    if as_json:
        _print_json(shown)
    else:
        results.print(f"{made.sha256}  {made.file}  {made.size:,} bytes, {shown['rows']:,} rows", soft_wrap=True)


@app.command("restore")
def restore_from(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file made by `shouxin db backup`.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty data folder, or into a database without the schema shouxin."""
    manifest = restore_into(file, target()) if is_elsewhere(data) else restore(file, folder_of(data))
    _show({"restored": str(file), **_contents(manifest)}, as_json)
    waiting = pending(shipped(), manifest.migrations)
    if waiting:
        errors.print(f"{len(waiting)} migrations are newer than the backup: shouxin db migrate applies them")


def _admit_to_migrate(there: Target) -> None:
    """A database elsewhere may lack the application's role until it is migrated: then it has no principals either."""
    try:
        admit_where_set_up(there, "database.migrate")
    except DatabaseUnreachable:
        if there.server is not None:
            raise


def _server(data: Path | None) -> Server:
    if is_elsewhere(data):
        raise DatabaseElsewhere("DATABASE_URL", "set")
    return Server(folder_of(data))


def _state(server: Server) -> dict[str, Any]:
    found = server.status()
    state = {
        "running": found.running,
        "pid": found.pid,
        "postgresql": found.version,
        "folder": str(found.folder),
        "home": str(found.home) if found.home else None,
        "socket": str(found.socket) if found.running else None,
        "bytes": found.size,
    }
    return {**state, **(_versions(embedded(server)) if found.running else {})}


def _versions(there: Target) -> dict[str, Any]:
    """Which migrations were applied, and which are pending. Raises where the database is newer than the program."""
    with connect(there.app) as connection:
        done = applied(connection)
        version = connection.info.parameter_status("server_version")
    return {
        "postgresql": version,
        "applied": [each.name for each in done],
        "pending": [each.name for each in pending(shipped(), done)],
    }


def _contents(manifest: Manifest) -> dict[str, Any]:
    return {
        "taken_at": manifest.taken_at,
        "shouxin": manifest.shouxin,
        "postgresql": manifest.server,
        "migrations": len(manifest.migrations),
        "tables": len(manifest.tables),
        "rows": sum(manifest.tables.values()),
    }


def _show(shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json(shown)
        return
    for name, value in shown.items():
        results.print(f"{name:<10}  {_written(value)}", soft_wrap=True)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if value > 999_999 else str(value)
    if isinstance(value, list):
        return f"{len(value)}: {value[0]} to {value[-1]}" if len(value) > 2 else ", ".join(value) or "none"
    return "-" if value is None else str(value)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
