"""What `estrado setup` tells: what it is going to do, what it did, and what it could not do."""

from collections.abc import Iterable
from pathlib import Path

from bot.furnishing import BOT, EVERYONE, Grant, Plan, Step, StepKind, Thing, ThingKind
from bot.i18n import translator
from bot.languages import Language
from bot.phrases.connection import permission_name

_ = translator("furnishing")


def step(it: Step, roles: Iterable[Thing], language: Language) -> str:
    """One change; what it allows and denies whom on lines of its own below it."""
    names = {setting: role.name for role in roles if role.kind is ThingKind.ROLE for setting in role.named}
    return "\n".join((_done(it, language), *(_grant(to, grant, language) for to, grant in _told(it, names))))


def nothing_to_do(language: Language) -> str:
    return _("En el servidor ya está todo lo que nombra la configuración.", language)


def would_do(n: int, language: Language) -> str:
    return _.plural(
        "Se haría {n} cambio. Repita sin --dry-run para hacerlo.",
        "Se harían {n} cambios. Repita sin --dry-run para hacerlos.",
        n,
        language,
    )


def done(n: int, language: Language) -> str:
    return _.plural("Se hizo {n} cambio.", "Se hicieron {n} cambios.", n, language)


def ids_written(file: Path, language: Language) -> str:
    return _("Los ids están en {file}: los nombres en Discord pueden cambiar.", language, file=file)


def impossible(thing: Thing, language: Language) -> str:
    return _(
        "{setting}: no hay nada con el id {id}. Ponga un nombre para que se cree, o el id de lo que existe.",
        language,
        setting=thing.setting,
        id=thing.reference,
    )


def failed(it: Step, status: int, code: int, language: Language) -> str:
    said = _(
        "{setting}: Discord no lo permitió (estado {status}, código {code}): {what}",
        language,
        setting=it.thing.setting,
        status=status,
        code=code,
        what=_done(it, language),
    )
    if it.kind is StepKind.MAKE and it.thing.kind is ThingKind.STAGE:
        return said + " " + _("Un escenario pide un servidor de comunidad (Ajustes del servidor, Comunidad).", language)
    return said


def missing(permissions: Iterable[str], language: Language) -> str:
    return _(
        "Para esto al bot le falta en el servidor: {permissions}. No se cambió nada. Invítelo con el enlace de "
        "«estrado setup --invite-link --for-setup», y después quite a su rol lo que no necesita para funcionar.",
        language,
        permissions=", ".join(sorted(permission_name(each, language) for each in permissions)),
    )


def summary(it: Plan, language: Language) -> str:
    """Said before anything is done."""
    return _.plural("Se va a hacer {n} cambio:", "Se van a hacer {n} cambios:", len(it.steps), language)


def _done(it: Step, language: Language) -> str:
    name = it.thing.name
    match it.kind, it.thing.kind:
        case StepKind.MENTION, _kind:
            return _("rol {name}: que todos puedan mencionarlo", language, name=name)
        case StepKind.OPEN, _kind:
            return _("canal {name}: cambiar permisos", language, name=name)
        case _made, ThingKind.ROLE:
            return _("crear el rol {name}", language, name=name)
        case _made, ThingKind.CATEGORY:
            return _("crear la categoría {name}", language, name=name)
        case _made, ThingKind.STAGE:
            return _("crear el escenario {name}", language, name=name)
        case _made, ThingKind.VOICE:
            return _("crear el canal de voz {name}", language, name=name)
    return _("crear el canal de texto {name}", language, name=name)


def _told(it: Step, names: dict[str, str]) -> Iterable[tuple[str, Grant]]:
    """The grants of a step, those of two keys that mean one role together."""
    joined: dict[str, Grant] = {}
    for to, grant in it.grants.items():
        known_as = names.get(to, to)
        joined[known_as] = joined.get(known_as, Grant()) | grant
    return joined.items()


def _grant(to: str, grant: Grant, language: Language) -> str:
    whom = {EVERYONE: "@everyone", BOT: _("el bot", language)}.get(to, to)
    marks = [f"+{permission_name(each, language)}" for each in sorted(grant.allow)]
    marks += [f"-{permission_name(each, language)}" for each in sorted(grant.deny)]
    return f"    {whom}: {', '.join(marks)}"
