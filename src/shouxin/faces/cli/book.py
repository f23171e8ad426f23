"""`shouxin book`: customers, lines, loans and money, from the command line. Read first: `session.py`, how each command is run."""

from __future__ import annotations

import typer

from shouxin.faces.cli import book_customers, book_incoming, book_lines, book_loans, book_money, book_statement
from shouxin.faces.cli.session import changes

app = typer.Typer(no_args_is_help=True)
app.add_typer(book_customers.app, name="customer", help="Customers: new, find, show, state, consents, contacts.")
app.add_typer(book_lines.line, name="line", help="The total line of a customer.")
app.add_typer(book_lines.app, name="facility", help="Facilities: offer, accept, suspend, resume, limit, renew, close.")
app.add_typer(book_loans.app, name="loan", help="Loans: shown, and changed while they run.")
book_money.register(app)
book_statement.register(app)
book_incoming.register(app)
changes(app, "close", "facility.close")(book_lines.close_line)
