"""Everything that a person can do to the bot, taken from what it has registered, so that nothing new is forgotten."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.loopback.exchange import Exchange
from bot.loopback.nouns import Upload
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from cogs.checks import moderators, organizers
from cogs.client import Estrado
from cogs.routes import Route

Values = Mapping[str, str | Sequence[str]]

REGISTRATION: Values = {
    "name": "Ana Prueba",
    "institution": "Ministerio",
    "affiliation": ["CR"],
    "profile": [],
    "language": ["es"],
}

#: Stands for whoever does it, where a command is about somebody.
ONESELF = object()

#: How each command is used.
COMMANDS: Mapping[str, Mapping[str, Any]] = {
    "programa": {},
    "retrasar": {"minutos": 5, "motivo": "Fallo de audio"},
    "agenda mover": {"bloque": "2020-09-10/1", "horas": "08:00-08:30"},
    "agenda cancelar": {"bloque": "2020-09-10/3"},
    "agenda cambiar": {"bloque": "2020-09-10/3", "modera": "Otra persona"},
    "pausar": {},
    "abrir": {},
    "anunciar": {},
    "pregunta": {"texto": "¿Otra?"},
    "mis-preguntas": {},
    "siguiente": {},
    "cola": {},
    "politica": {"orden": "votes"},
    "deshacer": {"numero": "1"},
    "unir": {"numero": "1", "con": "2"},
    "responder": {"numero": "1"},
    "silenciar": {"numero": "1"},
    "pregunta-de": {"texto": "¿Otra?", "de": "Alguien"},
    "presente": {},
    "registro": {},
    "registrar": {"persona": ONESELF},
    "participantes importar": {"archivo": Upload("lista.csv", b"nombre;pais\nOda Prueba;CR\n"), "validas": True},
    "participantes pendientes": {},
    "participantes ausentes": {},
    "participantes emparejar": {"persona": ONESELF, "invitada": "1"},
    "mis-datos": {},
    "asistencia": {},
    "estado": {},
    "revista": {},
    "palabra": {"persona": ONESELF},
    "informe preguntas": {},
    "informe dia": {},
    "informe final": {},
    "corregir": {"persona": ONESELF, "sesion": "2020-09-08", "presencia": "present", "motivo": "Estuvo"},
    "excusar": {"persona": ONESELF, "sesion": "2020-09-08", "motivo": "Avisó"},
    "correcciones": {},
    "constancia": {},
    "practica": {},
    "practicas": {},
    "materiales": {},
    "material-nuevo": {"sesion": "2020-09-08", "titulo": "Guía", "enlace": "https://example.org/guia"},
}

#: A custom_id of each kind, and what is filled in or chosen.
CUSTOM_IDS: Mapping[str, Values] = {
    "agenda:say": {"es": "Aviso", "en": "Notice"},
    "agenda:confirm:1": {},
    "question:mine": {},
    "question:ask": {"text": "¿Otra?", "how": ["named"], "whom": ""},
    "question:message": {"text": "¿Otra?"},
    "question:anyway:named": {},
    "question:support:1:named": {},
    "question:withdraw:1": {},
    "question:withdraw": {"chosen": ["1"]},
    "question:edit:1": {},
    "question:edit": {"chosen": ["1"]},
    "question:edited:1": {"text": "¿Otra?"},
    "question:messages:on": {},
    "support:vote:1": {},
    "support:page:2020-09-08:1": {},
    "question:next:2020-09-08:0:early": {},
    "question:approve:1": {},
    "question:finish:1": {},
    "question:air:1:early": {},
    "question:show:1": {},
    "question:reject:1": {},
    "question:rejected:1": {"reason": ["other"], "words": ""},
    "question:page:1-2": {},
    "question:written:1": {},
    "question:defer:1": {},
    "question:undo:1:1": {},
    "question:card:1": {},
    "question:lists:2020-09-08": {"chosen": ["review"]},
    "question:list:2020-09-08:review:0:-:-:tab": {},
    "question:panelist:2020-09-08:review:-": {"chosen": ["-"]},
    "question:language:2020-09-08:review:-": {"chosen": ["es"]},
    "question:merge:1": {},
    "question:into:1": {"chosen": ["2"]},
    "question:rewrite:1": {},
    "question:rewritten:1": {"text": "¿Otra?"},
    "question:answer:1": {},
    "question:answered:1": {"text": "Sí."},
    "question:silence:1": {},
    "practice:record": {"session": ["2020-09-08"], "title": "Una", "text": "Así", "results": ""},
    "practice:withdraw:1": {},
    "practice:list:0": {"chosen": ["1"]},
    "practice:show:1": {},
    "practice:approve:1": {},
    "practice:reject:1": {},
    "practice:rejected:1": {"reason": "Es otra cosa"},
    "material:get:0": {"chosen": ["1"]},
    "material:remove:0": {"chosen": ["1"]},
    "programme:calendar": {},
    "programme:show": {},
    "data:anonymous": {},
    "data:erase": {},
    "data:erase:all": {},
    "floor:give:2020-09-08": {"chosen": ["700000000000000001"]},
    "floor:look:2020-09-08": {},
    "floor:end:2020-09-08:1": {},
    "floor:back:2020-09-08:1": {},
    "floor:mute:2020-09-08:1": {},
    "preflight:here:2020-09-08": {},
    "preflight:panelist:2020-09-08": {"chosen": ["Alguien"]},
    "presence:declare": {},
    "presence:profiles:2020-09-08:0": {},
    "presence:profiled:2020-09-08:0": {"profile:judicial": "1"},
    "correction:undo:1": {},
    "correction:list:0": {"chosen": ["1"]},
    "correction:undone:1": {"reason": "Fue un error"},
    "registration:open": {},
    "registration:agree": {},
    "registration:again:1599550000000": {},
    "registration:affiliation:1599550000000:0": {"chosen": ["CR"]},
    "registration:form:1599550000000": REGISTRATION,
    "registration:me": {},
    "registration:not-me": {},
    "registrar:700000000000000001:ana.p:agree": {},
    "registrar:700000000000000001:ana.p:again:1599550000000": {},
    "registrar:700000000000000001:ana.p:affiliation:1599550000000:0": {"chosen": ["CR"]},
    "registrar:700000000000000001:ana.p:form:1599550000000": REGISTRATION,
}

#: What asks nothing of the database: it tells the programme, or opens a form.
#: Or finds nothing to begin with in the message on which it is done.
WITHOUT_DATABASE = frozenset(
    {
        "/programa",
        "press programme:calendar",
        "press practice:reject:1",
        "/anunciar",
        # During the event it is known without a look that it is too early.
        "/constancia",
        "press question:ask",
        "press programme:show",
        "press data:erase",
        "press correction:undo:1",
        "press correction:list:0",
        "press question:reject:1",
        "press question:anyway:named",
        "press question:support:1:named",
        "menu Convertir en pregunta",
    }
)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a person can do. `needs` is "moderators", "organizers" or None."""

    name: str
    kind: str
    values: Mapping[str, Any]
    needs: str | None

    def __str__(self) -> str:
        return f"/{self.name}" if self.kind == "command" else f"{self.kind} {self.name}"

    async def by(self, person: Person, message: SeenMessage, *, dm: bool = False) -> Exchange:
        """Let the person do it, on that message where it is a button; nobody's client keeps them from it."""
        if self.kind == "command":
            values = {name: person if value is ONESELF else value for name, value in self.values.items()}
            return await person.slash(self.name, forged=True, dm=dm, **values)
        if self.kind == "menu":
            return await person.context_menu(self.name, message, forged=True)
        if self.kind == "press":
            return await person.click(message, forged_custom_id=self.name, forged_values=self.values.get("chosen", ()))
        return await person.submit_raw(self.name, self.values, channel=message.channel)


