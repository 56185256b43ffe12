"""The list in a real database: idempotent, all or nothing, and one account for one person whatever comes together."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.config import Config, load
from bot.directory import Directory
from bot.directory_operations import MOST_ASKED, import_list
from bot.expected import Asked, ExpectedId, NobodyExpected, NotRegistered, Recognised, Why
from bot.expected_list import Listing, read_list
from bot.ids import PersonId
from bot.live_agenda import LiveAgenda
from bot.participants import Draft
from bot.storage.alerts import AlertKind
from bot.storage.checks import check
from bot.storage.store import Store
from tests.factories import CONFIG_FILE

ANA, LAPTOP, BEN, OLGA = (PersonId(700000000000000000 + n) for n in range(1, 5))

LIST = """nombre;institución;país;perfil;discord
Ana García López;Fiscalía General;Costa Rica;judicial;
Ana García Pérez;Migración;Costa Rica;migration;
Ben Ensayo;Policía;Honduras;investigation;ben_e
Oda Prueba;OIM;;;
"""


@pytest.fixture
def config() -> Config:
    return load(CONFIG_FILE)


@pytest.fixture
def directory(store: Store, config: Config, clock: RehearsalClock) -> Directory:
    return Directory(store, LiveAgenda(store, config.agenda, clock), config, clock)


def listing(text: str, config: Config) -> Listing:
    return read_list(text.encode(), config.coverage)


async def imported(directory: Directory, config: Config, text: str = LIST) -> tuple[int, int, int]:
    done = (await directory.import_list(listing(text, config))).comparison
    return len(done.new), len(done.changed), done.same


async def registers(
    directory: Directory, clock: RehearsalClock, person: PersonId, name: str, country: str = "CR", account: str = "x.y"
) -> Asked | None:
    draft = Draft(name, "Institución", country)
    made = await directory.register(person, draft, consented_at=clock.now(), language="es", account=account)
    return made.asked


async def known(directory: Directory) -> dict[str, tuple[PersonId, Recognised]]:
    """Who on the list has which account."""
    return {
        each.said.name: (each.person, each.recognised)
        for each in await directory.expected()
        if each.person is not None and each.recognised is not None
    }


async def alerts(store: Store) -> list[AlertKind]:
    return [alert.kind for alert in await store.read(lambda tx: tx.alerts.untold())]


class TestImporting:
    async def test_the_same_file_twice_changes_nothing(
        self, directory: Directory, config: Config, clock: RehearsalClock, database: Path
    ) -> None:
        assert await imported(directory, config) == (4, 0, 0)
        before = dump(database)
        await clock.run_until(clock.now() + timedelta(hours=1))
        assert await imported(directory, config) == (0, 0, 4)
        assert dump(database) == before

    async def test_a_changed_row_changes_the_same_person(self, directory: Directory, config: Config) -> None:
        await imported(directory, config)
        ids = [each.id for each in await directory.expected()]
        text = LIST.replace("Fiscalía General;Costa Rica;judicial;", "Corte;CR;migration;ana").replace(
            "Ana García López", "GARCIA LOPEZ, Ana"
        )
        assert await imported(directory, config, text) == (0, 1, 3)
        everybody = await directory.expected()
        assert [each.id for each in everybody] == ids
        assert (everybody[0].said.name, everybody[0].said.institution, everybody[0].said.account) == (
            "GARCIA LOPEZ, Ana",
            "Corte",
            "ana",
        )

    async def test_one_bad_row_keeps_all_out_unless_the_good_are_wanted(
        self, directory: Directory, config: Config
    ) -> None:
        bad = listing(LIST.replace("Honduras", "Hondurras"), config)
        done = await directory.import_list(bad)
        assert (done.taken, [each.line for each in done.comparison.mistakes]) == (False, [4])
        assert await directory.expected() == []
        done = await directory.import_list(bad, keep_good=True)
        assert (done.taken, len(done.comparison.new)) == (True, 3)
        assert [each.said.name for each in await directory.expected()] == [
            "Ana García López",
            "Ana García Pérez",
            "Oda Prueba",
        ]

    async def test_two_people_may_exchange_their_accounts(self, directory: Directory, config: Config) -> None:
        one = "nombre;país;discord\nAna;CR;uno\nBen;CR;dos\n"
        await imported(directory, config, one)
        assert await imported(directory, config, one.replace("uno", "x").replace("dos", "uno").replace("x", "dos")) == (
            0,
            2,
            0,
        )
        assert [each.said.account for each in await directory.expected()] == ["dos", "uno"]

    async def test_who_registered_before_the_list_came_is_found_in_it(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await registers(directory, clock, ANA, "garcía pérez, ana")
        await registers(directory, clock, BEN, "Nadie Esperado")
        done = await directory.import_list(listing(LIST, config))
        assert done.recognised == 1
        assert await known(directory) == {"Ana García Pérez": (ANA, Recognised.NAME)}

    async def test_the_whole_list_takes_off_who_is_not_in_the_file(
        self, store: Store, directory: Directory, config: Config, clock: RehearsalClock, database: Path
    ) -> None:
        await imported(directory, config)
        await registers(directory, clock, ANA, "Oda Prueba", "organization")
        only = listing("nombre;país\nAna García López;CR\n", config)
        done = await store.write(lambda tx: import_list(tx, only, keep_good=False, whole=True))
        assert done.removed == 3
        assert [each.said.name for each in await directory.expected()] == ["Ana García López"]
        # What people registered stays theirs.
        assert await directory.find(ANA) is not None
        assert check(database) == []


class TestRecognising:
    async def test_name_and_delegation_or_the_account_say_who_it_is(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        assert await registers(directory, clock, ANA, "López García, ANA") is None
        assert await registers(directory, clock, BEN, "Benjamín E.", "HN", account="Ben_E") is None
        assert await known(directory) == {
            "Ana García López": (ANA, Recognised.NAME),
            "Ben Ensayo": (BEN, Recognised.ACCOUNT),
        }

    async def test_one_that_is_alike_is_asked_and_the_answer_decides(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        assert await registers(directory, clock, ANA, "Ana Garzía Pérez") is Asked.IS_IT_YOU
        assert await known(directory) == {}
        await directory.is_the_one(ANA)
        assert await known(directory) == {"Ana García Pérez": (ANA, Recognised.PERSON)}

    async def test_who_was_asked_nothing_cannot_answer(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        draft = Draft("Ana Garzía Pérez", "X", "CR")
        made = await directory.register(ANA, draft, consented_at=clock.now(), language="es", by=OLGA)
        assert made.asked is None
        await directory.is_the_one(ANA)
        assert await known(directory) == {}

    async def test_who_says_no_is_nobody_on_the_list(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        await registers(directory, clock, ANA, "Ana Garzía Pérez")
        await directory.is_none_of_them(ANA)
        await directory.is_the_one(ANA)
        assert await known(directory) == {}

    async def test_of_two_the_one_whose_name_is_completed_is_it(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        assert await registers(directory, clock, ANA, "Ana García") is Asked.WHICH
        # Nobody can say "I am the one" of two.
        await directory.is_the_one(ANA)
        assert await known(directory) == {}
        found = await directory.unmatched()
        assert [(s.participant.name, [c.why for c in s.candidates]) for s in found.strangers] == [
            ("Ana García", [Why.ALIKE, Why.ALIKE])
        ]
        assert await registers(directory, clock, ANA, "Ana García Pérez") is None
        assert await known(directory) == {"Ana García Pérez": (ANA, Recognised.NAME)}
        assert (await directory.unmatched()).strangers == ()

    async def test_second_account_of_a_person_is_registered_and_organizers_hear_of_it_once(
        self, directory: Directory, store: Store, config: Config, clock: RehearsalClock
    ) -> None:
        told = []
        directory.on_contested(lambda: told.append(1))
        await imported(directory, config)
        told.clear()
        await registers(directory, clock, ANA, "Ana García López")
        assert (await alerts(store), told) == ([], [])
        for _ in range(2):
            assert await registers(directory, clock, LAPTOP, "Ana García López") is None
        assert await known(directory) == {"Ana García López": (ANA, Recognised.NAME)}
        assert await directory.find(LAPTOP) is not None
        assert await alerts(store) == [AlertKind.CONTESTED]
        (stranger,) = (await directory.unmatched()).strangers
        assert [(c.expected.said.name, c.why) for c in stranger.candidates] == [("Ana García López", Why.TAKEN)]

    async def test_ten_accounts_at_once_are_one_person_and_nine_doubts(
        self, directory: Directory, store: Store, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        people = [PersonId(800000000000000000 + n) for n in range(10)]
        await asyncio.gather(*(registers(directory, clock, person, "Ana García López") for person in people))
        assert await known(directory) == {"Ana García López": (people[0], Recognised.NAME)}
        assert await alerts(store) == [AlertKind.CONTESTED] * 9

    async def test_another_account_than_the_lists_is_contested(
        self, directory: Directory, store: Store, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        assert await registers(directory, clock, LAPTOP, "Ben Ensayo", "HN", account="impostor") is None
        assert await known(directory) == {}
        assert await alerts(store) == [AlertKind.CONTESTED]
        await registers(directory, clock, BEN, "Ben Ensayo", "HN", account="ben_e")
        assert await known(directory) == {"Ben Ensayo": (BEN, Recognised.ACCOUNT)}

    async def test_answering_too_late_is_contested_and_nothing_is_said_of_it(
        self, directory: Directory, store: Store, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        await registers(directory, clock, LAPTOP, "Ana Garzía Pérez")
        await registers(directory, clock, ANA, "Ana García Pérez")
        assert await alerts(store) == []
        await directory.is_the_one(LAPTOP)
        assert await known(directory) == {"Ana García Pérez": (ANA, Recognised.NAME)}
        assert await alerts(store) == [AlertKind.CONTESTED]

    async def test_whoever_tries_names_is_asked_about_a_few_alone(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        rows = "\n".join(f"Persona{c} Apellido{c};CR" for c in "abcdefghijklmno")
        await imported(directory, config, f"nombre;país\n{rows}\n")
        asked = [
            await registers(directory, clock, ANA, f"Persona{c} Apellido{c} Otro") is not None
            for c in "abcdefghijklmno"
        ]
        # Each name is in the list once; names so alike make more than one candidate.
        assert asked[0]
        assert not asked[-1]
        assert sum(asked) <= MOST_ASKED

    async def test_a_corrected_spelling_stays_the_same_person_and_another_name_does_not(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        await registers(directory, clock, ANA, "Ana García López")
        assert await registers(directory, clock, ANA, "Ana Garcia Lopes") is None
        assert await known(directory) == {"Ana García López": (ANA, Recognised.NAME)}
        await registers(directory, clock, ANA, "Otra Persona")
        assert await known(directory) == {}

    async def test_what_an_organizer_says_stays_whatever_is_registered_later(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        await registers(directory, clock, ANA, "Ana García López")
        await registers(directory, clock, LAPTOP, "Apodo")
        first = (await directory.expected())[0].id
        with pytest.raises(NotRegistered):
            await directory.link(OLGA, first)
        with pytest.raises(NobodyExpected):
            await directory.link(ANA, ExpectedId(99))
        await directory.link(LAPTOP, first)
        await registers(directory, clock, LAPTOP, "Ana García Pérez")
        assert await known(directory) == {"Ana García López": (LAPTOP, Recognised.ORGANIZER)}

    async def test_form_shows_the_lists_words_to_the_account_that_it_names_and_to_nobody_else(
        self, directory: Directory, config: Config, clock: RehearsalClock
    ) -> None:
        await imported(directory, config)
        filled = await directory.draft_for(BEN, "BEN_E")
        assert (filled.name, filled.institution, filled.affiliation, filled.profile) == (
            "Ben Ensayo",
            "Policía",
            "HN",
            "investigation",
        )
        for account in ("ana", "", "Ana García López", None):
            assert await directory.draft_for(ANA, account) == Draft()
        await registers(directory, clock, BEN, "Ben Ensayo", "HN", account="ben_e")
        # Somebody who takes the user name after him reads nothing of his.
        assert await directory.draft_for(LAPTOP, "ben_e") == Draft()

    async def test_consent_that_an_organizer_was_given_is_kept_with_them(
        self, directory: Directory, clock: RehearsalClock, database: Path
    ) -> None:
        draft = Draft("Ana", "X", "CR")
        made = await directory.register(ANA, draft, consented_at=clock.now(), language="es", by=OLGA)
        assert (made.participant.consent_given_to, made.participant.consented_at) == (OLGA, clock.now())
        await directory.register(ANA, draft, consented_at=clock.now(), language="es")
        found = await directory.find(ANA)
        assert found is not None
        assert found.consent_given_to is None


async def test_database_holds_one_account_a_person_whatever_the_program_does(
    directory: Directory, config: Config, clock: RehearsalClock, database: Path
) -> None:
    await imported(directory, config)
    await registers(directory, clock, ANA, "Ana García López")
    connection = sqlite3.connect(database)
    again = f"UPDATE expected SET person_id = {ANA}, recognised = 'name', recognised_at = 1 WHERE id = 2"
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(again)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE expected SET recognised = NULL WHERE id = 1")
    connection.close()


def dump(database: Path) -> list[str]:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = [row for row in connection.iterdump() if "expected" in row]
    connection.close()
    return rows
