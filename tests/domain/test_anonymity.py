"""The seal of anonymous questions and the file of its key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.anonymity import (
    Anonymity,
    AnonymityKeyDiffers,
    AnonymityKeyMissing,
    AnonymityKeyUnusable,
    blurred,
    forget,
    open_anonymity,
)
from bot.ids import PersonId, SessionKey

ANA, BEN = PersonId(700000000000000001), PersonId(700000000000000002)
TUESDAY, FRIDAY = SessionKey("2020-09-08"), SessionKey("2020-09-11")


def test_seal_tells_people_and_sessions_apart_and_stays() -> None:
    anonymity = Anonymity(b"k" * 32)
    seals = {anonymity.seal(p, s) for p in (ANA, BEN) for s in (TUESDAY, FRIDAY)}
    assert len(seals) == 4
    assert Anonymity(b"k" * 32).seal(ANA, TUESDAY) == anonymity.seal(ANA, TUESDAY)
    assert Anonymity(b"x" * 32).seal(ANA, TUESDAY) not in seals
    assert not any(str(ANA) in seal for seal in seals)


def test_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secretos" / "anonimato.key"
    made = open_anonymity(path, None)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["anonimato.key"]
    assert open_anonymity(path, None).fingerprint == made.fingerprint
    assert made.fingerprint not in path.read_text()


def test_key_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "anonimato.key"
    open_anonymity(path, None)
    path.chmod(0o644)
    open_anonymity(path, None)
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_new_key_is_made_where_questions_are_sealed_under_another(tmp_path: Path) -> None:
    path = tmp_path / "anonimato.key"
    with pytest.raises(AnonymityKeyMissing):
        open_anonymity(path, "of another key")
    assert not path.exists()
    key = open_anonymity(path, None)
    assert open_anonymity(path, key.fingerprint).seal(ANA, TUESDAY) == key.seal(ANA, TUESDAY)
    with pytest.raises(AnonymityKeyDiffers):
        open_anonymity(path, "of another key")


@pytest.mark.parametrize("content", ["", "not a key", "abcd", "é" * 64])
def test_file_that_holds_no_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "anonimato.key"
    path.write_text(content)
    with pytest.raises(AnonymityKeyUnusable):
        open_anonymity(path, None)
    assert path.read_text() == content


def test_key_in_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archivo").write_text("")
    with pytest.raises(AnonymityKeyUnusable):
        open_anonymity(tmp_path / "archivo" / "anonimato.key", None)


def test_key_that_is_forgotten_is_overwritten_before_it_goes(tmp_path: Path) -> None:
    path, kept = tmp_path / "anonimato.key", tmp_path / "other name of the same file"
    key = open_anonymity(path, None)
    kept.hardlink_to(path)
    secret = path.read_text()
    assert forget(path, key.fingerprint) is True
    assert not path.exists()
    assert (kept.read_text() == secret, len(kept.read_text())) == (False, len(secret))
    assert forget(path, key.fingerprint) is False
    # Interrupted between the two, it goes on where it was.
    kept.rename(path)
    assert forget(path, key.fingerprint) is True
    assert not path.exists()
    assert open_anonymity(path, None).fingerprint != key.fingerprint


def test_key_of_other_questions_and_what_is_no_key_are_not_destroyed(tmp_path: Path) -> None:
    path = tmp_path / "anonimato.key"
    open_anonymity(path, None)
    with pytest.raises(AnonymityKeyDiffers):
        forget(path, "of another key")
    assert open_anonymity(path, None)
    path.write_text("not a key")
    for sealed_under in (None, "of another key"):
        with pytest.raises(AnonymityKeyUnusable):
            forget(path, sealed_under)
    assert path.read_text() == "not a key"


def test_repr_shows_nothing_of_the_key() -> None:
    assert "k" * 8 not in repr(Anonymity(b"k" * 32))


moments = st.integers(0, 4 * 3_600_000).map(
    lambda ms: datetime(2020, 9, 8, 14, tzinfo=UTC) + timedelta(milliseconds=ms)
)


@given(moments, st.lists(moments, max_size=4))
def test_what_is_kept_is_the_hour_and_stays_on_its_side_of_every_mark(at: datetime, marks: list[datetime]) -> None:
    kept = blurred(at, marks)
    assert at - timedelta(hours=1) < kept <= at
    assert [kept <= mark for mark in marks] == [at <= mark for mark in marks]
    same_hour = [mark for mark in marks if mark.replace(minute=0, second=0, microsecond=0) == blurred(at) and mark < at]
    assert same_hour or kept == blurred(at)
