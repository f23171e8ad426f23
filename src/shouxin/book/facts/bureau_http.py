"""A bureau that is asked over HTTP: one POST with the question, the reply in its body. Read first: `HttpBureau`.

The question names a person, so it goes where it was sent to and nowhere else: no redirect is followed, and no proxy of the
environment is used. The whole exchange has one deadline, which a reply that comes drop by drop does not put off.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from shouxin.book.facts import bureau_errors as errors
from shouxin.book.facts.bureau_reply import MOST_BYTES, VERSION, BureauQuestion, BureauReply, person_token

SECONDS = 10.0
OK = 200


@dataclass(frozen=True, slots=True)
class HttpBureau:
    """A bureau at a URL, `https` unless it is on this machine or behind a gateway of the lender's own.

    secret:  what lender and bureau share (`person_token`)
    bearer:  the token that says who asks; none where the connection says it
    seconds: for the whole exchange
    """

    url: str
    secret: bytes = field(repr=False)
    bearer: str | None = field(default=None, repr=False)
    seconds: float = SECONDS

    def report(self, asked: BureauQuestion) -> BureauReply:
        """Ask. Raises BureauUnreachable, BureauLate, BureauRefused, BureauReplyHuge."""
        token = person_token(self.secret, asked.person)
        return BureauReply(self._exchanged(question_text(asked, token)), token)

    def _exchanged(self, body: bytes) -> bytes:
        connection, target = self._connection()
        deadline = _Deadline()
        try:
            with deadline.cutting(connection, self.seconds):
                connection.request("POST", target, body, self._headers())
                response = connection.getresponse()
                if response.status != OK:
                    raise errors.BureauRefused("status", response.status)
                text = response.read(MOST_BYTES + 1)
                if response.length and len(text) <= MOST_BYTES:
                    raise http.client.IncompleteRead(b"")
        except (OSError, http.client.HTTPException, ValueError) as error:
            if deadline.over or isinstance(error, TimeoutError):
                raise errors.BureauLate("bureau", self._host(), seconds=f"{self.seconds:g}") from None
            raise errors.BureauUnreachable("bureau", self._host(), why=type(error).__name__) from None
        finally:
            connection.close()
        if deadline.over:  # a connection that was cut can look like the end of a reply
            raise errors.BureauLate("bureau", self._host(), seconds=f"{self.seconds:g}")
        if len(text) > MOST_BYTES:
            raise errors.BureauReplyHuge("reply", f"more than {MOST_BYTES}", most=MOST_BYTES)
        return text

    def _connection(self) -> tuple[http.client.HTTPConnection, str]:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise errors.BureauUnreachable("bureau", self._host(), why="no http or https URL with a host")
        target = parts.path + (f"?{parts.query}" if parts.query else "") or "/"
        try:
            if parts.scheme == "https":
                secure = ssl.create_default_context()
                return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=self.seconds, context=secure), target
            return http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.seconds), target
        except (ValueError, http.client.HTTPException) as error:
            raise errors.BureauUnreachable("bureau", self._host(), why=type(error).__name__) from None

    def _headers(self) -> dict[str, str]:
        sent = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        return {**sent, **({"Authorization": f"Bearer {self.bearer}"} if self.bearer else {})}

    def _host(self) -> str:
        """Which bureau it is, without what its URL may hold beside that."""
        return urlsplit(self.url).hostname or "-"


def question_text(asked: BureauQuestion, token: str) -> bytes:
    """The question as it is sent."""
    who = asked.person
    numbers = {"id_number": who.id_number, "credit_code": who.credit_code}
    person: dict[str, Any] = {"token": token, "name": who.name, **{name: each for name, each in numbers.items() if each}}
    plain = {
        "version": VERSION,
        "enquiry": asked.enquiry,
        "consent": asked.consent,
        "date": asked.day.isoformat(),
        "person": person,
    }
    return json.dumps(plain, ensure_ascii=False).encode()


class _Deadline:
    """Cuts a connection when its time is over: the timeout of a socket begins anew with every byte."""

    def __init__(self) -> None:
        self.over = False
        self._socket: socket.socket | None = None

    @contextmanager
    def cutting(self, connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
        """A connection that is open within, and for so long at most. Raises TimeoutError where connecting took all the time."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            connection.connect()
            self._socket = connection.sock  # the connection forgets it when the response begins
            if self.over:
                raise TimeoutError
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.over = True
        if self._socket is not None:
            with suppress(OSError):  # it was closed meanwhile
                self._socket.shutdown(socket.SHUT_RDWR)
