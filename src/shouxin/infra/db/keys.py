"""The key ring: the keys that stay outside the database. Read first: `KeyRing`.

Three kinds. Master keys (AES-256) wrap the data key of each customer (`keys_of_customers.py`). The blind-index key (HMAC-SHA256)
turns an identifier into 32 bytes by which it can be found and not read. Signing keys (Ed25519) sign closed days. One master key
and one signing key are active; older ones are kept, to read and to verify. The blind-index key never changes: every index
depends on it.

Whoever has this ring and the database can read everything, and whoever loses the ring can read nothing: it is kept and backed up
apart from the database. `keys_file.py` stores it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shouxin.infra.db import keys_file
from shouxin.infra.db.keys_errors import KeysUnreadable, MasterKeyUnknown, SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12  # 96 random bits: NIST SP 800-38D allows 2^32 uses of one key


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as the database holds it: the id of the master key, and the key under it."""

    key_id: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys of one system. Its repr names the active keys and shows none.

    masters: AES-256 keys by id; master: the id of the active one
    signers: Ed25519 private keys (32 bytes) by id; signer: the id of the active one
    index:   the blind-index key
    """

    master: str
    signer: str
    masters: Mapping[str, bytes] = field(repr=False)
    signers: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> KeyRing:
        """A new ring with one key of each kind."""
        master, signer = _new_id(), _new_id()
        keys = [secrets.token_bytes(KEY_BYTES) for _ in range(3)]
        return cls(master, signer, {master: keys[0]}, {signer: keys[1]}, keys[2])

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """The ring in a file; raises KeysMissing, KeysReadableByOthers, KeysUnreadable."""
        return _from_stored(path, keys_file.read(path))

    @classmethod
    def load_or_make(cls, path: Path) -> KeyRing:
        """The ring in a file, which is made with fresh keys where there is none. Of several that make it at once one wins,
        and all of them return that one. Raises KeysReadableByOthers, KeysUnreadable."""
        if not path.exists():
            keys_file.create(path, _stored(cls.fresh()))
        return cls.load(path)

    def save(self, path: Path) -> None:
        """Write the ring, whole or not at all; a repeat changes nothing.

        Raises KeysWouldBeLost where the file holds a key that this ring lacks (somebody else rotated meanwhile), and as `load`.
        """
        keys_file.replace(path, _stored(self))

    def rotated(self) -> KeyRing:
        """The ring with a new active master key and a new active signing key; the older ones are kept."""
        fresh = KeyRing.fresh()
        masters, signers = {**self.masters, **fresh.masters}, {**self.signers, **fresh.signers}
        return replace(self, master=fresh.master, signer=fresh.signer, masters=masters, signers=signers)

    def wrap(self, data_key: bytes, owner: uuid.UUID) -> Wrapped:
        """A customer's data key under the active master key, bound to the customer."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return Wrapped(self.master, nonce + AESGCM(self.masters[self.master]).encrypt(nonce, data_key, owner.bytes))

    def unwrap(self, wrapped: Wrapped, owner: uuid.UUID) -> bytes:
        """The data key again; raises MasterKeyUnknown, SealBroken."""
        if wrapped.key_id not in self.masters:
            raise MasterKeyUnknown("key_id", wrapped.key_id)
        nonce, text = wrapped.wrapped[:NONCE_BYTES], wrapped.wrapped[NONCE_BYTES:]
        try:
            return AESGCM(self.masters[wrapped.key_id]).decrypt(nonce, text, owner.bytes)
        except (InvalidTag, ValueError):
            raise SealBroken("customer_key.wrapped", owner) from None

    def blind(self, kind: str, text: str) -> bytes:
        """32 bytes that stand for an identifier: the same for the same kind and text, and unlike for any other pair.

        kind: what is identified, such as `id_number`; its length goes in first, so that no two pairs run together
        """
        domain = kind.encode()
        return hmac.digest(self.index, len(domain).to_bytes(2, "big") + domain + text.encode(), hashlib.sha256)

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """The id of the active signing key and its Ed25519 signature (64 bytes)."""
        return self.signer, Ed25519PrivateKey.from_private_bytes(self.signers[self.signer]).sign(message)

    def verify(self, key_id: str, message: bytes, signature: bytes) -> bool:
        """Whether the signature is that key's over the message; False for a key that is not in the ring."""
        if key_id not in self.signers:
            return False
        public = Ed25519PrivateKey.from_private_bytes(self.signers[key_id]).public_key()
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def _new_id() -> str:
    """Random, so that keys of two systems are never taken for each other."""
    return secrets.token_hex(8)


def _stored(ring: KeyRing) -> keys_file.Stored:
    return keys_file.Stored(ring.master, ring.signer, dict(ring.masters), dict(ring.signers), ring.index)


def _from_stored(path: Path, stored: keys_file.Stored) -> KeyRing:
    if stored.master not in stored.masters or stored.signer not in stored.signers:
        raise KeysUnreadable("keys", path, why="an active key is not among the keys")
    if any(len(each) != KEY_BYTES for each in (*stored.masters.values(), *stored.signers.values(), stored.index)):
        raise KeysUnreadable("keys", path, why=f"a key does not have {KEY_BYTES} bytes")
    return KeyRing(stored.master, stored.signer, stored.masters, stored.signers, stored.index)
