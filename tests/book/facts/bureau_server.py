"""A bureau for tests: a real HTTP server in a thread, which answers as it is told, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = b"between lender and bureau"

Answer = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    """One question: it is kept, and answered by the server's `answer`."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        question: dict[str, Any] = json.loads(body)
        self.server.asked.append((question, dict(self.headers)))  # type: ignore[attr-defined]
        try:
            self.server.answer(self, question)  # type: ignore[attr-defined]
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # who asked has gone

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """A whole response."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


class BureauServer(ThreadingHTTPServer):
    """asked: the questions with their headers; answer: how the next is answered"""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.answer: Answer = lambda handler, question: handler.send(reply(question))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/enquiries?channel=1"


@contextmanager
def bureau_server() -> Iterator[BureauServer]:
    """A server that runs."""
    server = BureauServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(question: dict[str, Any], **changed: Any) -> bytes:
    """A sound reply to a question, with some fields changed; a field that becomes None is left out."""
    facts = {"history_months": 60, "enquiries_3m": 2, "debts_elsewhere": "12000.50", "lenders_elsewhere": 1}
    plain = {
        "version": 1,
        "person": question["person"]["token"],
        "status": "found",
        "date": question["date"],
        "facts": facts,
        **changed,
    }
    return json.dumps({name: value for name, value in plain.items() if value is not None}).encode()
