"""The whole schema as one text, for readers and reviews: `schema.sql`, written by `python -m shouxin.infra.db.schema --write`.

It is what pg_dump says of a database with all migrations, without what differs between versions and runs. A test holds the file
to the migrations.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from shouxin.infra.db.client import run_client
from shouxin.infra.db.connect import Target, embedded
from shouxin.infra.db.migrate import migrate
from shouxin.infra.db.roles import SCHEMA
from shouxin.infra.db.scratch import scratch_server

FILE = Path(__file__).with_name("schema.sql")
WRITE = "python -m shouxin.infra.db.schema --write"
HEAD = f"-- The schema after all migrations. Written by `{WRITE}`; do not edit.\n\n"

_VIEW = re.compile(r"^CREATE VIEW .*?;$", re.MULTILINE | re.DOTALL)
# Comments, settings of the session, and tokens that psql reads
_VOLATILE = re.compile(r"^(--.*|SET .*;|SELECT pg_catalog\.set_config\(.*\);|\\(un)?restrict .*)\n", re.MULTILINE)


def schema_of(target: Target) -> str:
    """The schema of a database as text. Raises what `run_client` raises."""
    dump = run_client("pg_dump", target.owner, ["--schema-only", f"--schema={SCHEMA}", "--no-owner"])
    text = _VIEW.sub(_without_names, _VOLATILE.sub("", dump))
    return HEAD + re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _without_names(view: re.Match[str]) -> str:
    """A view of one table with its columns alone: PostgreSQL 15 writes the table's name before each, later ones do not."""
    tables = re.findall(rf"\b(?:FROM|JOIN) \(*{SCHEMA}\.(\w+)", view[0])
    return re.sub(rf"\b{tables[0]}\.", "", view[0]) if len(tables) == 1 else view[0]


def written() -> str:
    """The schema of this program's migrations, applied to a new server."""
    with scratch_server() as server:
        made = embedded(server)
        migrate(made)
        return schema_of(made)


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: {WRITE}")
    FILE.write_text(written(), "utf-8")
