"""The guides name what people find on their screens, word for word: each command, each button, each message."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import bot.phrases
from bot.config import Config, load
from bot.expected_list import read_list
from bot.i18n import catalogue
from bot.ids import PersonId
from bot.languages import LANGUAGES, Language
from bot.loopback.exchange import Exchange
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.phrases import board
from bot.queue_values import Tab
from tests import readme
from tests.cogs import conftest as running
from tests.factories import CONFIG_FILE, workshop

starts_at, event = running.starts_at, running.event


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop with all that is posted before a session."""
    return workshop(tmp_path).model_copy(update={"announcements": load(CONFIG_FILE).announcements})


GUIDES: dict[Language, Path] = {
    "es": CONFIG_FILE.parent / "docs" / "guia.md",
    "en": CONFIG_FILE.parent / "docs" / "guide.md",
}
LOCALES: dict[Language, str] = {"es": "es-419", "en": "en-US"}

TUESDAY = "2020-09-08"


def guide(language: Language) -> str:
    """The guide with its lines joined, so that nothing is missed at a line's end."""
    return " ".join(GUIDES[language].read_text("utf-8").split())


def sections(language: Language) -> list[str]:
    """Attendee, moderator, organizer."""
    return guide(language).split(" ## ")[1:]


def named_buttons(text: str) -> set[str]:
    return {_without_number(label) for label in re.findall(r"\*\*\[([^\]]+)\]\*\*", text)}


def _without_number(label: str) -> str:
    return re.sub(r"\d+", "#", label)


def button_phrases() -> Iterator[Callable[[Language], str]]:
    """What every button of the program says: the functions of bot.phrases whose names end in _button."""
    for module in pkgutil.iter_modules(bot.phrases.__path__):
        phrases = importlib.import_module(f"bot.phrases.{module.name}")
        for name, phrase in inspect.getmembers(phrases, inspect.isfunction):
            if name.endswith("_button") and phrase.__module__ == phrases.__name__:
                numbered = len(inspect.signature(phrase).parameters) > 1
                yield (lambda it, said=phrase: said(17, it)) if numbered else phrase


#: Of unlike words, so that no question resembles another.
_WORDS = (
    "el presupuesto nacional",
    "la cadena de custodia",
    "los testigos protegidos",
    "una frontera marítima",
    "el lavado de activos",
    "las rutas aéreas",
    "la prensa",
    "un intérprete jurado",
    "los menores no acompañados",
    "el plazo de apelación",
    "la extradición simplificada",
    "cada puesto terrestre",
)


