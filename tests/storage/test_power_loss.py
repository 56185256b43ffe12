"""What was acknowledged is there after a power cut, whatever the disk kept of what had not been flushed."""

import random
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.power_cuts import ACKNOWLEDGED, Journal, Kept
from benchmarks.power_loss import IN_MEMORY, found_after, recorded
from bot.storage.store import Store, Transaction
from tests.storage.children import ROOT

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs a C compiler")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="estrado-power-", dir=IN_MEMORY) as place:
        yield Path(place)


@pytest.mark.trial("F7")
def test_what_was_acknowledged_survives_a_power_cut_at_any_moment(folder: Path) -> None:
    journal = recorded(folder, seed=20200908, operations=300)
    kinds = journal.kinds()
    # Cuts fall among all of it: the log, the main file, the log begun anew, and flushes of each.
    assert {"w estrado.db-wal", "s estrado.db-wal", "t estrado.db-wal", "w estrado.db", "s estrado.db"} <= set(kinds)
    assert kinds[f"w {ACKNOWLEDGED}"] > 200

    found = found_after(journal, 300, random.Random(20200908), folder)

    assert (found.lost, found.losing, found.damaged) == (0, [], [])
    assert found.acknowledged > 300 * 20
    assert set(found.kept) == set(Kept)


@pytest.mark.parametrize(("synchronous", "damages"), [("NORMAL", False), ("OFF", True)])
def test_a_store_that_flushes_less_is_found_out(folder: Path, synchronous: str, damages: bool) -> None:
    journal = recorded(folder, seed=20200908, operations=300, synchronous=synchronous)

    found = found_after(journal, 40, random.Random(20200908), folder)

    assert len(found.losing) > 10
    assert bool(found.damaged) is damages


@pytest.mark.trial("F7")
async def test_the_documents_say_how_the_store_keeps_its_word(store: Store) -> None:
    def settings(tx: Transaction) -> tuple[str, int]:
        mode, synchronous = (
            tx.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        )
        return mode, synchronous

    assert await store.write(settings) == ("wal", 2)
    for page in ("architecture.md", "reliability.md"):
        assert re.search(r"WAL[^.]*`(synchronous=)?FULL`", (ROOT / "docs" / page).read_text("utf-8"))


class TestCuts:
    """Whether the cuts themselves leave what a disk may."""

    @pytest.fixture
    def journal(self, folder: Path) -> Journal:
        before = folder / "before"
        before.mkdir()
        (before / "data").write_bytes(b"....")
        (folder / "journal").write_bytes(
            b"w 0 4 data\nAAAAs 0 0 data\nc 0 0 new\nw 0 4 new\nNNNNs 0 0 new\nw 2 4 data\nBBBB"
        )
        return Journal(folder / "journal", before)

    def states(self, journal: Journal, moment: int, folder: Path) -> set[tuple[bytes, bytes | None]]:
        """What may be in the two files after that record."""
        chance, states = random.Random(1), set()
        for _ in journal.cuts([moment] * 300, chance, folder / "after"):
            new = folder / "after" / "new"
            states.add(((folder / "after" / "data").read_bytes(), new.read_bytes() if new.exists() else None))
        return states

    def test_what_was_flushed_is_there_and_what_was_not_may_be(self, journal: Journal, folder: Path) -> None:
        assert {data for data, _ in self.states(journal, 1, folder)} == {b"....", b"AAAA"}
        assert {data for data, _ in self.states(journal, 2, folder)} == {b"AAAA"}

    def test_a_name_whose_folder_was_not_flushed_may_be_lost(self, journal: Journal, folder: Path) -> None:
        assert {new for _, new in self.states(journal, 5, folder)} == {None, b"NNNN"}

    def test_a_file_may_have_grown_without_its_bytes(self, journal: Journal, folder: Path) -> None:
        lengths = {len(data) for data, _ in self.states(journal, 6, folder)}
        assert lengths == {4, 6}
        assert {b"AAAA", b"AABBBB", b"AAAA\0\0"} <= {data for data, _ in self.states(journal, 6, folder)}
