"""A bureau that delivers a batch: a folder with one JSON reply for each person, named by the person's token."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from shouxin.book.facts import bureau_errors as errors
from shouxin.book.facts.bureau_reply import MOST_BYTES, BureauQuestion, BureauReply, person_token


@dataclass(frozen=True, slots=True)
class FileBureau:
    """Replies in `folder`, each in `TOKEN.json`. secret: what lender and bureau share (`person_token`)"""

    folder: Path
    secret: bytes = field(repr=False)

    def report(self, asked: BureauQuestion) -> BureauReply:
        """The reply about a person. Raises BureauReplyMissing, BureauReplyHuge, BureauUnreachable."""
        token = person_token(self.secret, asked.person)
        try:
            with (self.folder / f"{token}.json").open("rb") as file:
                text = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            raise errors.BureauReplyMissing("folder", self.folder) from None
        except OSError as error:
            raise errors.BureauUnreachable("folder", self.folder, why=error.strerror) from None
        if len(text) > MOST_BYTES:
            raise errors.BureauReplyHuge("reply", len(text), most=MOST_BYTES)
        return BureauReply(text, token)