def acts(bot: Estrado) -> list[Act]:
    """Every command and every kind of button, list and form. Fails where this module does not know one."""
    return [*_commands(bot), *_routes(bot)]


def _commands(bot: Estrado) -> Iterator[Act]:
    registered = [c for c in bot.tree.walk_commands() if isinstance(c, app_commands.Command)]
    assert {command.qualified_name for command in registered} == set(COMMANDS)
    for command in registered:
        yield Act(command.qualified_name, "command", COMMANDS[command.qualified_name], _needs(command.checks))
    for menu in bot.tree.walk_commands(type=discord.AppCommandType.message):
        yield Act(menu.qualified_name, "menu", {}, _needs(menu.checks))


def _routes(bot: Estrado) -> Iterator[Act]:
    unused = set(CUSTOM_IDS)
    for route in bot.routes:
        fitting = [custom_id for custom_id in CUSTOM_IDS if route.template.fullmatch(custom_id)]
        assert len(fitting) == 1, f"acts.py has no custom_id for {route.template.pattern}, or several"
        unused -= set(fitting)
        kind = "form" if route.kind is discord.InteractionType.modal_submit else "press"
        yield Act(fitting[0], kind, CUSTOM_IDS[fitting[0]], _needs([route.only]))
    assert not unused


def _needs(checks: Sequence[Any]) -> str | None:
    if organizers in checks:
        return "organizers"
    return "moderators" if moderators in checks else None


def route_of(bot: Estrado, act: Act) -> Route:
    """The route that an act goes."""
    kind = discord.InteractionType.modal_submit if act.kind == "form" else discord.InteractionType.component
    return next(r for r in bot.routes if r.kind is kind and r.template.fullmatch(act.name))


def state(database: Path) -> list[str]:
    """All that the database knows, but for the bot's own heartbeat."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = [row for row in connection.iterdump() if not row.startswith('INSERT INTO "registers"')]
    connection.close()
    return rows


def announcement(event: Any) -> SeenMessage:
    """The session's opening post, which everybody sees."""
    anybody = event.person("Alguien")
    return next(message for message in anybody.sees_in("anuncios") if message.buttons)
