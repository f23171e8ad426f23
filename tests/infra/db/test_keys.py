"""The key ring and its file: what is sealed opens, what was changed does not, and no key is lost or shown."""

from __future__ import annotations

import json
import os
import pickle
import stat
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.foundation.refusal import Refusal
from shouxin.infra.db import keys_errors as errors
from shouxin.infra.db.keys import KeyRing, Wrapped
from shouxin.infra.db.keys_file import path_of_keys
from shouxin.infra.db.keys_of_customers import CustomerKey, Where

RING = KeyRing.fresh()
ADA, BEN = uuid.UUID(int=1), uuid.UUID(int=2)
KEY = CustomerKey(ADA, bytes(range(32)))
NAME = Where("personal_data", "sealed")
KINDS = st.sampled_from(["id_number", "credit_code", "phone", "", "phon"])


def secrets_of(ring: KeyRing) -> list[bytes]:
    return [*ring.masters.values(), *ring.signers.values(), ring.index]


@given(st.binary(max_size=300))
def test_what_is_sealed_opens(plain: bytes) -> None:
    assert KEY.open(KEY.seal(plain, NAME), NAME) == plain


@given(st.binary(max_size=60), st.data())
def test_what_was_changed_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(KEY.seal(plain, NAME))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(errors.SealBroken):
        KEY.open(bytes(sealed), NAME)


@given(st.binary(max_size=60), st.data())
def test_what_was_cut_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = KEY.seal(plain, NAME)
    with pytest.raises(errors.SealBroken):
        KEY.open(sealed[: data.draw(st.integers(0, len(sealed) - 1))], NAME)


@pytest.mark.parametrize(
    ("key", "where"),
    [
        (KEY, Where("contact", "sealed")),
        (KEY, Where("personal_data", "other")),
        (KEY, Where("personal_data", "sealed", "2")),
        (KEY, Where("personal_datas", "ealed")),
        (CustomerKey(BEN, KEY.key), NAME),
        (CustomerKey(ADA, bytes(32)), NAME),
    ],
)
def test_what_was_moved_does_not_open(key: CustomerKey, where: Where) -> None:
    with pytest.raises(errors.SealBroken):
        key.open(KEY.seal(b"Wang", NAME), where)


def test_the_same_is_sealed_differently_each_time() -> None:
    assert KEY.seal(b"Wang", NAME) != KEY.seal(b"Wang", NAME)


@given(KINDS, st.text(max_size=30), KINDS, st.text(max_size=30))
def test_blind_indexes_are_equal_only_for_the_same_kind_and_text(kind: str, text: str, kind2: str, text2: str) -> None:
    index = RING.blind(kind, text)
    assert len(index) == 32
    assert index == RING.blind(kind, text)
    assert (index == RING.blind(kind2, text2)) == ((kind, text) == (kind2, text2))


def test_kind_and_text_do_not_run_together() -> None:
    assert len({RING.blind("phone", "1"), RING.blind("phon", "e1"), RING.blind("", "phone1"), RING.blind("phone1", "")}) == 4


def test_blind_indexes_survive_rotation_and_differ_between_systems() -> None:
    index = RING.blind("phone", "+8613800138000")
    assert RING.rotated().blind("phone", "+8613800138000") == index
    assert KeyRing.fresh().blind("phone", "+8613800138000") != index


def test_a_data_key_is_bound_to_its_customer_and_outlives_its_master_key() -> None:
    wrapped = RING.wrap(KEY.key, ADA)
    assert RING.unwrap(wrapped, ADA) == RING.rotated().unwrap(wrapped, ADA) == KEY.key
    assert RING.rotated().wrap(KEY.key, ADA).key_id != wrapped.key_id
    with pytest.raises(errors.SealBroken):
        RING.unwrap(wrapped, BEN)
    with pytest.raises(errors.SealBroken):
        RING.unwrap(Wrapped(wrapped.key_id, b"short"), ADA)
    with pytest.raises(errors.MasterKeyUnknown):
        KeyRing.fresh().unwrap(wrapped, ADA)


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_a_signature_is_good_for_its_message_and_key_only(message: bytes, other: bytes) -> None:
    key_id, signature = RING.sign(message)
    assert RING.verify(key_id, message, signature)
    assert RING.verify(key_id, other, signature) == (message == other)
    assert not RING.verify("nobody", message, signature)
    assert not RING.verify(key_id, message, signature[:-1])


