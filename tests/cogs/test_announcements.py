"""Announcements as the server reads them, on good days and on bad ones."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.loopback.seen import SeenMessage
from bot.notices import Outcome
from cogs.posting import Post, marked_messages
from tests.factories import workshop

from .conftest import RunningEvent

_SEND, _HISTORY = 1 << 11, 1 << 16
_POST_ROUTE = "POST /channels/{id}/messages"

TUESDAY = [
    "0908-recordatorio-1",
    "0908-apertura-1",
    "0908-bloque2-1",
    "0908-preguntas-1",
    "0908-ultimos-minutos-1",
    "0908-fin-preguntas-1",
]


def marks(messages: list[SeenMessage]) -> list[str]:
    """The references that the messages bear, one each."""
    return [mark for message in messages for mark in re.findall(r"^-# ref\. (\S+)$", message.content, re.MULTILINE)]


def notices(messages: list[SeenMessage]) -> list[str]:
    """The same, a notice of several messages once."""
    return list(dict.fromkeys(mark.rpartition("-")[0] for mark in marks(messages)))


def with_remarks(config: Config, remarks: str) -> Config:
    """The same event, with other opening remarks on its first day."""
    first, *others = config.event.sessions
    block = first.blocks[0].model_copy(update={"remarks": {"es": remarks, "en": remarks}})
    session = first.model_copy(update={"blocks": (block, *first.blocks[1:])})
    event = config.event.model_copy(update={"sessions": (session, *others)})
    return config.model_copy(update={"event": event})


class TestTheChannel:
    async def test_an_opening_says_all_of_it_in_both_languages_once(self, event: RunningEvent) -> None:
        ana = event.person("Ana Prueba")
        await event.clock.run_until(event.at("2020-09-08 09:00"))
        seen = ana.sees_in("anuncios")
        assert marks(seen) == TUESDAY[:2]
        opening = seen[1]
        start = int(event.at("2020-09-08 09:00").timestamp())
        for said in (
            "Tema 1: Técnicas de investigación e inteligencia policial sobre Tráfico Ilícito de Migrantes",
            "martes 8 de septiembre",
            "Palabras de Inauguración: Presidencia Pro-Témpore, OIM, UNODC",
            "dan la bienvenida a las delegaciones",
            f"09:00-09:30 (<t:{start}:t>)",
            "10:15-11:00",
            event.config.privacy.recorded["es"],
            event.config.privacy.recorded["en"],
            "Tuesday 8 September",
            "Opening remarks: Pro-Tempore Presidency, IOM, UNODC",
        ):
            assert said in opening.content
        assert [(button.label, button.custom_id) for button in opening.buttons] == [
            ("Preguntar / Ask", "question:ask"),
            ("Presente / I am here", "presence:declare"),
            ("Registrarme / Register", "registration:open"),
        ]
        assert opening.pinged == []

    async def test_a_whole_day_reaches_the_channel_in_order_and_in_time(self, event: RunningEvent) -> None:
        ana = event.person("Ana Prueba")
        await event.clock.run_until(event.at("2020-09-08 12:00"))
        seen = ana.sees_in("anuncios")
        assert marks(seen) == TUESDAY
        at = [message.created_at.astimezone(event.config.timezone).strftime("%H:%M:%S") for message in seen]
        assert at == ["08:45:00", "09:00:00", "09:30:00", "10:15:00", "10:55:00", "11:00:00"]
        public = {entry for entry in await event.services.notices.ledger() if entry.kind != "summary"}
        assert {(entry.outcome, entry.late_seconds) for entry in public} == {(Outcome.SENT, 0.0)}

    async def test_restarts_double_nothing(self, event: RunningEvent) -> None:
        ana = event.person("Ana Prueba")
        for at in ("08:45", "09:00", "09:30", "10:15", "10:55", "11:00"):
            await event.clock.run_until(event.at(f"2020-09-08 {at}"))
            await event.restart()
        assert marks(ana.sees_in("anuncios")) == TUESDAY


class TestTheRole:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        return workshop(tmp_path, announcement_role="Participantes")

    async def test_only_the_reminder_and_the_opening_ping_and_only_the_role_that_may(self, event: RunningEvent) -> None:
        (role,) = [role for role in event.world.roles.values() if role.name == "Participantes"]
        role.mentionable = True
        ana = event.person("Ana Prueba", roles=(role,))
        await event.clock.run_until(event.at("2020-09-08 11:30"))
        pinged = [message.pinged for message in ana.sees_in("anuncios")]
        assert pinged == [[f"<@&{role.id}>"], [f"<@&{role.id}>"], [], [], [], []]


@pytest.mark.trial("J1")
async def test_a_bot_that_stood_still_over_the_start_posts_it_once_and_records_how_late(event: RunningEvent) -> None:
    ana = event.person("Ana Prueba")
    await event.clock.run_until(event.at("2020-09-08 08:59:58"))
    event.clock.set(event.at("2020-09-08 09:00:05"))
    await event.settle()
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:2]
    (entry,) = [entry for entry in await event.services.notices.ledger() if entry.key == "2020-09-08/opening"]
    assert (entry.outcome, entry.late_seconds) == (Outcome.SENT, 5.0)
    jobs = event.services.schedule.jobs
    assert [(job.misfire_grace_time, job.coalesce) for job in jobs] == [(None, True)]


@pytest.mark.trial("J2")
@pytest.mark.parametrize(
    ("back_at", "posted", "says", "never_says"),
    [
        ("2020-09-08 09:04", ["0908-apertura"], "Este anuncio sale con retraso", "Comienza ahora"),
        ("2020-09-08 10:20", ["0908-apertura"], "Ahora: Preguntas y Respuestas", "Comienza ahora"),
        ("2020-09-08 13:00", [], "", "Comienza ahora"),
        ("2020-09-09 08:00", [], "", "Comienza ahora"),
    ],
)
async def test_a_bot_that_was_down_over_the_start_tells_what_is_still_true(
    event: RunningEvent, back_at: str, posted: list[str], says: str, never_says: str
) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    await event.clock.run_until(event.at("2020-09-08 08:58"))
    await event.stop()
    event.clock.set(event.at(back_at))
    await event.start()
    await event.settle()
    seen = ana.sees_in("anuncios")[1:]
    assert notices(seen) == posted
    assert says in "".join(message.content for message in seen)
    assert never_says not in "".join(message.content for message in seen)
    # Organizers learn that it was late, in one message about all of it, or what there was no use in posting.
    alerts = [message for message in olga.sees_in("organizacion") if "⚠️ " in message.content]
    told = "\n".join(message.content for message in alerts)
    assert len(alerts) <= 2
    assert "0908-apertura" in told
    assert "retraso" in told or "Por llegar tarde" in told
    await event.clock.run_until(event.at("2020-09-09 09:00"))
    assert notices(ana.sees_in("anuncios"))[-2:] == ["0909-recordatorio", "0909-apertura"]
    told_marks = marks(olga.sees_in("organizacion"))
    assert len(set(told_marks)) == len(told_marks)
    assert [notice for notice in notices(olga.sees_in("organizacion")) if "resumen" in notice] == ["0908-resumen"]


@pytest.mark.trial("J4")
async def test_ready_and_resumed_events_start_nothing_twice(event: RunningEvent) -> None:
    ana = event.person("Ana Prueba")
    for _ in range(3):
        event.bot.dispatch("ready")
        event.bot.dispatch("venue_open", event.bot.venue)
    for _ in range(2):
        event.bot.dispatch("resumed")
    await event.settle()
    assert len(event.services.schedule.jobs) == 1
    await event.clock.run_until(event.at("2020-09-08 08:50"))
    await event.loopback.drop(resume=True)
    await event.loopback.connected()
    await event.loopback.drop(resume=False)
    await event.loopback.connected()
    await event.clock.run_until(event.at("2020-09-08 09:01"))
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:2]


class TestThreeChannels:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        return workshop(tmp_path, announcements=("anuncios", "sala", "pasillo"))

    @pytest.mark.trial("J6")
    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            ({"kind": "403", "code": 50013}, "me falta el permiso «Enviar mensajes»"),
            ({"kind": "403", "code": 50001}, "me falta el permiso «Ver canal»"),
            ({"kind": "404"}, "el canal ya no existe"),
            ({"kind": "503"}, "Discord no responde"),
        ],
        ids=["50013", "50001", "10003", "503"],
    )
    async def test_a_channel_that_refuses_stops_no_other_and_is_told_once(
        self, event: RunningEvent, fault: dict[str, Any], told: str
    ) -> None:
        ana, olga = event.person("Ana Prueba"), event.organizer()
        event.loopback.faults.add(route=_POST_ROUTE, channel="anuncios", times=None, **fault)
        await event.clock.run_until(event.at("2020-09-08 09:31"))
        assert marks(ana.sees_in("sala")) == marks(ana.sees_in("pasillo")) == TUESDAY[:3]
        assert ana.sees_in("anuncios") == []
        (alert,) = olga.sees_in("organizacion")
        assert told in alert.content
        assert "#anuncios" in alert.content
        assert ana.sees_in("organizacion") == []
        # Once Discord takes it again, the channel is told what is on, and later blocks run as ever.
        event.loopback.faults.clear()
        await event.clock.run_until(event.at("2020-09-08 10:56"))
        assert notices(ana.sees_in("anuncios"))[0] == "0908-apertura"
        assert notices(ana.sees_in("anuncios"))[-2:] == ["0908-preguntas", "0908-ultimos-minutos"]
        assert "La sesión está en marcha" in ana.sees_in("anuncios")[0].content

    @pytest.mark.trial("J6")
    async def test_a_permission_really_taken_is_named_and_given_back_is_noticed(self, event: RunningEvent) -> None:
        ana, olga = event.person("Ana Prueba"), event.organizer()
        event.world.set_overwrite("anuncios", event.hall.bot_role, deny=_SEND)
        await event.clock.run_until(event.at("2020-09-08 09:31"))
        (alert,) = olga.sees_in("organizacion")
        assert "me falta el permiso «Enviar mensajes»" in alert.content
        assert "I lack the permission “Send Messages”" in alert.content
        event.world.set_overwrite("anuncios", event.hall.bot_role, allow=_SEND)
        await event.clock.run_until(event.at("2020-09-08 09:40"))
        assert notices(ana.sees_in("anuncios")) == ["0908-apertura"]

    @pytest.mark.trial("J6")
    async def test_a_channel_deleted_between_two_blocks_stops_no_other(self, event: RunningEvent) -> None:
        ana, olga = event.person("Ana Prueba"), event.organizer()
        await event.clock.run_until(event.at("2020-09-08 09:10"))
        event.world.remove_channel("anuncios")
        await event.clock.run_until(event.at("2020-09-08 10:59"))
        assert marks(ana.sees_in("sala")) == marks(ana.sees_in("pasillo")) == TUESDAY[:5]
        (alert,) = olga.sees_in("organizacion")
        assert "No puedo publicar en #anuncios: el canal ya no existe." in alert.content


class TestAShortPatience:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        config = workshop(tmp_path, announcements=("anuncios", "sala", "pasillo"))
        connection = config.connection.model_copy(update={"send_timeout_seconds": 0.5})
        return config.model_copy(update={"connection": connection})

    @pytest.mark.trial("J10")
    async def test_a_channel_that_hangs_or_has_to_wait_delays_no_other(self, event: RunningEvent) -> None:
        ana = event.person("Ana Prueba")
        event.loopback.faults.add("hang", route=_POST_ROUTE, channel="anuncios", times=1)
        event.loopback.faults.add("429", route=_POST_ROUTE, channel="sala", times=1, retry_after=600)
        await event.clock.run_until(event.at("2020-09-08 08:45"))
        assert [marks(ana.sees_in(name)) for name in ("anuncios", "sala", "pasillo")] == [[], [], TUESDAY[:1]]
        await event.clock.run_until(event.at("2020-09-08 09:00"))
        assert [marks(ana.sees_in(name)) for name in ("anuncios", "sala", "pasillo")] == [TUESDAY[:2]] * 3
        late = {e.late_seconds for e in await event.services.notices.ledger() if e.kind == "reminder"}
        assert late == {0.0, 30.0}


@pytest.mark.parametrize("fault", ["accepted-then-502", "502", "503"])
async def test_an_answer_that_is_lost_doubles_nothing(event: RunningEvent, fault: Any) -> None:
    ana = event.person("Ana Prueba")
    event.loopback.faults.add(fault, route=_POST_ROUTE, channel="anuncios", times=2)
    await event.clock.run_until(event.at("2020-09-08 09:00"))
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:2]


@pytest.mark.parametrize("away_seconds", [20, 400])
async def test_a_bot_that_died_before_it_could_confirm_knows_its_post_again(
    event: RunningEvent, away_seconds: float
) -> None:
    ana = event.person("Ana Prueba")
    await event.clock.run_until(event.at("2020-09-08 09:00"))
    await event.services.store.write(_forget_confirmation)
    await event.stop()
    event.clock.set(event.at("2020-09-08 09:00") + timedelta(seconds=away_seconds))
    await event.start()
    await event.settle()
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:2]
    (entry,) = [entry for entry in await event.services.notices.ledger() if entry.key == "2020-09-08/opening"]
    assert (entry.outcome, entry.late_seconds) == (Outcome.SENT, 0.0)


async def test_a_post_that_cannot_be_sought_is_not_repeated_and_organizers_are_told(event: RunningEvent) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    await event.clock.run_until(event.at("2020-09-08 09:00"))
    await event.services.store.write(_forget_confirmation)
    await event.stop()
    event.world.set_overwrite("anuncios", event.hall.bot_role, allow=_SEND, deny=_HISTORY)
    event.clock.set(event.at("2020-09-08 09:10"))
    await event.start()
    await event.settle()
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:2]
    (alert,) = olga.sees_in("organizacion")
    assert "No pude confirmar si el aviso 0908-apertura-1 llegó a" in alert.content
    await event.clock.run_until(event.at("2020-09-08 09:30"))
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:3]


def _forget_confirmation(tx: Any) -> None:
    """As a death right after Discord took the opening leaves it."""
    tx.connection.execute(
        "UPDATE notices SET state = 'claimed', message_id = NULL, sent_at = NULL WHERE key = '2020-09-08/opening'"
    )
    tx.connection.execute("UPDATE cues SET outcome = 'claimed', settled_at = NULL WHERE key = '2020-09-08/opening'")


class TestManyMessages:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        return with_remarks(workshop(tmp_path), "Palabras de bienvenida. " * 400)

    async def test_a_stop_in_the_middle_of_a_notice_goes_on_where_it_was(self, event: RunningEvent) -> None:
        ana = event.person("Ana Prueba")
        # Discord takes five in five seconds: the rest waits when the bot is stopped.
        await event.clock.run_until(event.at("2020-09-08 09:00"))
        assert marks(ana.sees_in("anuncios"))[1:] == [f"0908-apertura-{number}" for number in range(1, 6)]
        await event.restart()
        await event.clock.run_until(event.at("2020-09-08 09:05"))
        seen = ana.sees_in("anuncios")[1:]
        assert len(seen) > 10
        assert marks(seen) == [f"0908-apertura-{number}" for number in range(1, len(seen) + 1)]
        assert "Este anuncio sale con retraso" not in "".join(message.content for message in seen)


class TestLongRemarks:
    REMARKS = "Señoras y señores, delegaciones de los países: «bienvenidas» 👩🏽‍⚖️🇨🇷 ñandú. "

    @pytest.fixture(params=[2000, 2001, 4096, 4097, 9000])
    def config(self, tmp_path: Path, request: pytest.FixtureRequest) -> Config:
        remarks = (self.REMARKS * 200)[: request.param]
        return with_remarks(workshop(tmp_path), remarks)

    @pytest.mark.trial("D4")
    async def test_long_remarks_come_whole_and_in_order_and_once(self, event: RunningEvent) -> None:
        ana = event.person("Ana Prueba")
        await event.clock.run_until(event.at("2020-09-08 09:01"))
        await event.restart()
        await event.clock.run_until(event.at("2020-09-08 09:05"))
        seen = ana.sees_in("anuncios")[1:]
        assert marks(seen) == [f"0908-apertura-{number}" for number in range(1, len(seen) + 1)]
        assert all(len(message.content.encode("utf-16-le")) // 2 <= 2000 for message in seen)
        read = "".join("".join(re.sub(r"^-# ref\..*$", "", m.content, flags=re.MULTILINE) for m in seen).split())
        block = event.config.agenda.sessions[0].blocks[0]
        assert block.remarks is not None
        assert read.count("".join(block.remarks["es"].split())) == 2
        # The buttons stand under the last one.
        assert [bool(message.buttons) for message in seen] == [*[False] * (len(seen) - 1), True]


def test_a_post_of_several_messages_pings_with_the_first_and_has_its_buttons_with_the_last() -> None:
    messages = marked_messages(Post(("a" * 3000, "b"), mention=7))  # type: ignore[arg-type]
    assert [message.mention for message in messages] == [7, None, None]
    assert "".join(part for message in messages for part in message.parts) == "a" * 3000 + "b"