class Walk:
    """People who do everything once, and the labels of all the buttons that they were shown."""

    def __init__(self, event: Any, language: Language) -> None:
        self.event = event
        self.language = language
        self.labels: set[str] = set()
        self.ana: Person = event.person("Ana Prueba", locale=LOCALES[language])
        self.mora: Person = event.hall.moderator("Mora Moderadora", LOCALES[language])
        self.olga: Person = event.hall.organizer("Olga Organizadora", LOCALES[language])

    async def through_a_day(self) -> None:
        await self._until("09:00:10")
        await self.registers()
        await self.declares_presence()
        await self.records_a_practice()
        await self.asks()
        await self.moderates()
        await self.gives_the_floor()
        await self.supports()
        await self.corrects()
        await self.sees_own_data()

    async def registers(self) -> None:
        (opening,) = [m for m in self.ana.sees_in("anuncios") if "0908-apertura" in m.text]
        consent = await self.ana.click(opening, "registration:open")
        form = (await self._pressed(self.ana, consent, "registration:agree")).modal
        assert form is not None
        await self.ana.submit(form, name="···", institution="Ministerio", affiliation=["CR"])
        self._look()
        await self.is_looked_for_on_the_list()

    async def is_looked_for_on_the_list(self) -> None:
        """Ana's name is like one on the organizers' list, then like two; and she registers by an organizer's hand."""
        rows = "Ana Prueba López;CR\nEva Prueba López;HN\nEva Prueba Gil;HN"
        listing = read_list(f"nombre;país\n{rows}\n".encode(), self.event.config.coverage)
        await self.event.services.directory.import_list(listing)
        for name, country in (("Ana Prueba", "CR"), ("Eva Prueba", "HN")):
            await self.ana.slash("registro")
            form = (await self.ana.click(self.ana.private()[-1], "registration:agree")).modal
            assert form is not None
            await self.ana.submit(form, name=name, institution="Ministerio", affiliation=country)
            self._look()
        await self.olga.slash("registrar", persona=self.ana)
        self._look()

    async def records_a_practice(self) -> None:
        """With the calendar before it; a moderator opens what Ana's delegation tells."""
        programme = await self.ana.slash("programa")
        await self._pressed(self.ana, programme, "programme:calendar")
        form = (await self.ana.slash("practica")).modal
        assert form is not None
        await self.ana.submit(form, title="Mesa conjunta", text="Un enlace por institución.")
        await self.event.settle()
        self._look()
        post = next(m for m in self.mora.sees_in("moderacion") if "practice:show:1" in [b.custom_id for b in m.buttons])
        await self.mora.click(post, "practice:show:1")
        self._look()

    async def declares_presence(self) -> None:
        """With others; and an organizer corrects it."""
        await self.ana.slash("presente", acompanantes=2)
        self._look()
        given = {"sesion": TUESDAY, "presencia": "present", "motivo": "Estuvo"}
        await self.olga.slash("corregir", persona=self.ana, **given)
        self._look()

    async def asks(self) -> None:
        asked = await self.ana.slash("pregunta", texto="¿Habrá vídeo?")
        self._look()
        own = await self._pressed(self.ana, asked, "question:mine")
        await self._pressed(self.ana, own, "question:messages:on")
        await self.ana.slash("mis-preguntas")
        self._look()

    async def moderates(self) -> None:
        await self._until("09:00:20")
        await self.mora.slash("retrasar", minutos=5, motivo="Fallo de audio")
        self._look()
        await self.mora.slash("siguiente")
        await self._until("10:15:10")
        await self.mora.slash("siguiente")
        self._look()
        card = await self._pressed_on_board("question:card:1")
        assert card.answer is not None
        await self.mora.click(self._board(), "question:air:1:now")
        await self._until("10:15:20")
        await self._pressed_on_board("question:card:1")

    async def gives_the_floor(self) -> None:
        await self.mora.slash("palabra", persona=self.ana)
        self._look()

    async def supports(self) -> None:
        """Many others ask, and are approved; Ana asks what one of them has asked."""
        texts = [f"¿Qué opina de {word}?" for word in _WORDS]
        await self._others_ask(texts, approved=True)
        await self._until("10:16:00")
        await self.ana.slash("pregunta", texto=texts[0])
        (public,) = [
            m for m in self.ana.sees_in("preguntas") if any("support:vote" in (b.custom_id or "") for b in m.buttons)
        ]
        every = next(b.custom_id for b in public.buttons if (b.custom_id or "").startswith("support:page:"))
        assert every is not None
        await self.ana.click(public, every)
        self._look()

    async def sees_own_data(self) -> None:
        """Up to the step before the last."""
        own = await self.ana.slash("mis-datos")
        await self._pressed(self.ana, own, "data:erase")

    async def corrects(self) -> None:
        """A list of several pages, and the card of an approved question."""
        await self._others_ask([f"¿Y quién se ocupa de {word}, por favor?" for word in _WORDS], approved=False)
        await self._until("10:17:00")
        chooser = f"question:lists:{TUESDAY}"
        approved = await self.mora.choose(self._board(), chooser, "approved")
        self._look()
        card = next(
            b.custom_id for b in approved.answers[-1].buttons if (b.custom_id or "").startswith("question:card:")
        )
        await self._pressed(self.mora, approved, card)
        review = await self.mora.choose(self._board(), chooser, "review")
        later = next(b.custom_id for b in review.answers[-1].buttons if (b.custom_id or "").endswith(":on"))
        await self._pressed(self.mora, review, later)
        self._look()

    async def _others_ask(self, texts: list[str], *, approved: bool) -> None:
        queue, mora = self.event.services.queue, PersonId(self.mora.id)
        for number, text in enumerate(texts):
            person = PersonId(self.event.person(f"Persona {number} {approved}").id)
            asked = await queue.ask(person, text, anonymous=False, addressed_to=None, language="es")
            if approved:
                await queue.approve(asked.number, mora)

    def _board(self) -> SeenMessage:
        return [m for m in self.mora.sees_in("moderacion") if m.labels and not m.ephemeral][-1]

    async def _pressed_on_board(self, custom_id: str) -> Exchange:
        pressed = await self.mora.click(self._board(), custom_id)
        self._look()
        return pressed

    async def _pressed(self, person: Person, exchange: Exchange, custom_id: str) -> Exchange:
        self._look()
        assert exchange.answer is not None
        pressed = await person.click(exchange.answer, custom_id)
        self._look()
        return pressed

    async def _until(self, hour: str) -> None:
        await self.event.clock.run_until(self.event.at(f"{TUESDAY} {hour}"))
        await self.event.settle()
        self._look()

    def _look(self) -> None:
        for person in (self.ana, self.mora, self.olga):
            for message in person.sees():
                self.labels |= {_without_number(label) for label in message.labels}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_buttons_of_the_guide_are_those_that_people_are_shown(event: Any, language: Language) -> None:
    walk = Walk(event, language)
    await walk.through_a_day()
    named, missing, accounted = named_buttons(guide(language)), [], set()
    for phrase in button_phrases():
        shared = " / ".join(dict.fromkeys(phrase(it) for it in event.config.languages))
        forms = {_without_number(phrase(language)), _without_number(shared)}
        assert forms & walk.labels, f"the walk never came to {forms}"
        accounted |= forms
        if not forms & named & walk.labels:
            missing.append(forms & walk.labels)
    assert missing == []
    assert named - walk.labels == set()
    # The tabs of a list carry how many there are, and have no button's name.
    accounted |= {_without_number(board.tab(tab, 17, language)) for tab in Tab}
    # A button whose words are no phrase of their own would be missed above.
    assert walk.labels - accounted == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_in_the_guide_and_no_other(language: Language) -> None:
    typed = re.findall(r"`/([^`]+)`", guide(language))
    assert {_command_in(text) for text in typed} == {command.qualified_name for command in readme.slash()}
    for name in readme.menus():
        assert f"*{name}*" in sections(language)[0]
        assert f"*{name}*" in sections(language)[1]