def test_old_signatures_are_good_after_rotation() -> None:
    key_id, signature = RING.sign(b"day")
    newer = RING.rotated()
    assert newer.verify(key_id, b"day", signature)
    assert newer.sign(b"day")[0] != key_id
    assert not newer.verify(newer.signer, b"day", signature)


# The file.


def test_a_file_is_made_once_with_mode_0600_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.json"
    made = KeyRing.load_or_make(path)
    assert KeyRing.load(path) == KeyRing.load_or_make(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys.json"]


def test_of_several_that_make_the_file_at_once_all_get_the_same(tmp_path: Path) -> None:
    path, found = tmp_path / "keys.json", []
    barrier = threading.Barrier(8)

    def make() -> None:
        barrier.wait()
        found.append(KeyRing.load_or_make(path))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 8
    assert all(each == found[0] for each in found)
    assert [each.name for each in tmp_path.iterdir()] == ["keys.json"]


def test_a_rotated_ring_is_saved_and_an_older_one_never_over_it(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = KeyRing.load_or_make(path)
    one, two = first.rotated(), first.rotated()
    one.save(path)
    one.save(path)
    assert KeyRing.load(path) == one
    for lacking in (first, two, KeyRing.fresh()):
        with pytest.raises(errors.KeysWouldBeLost):
            lacking.save(path)
    assert KeyRing.load(path) == one
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_first_ring_may_be_saved(tmp_path: Path) -> None:
    RING.save(tmp_path / "keys.json")
    assert KeyRing.load(tmp_path / "keys.json") == RING


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    KeyRing.load_or_make(path)
    path.chmod(mode)
    for read in (KeyRing.load, KeyRing.load_or_make, RING.save):
        with pytest.raises(errors.KeysReadableByOthers):
            read(path)


def spoil(change: Callable[[dict[str, object]], object]) -> Callable[[str], str]:
    def spoilt(text: str) -> str:
        content = json.loads(text)
        change(content)
        return json.dumps(content)

    return spoilt


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda _: "",
        lambda text: text[:-20],
        lambda _: "[]",
        lambda _: '"\\ud800"',
        spoil(lambda content: content.pop("index")),
        spoil(lambda content: content.update(format=2)),
        spoil(lambda content: content.update(index="AAAA")),
        spoil(lambda content: content.update(index="not base64!")),
        spoil(lambda content: content.update(master="another")),
        spoil(lambda content: content.update(signers=[])),
    ],
)
def test_a_file_that_is_none_is_refused_and_not_shown(tmp_path: Path, spoilt: Callable[[str], str]) -> None:
    path = tmp_path / "keys.json"
    KeyRing.load_or_make(path)
    stored = json.loads(path.read_text("utf-8"))
    path.write_text(spoilt(path.read_text("utf-8")), "utf-8")
    with pytest.raises(errors.KeysUnreadable) as refused:
        KeyRing.load(path)
    assert stored["index"] not in str(refused.value)


def test_no_file_is_not_an_empty_ring(tmp_path: Path) -> None:
    with pytest.raises(errors.KeysMissing):
        KeyRing.load(tmp_path / "keys.json")
    with pytest.raises(errors.KeysUnreadable):
        KeyRing.load(tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(errors.KeysNotWritten, match=r"keys\.json"):
        KeyRing.load_or_make(tmp_path / "file" / "keys.json")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "keys.json"
    made = KeyRing.load_or_make(path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(errors.KeysNotWritten, match="No space left"):
        made.rotated().save(path)
    assert KeyRing.load(path) == made
    assert [each.name for each in tmp_path.iterdir()] == ["keys.json"]


def test_where_the_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOUXIN_KEYS", raising=False)
    assert path_of_keys(tmp_path / "data") == tmp_path / "keys.json"
    monkeypatch.setenv("SHOUXIN_KEYS", "/elsewhere/keys")
    assert path_of_keys(tmp_path / "data") == Path("/elsewhere/keys")


def test_no_key_is_shown() -> None:
    wrapped = RING.wrap(KEY.key, ADA)
    shown = [repr(RING), str(RING), repr(KEY), f"{KEY}"]
    for broken in (Wrapped(wrapped.key_id, wrapped.wrapped[:-1] + b"?"), Wrapped("nobody", wrapped.wrapped)):
        with pytest.raises(Refusal) as refused:
            RING.unwrap(broken, ADA)
        shown.append(repr(refused.value) + str(pickle.loads(pickle.dumps(refused.value))))
    for secret in (*secrets_of(RING), KEY.key):
        assert not any(repr(secret)[2:-1] in each or secret.hex() in each for each in shown)