def _command_in(typed: str) -> str:
    """The command of "informe preguntas dia:", without its options; all of it, where it is none."""
    names = [command.qualified_name for command in readme.slash()]
    return max((name for name in names if f"{typed} ".startswith(f"{name} ")), key=len, default=typed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_stand_in_the_section_of_those_who_may_use_them(language: Language) -> None:
    for section, who in zip(sections(language), ("everybody", "moderators, organizers", "organizers"), strict=True):
        for command in readme.slash():
            if readme.who(command) == who:
                assert f"`/{command.qualified_name}" in section


@pytest.mark.parametrize("language", LANGUAGES)
def test_options_are_named_as_discord_shows_them(language: Language) -> None:
    known = {
        command.qualified_name: {
            str(option.display_name) if language == "es" else readme.english(option.display_name)
            for option in getattr(command, "parameters", ())
        }
        for command in readme.slash()
    }
    typed = re.findall(r"`/([\w -]+) (\w+):[^`]*`", guide(language))
    assert len(typed) >= 3
    for name, option in typed:
        assert option in known[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_quoted_is_what_the_program_says(language: Language) -> None:
    quoted = re.findall(r"«([^»]+)»|“([^”]+)”", guide(language))
    assert len(quoted) >= 4
    said = list(_sentences(language))
    for one, other in quoted:
        assert any(re.fullmatch(sentence, one or other) for sentence in said), one or other


def _sentences(language: Language) -> Iterator[str]:
    """All that the program says, as patterns, without bold; a heading is said up to its colon."""
    for module in pkgutil.iter_modules(bot.phrases.__path__):
        try:
            known = catalogue(module.name)
        except FileNotFoundError:
            continue
        for spanish, english in known.items():
            versions = [spanish] if language == "es" else [english] if isinstance(english, str) else english
            for version in versions:
                plain = version.replace("**", "")
                for sentence in (plain, plain.split(":")[0]):
                    # What is nothing but values would be like everything.
                    if len(re.sub(r"\{\w+\}|\W", "", sentence)) > 3:
                        yield re.sub(r"\\{\w+\\}", ".+", re.escape(sentence))


def test_both_guides_say_the_same() -> None:
    spanish, english = (GUIDES[language].read_text("utf-8") for language in LANGUAGES)
    for mark in (r"^## ", r"^\| ", r"^- \*\*", r"⚠️"):
        assert len(re.findall(mark, spanish, re.MULTILINE)) == len(re.findall(mark, english, re.MULTILINE)), mark
    shared = {label for label in named_buttons(guide("es")) if " / " in label}
    assert shared == {label for label in named_buttons(guide("en")) if " / " in label}


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_of_the_guide_are_those_of_the_workshop(language: Language) -> None:
    rules = running.workshop(Path()).announcements
    assert (rules.reminder_minutes, rules.summary_settle_seconds) == (15, 60)
    attendee, _, organizer = sections(language)
    assert {"es": "Quince minutos antes", "en": "fifteen minutes before"}[language] in attendee
    assert {"es": "Un minuto después", "en": "A minute after"}[language] in organizer
