"""What people are told about what is kept of them, and operators about when it goes."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from bot.erasure import ErasureDelayed, Held, Purged
from bot.i18n import day_name, translator
from bot.ids import QuestionNumber
from bot.languages import Language
from bot.phrases.refusals import words
from bot.storage.refusals import ErasuresPending, TombstonesDamaged

_ = translator("privacy")

#: The Spanish of what Discord shows of the commands.
COMMANDS = ("Vea todo lo que el bot guarda sobre usted, en un archivo, y bórrelo si quiere",)


def held(found: Held, keep_until: date, language: Language) -> str:
    """Above the file with all that is held about somebody."""
    day = day_name(keep_until, language, with_year=True)
    if not found.rows and not found.anonymous:
        nothing = _("No guardo nada sobre usted.", language)
        return nothing if found.anonymous is not None else f"{nothing} {_not_looked_at(language)}"
    lines = [
        _("**Lo que guardo sobre usted** (solo usted ve esto). El archivo lo tiene todo:", language),
        *_counted(found, language),
        _not_looked_at(language)
        if found.anonymous is None
        else _("Sus preguntas anónimas están en el archivo, marcadas como anónimas.", language),
        _("Se borra el {day}, o antes si usted lo pide aquí.", language, day=day),
    ]
    return "\n".join(lines)


def _not_looked_at(language: Language) -> str:
    return _("Sus preguntas anónimas, si las hay, no se buscaron: pídalas con el botón.", language)


def _counted(found: Held, language: Language) -> Sequence[str]:
    how_many = {table: len(rows) for table, rows in found.tables.items()}
    known: Mapping[str, str] = {
        "participants": _("su registro: nombre, institución, idioma y cuándo aceptó", language),
        "standings": _("por quién cuenta usted, y desde cuándo", language),
        "stays": _("veces que estuvo en el auditorio, con entrada y salida", language),
        "check_ins": _("días en que declaró estar presente", language),
        "questions": _("preguntas con su nombre", language),
        "question_votes": _("preguntas que apoyó", language),
        "practices": _("buenas prácticas que registró por su delegación", language),
        "corrections": _("correcciones de su asistencia", language),
        "certificates": _("constancia de asistencia", language),
    }
    lines = [f"- {how_many[table]} · {told}" for table, told in known.items() if table in how_many]
    if other := sum(n for table, n in how_many.items() if table not in known):
        lines.append("- " + _("{n} · otros apuntes", language, n=other))
    return lines


def erase_button(language: Language) -> str:
    return _("Borrar mis datos…", language)


def anonymous_button(language: Language) -> str:
    return _("Incluir mis preguntas anónimas", language)


def erase_all_button(language: Language) -> str:
    return _("Borrar todo para siempre", language)


def keep_anonymous_button(language: Language) -> str:
    return _("Borrar, y dejar lo anónimo", language)


def confirm(language: Language) -> str:
    """The second step, before anything is erased."""
    return _(
        "**¿Borrar sus datos?** No se puede deshacer.\n"
        "Se borra: su nombre, institución y número de cuenta, el texto de sus preguntas y lo que se anotó sobre ellas, "
        "sus buenas prácticas, sus avisos por mensaje y su constancia. Las publicaciones del bot que los muestran se "
        "cambian o se quitan. Sus preguntas que esperan salen de la cola.\n"
        "Queda: los totales. Sus minutos, declaraciones, apoyos y preguntas siguen contando en las cifras de cada día, "
        "con su país y perfil, bajo un número al azar que no lleva a usted.\n"
        "Lo anónimo: «{all}» borra también sus preguntas anónimas. Si desaparecen junto con las que llevan su nombre, "
        "alguien puede suponer que eran suyas; «{keep}» deja su texto y corta lo que lo une a usted.\n"
        "Los informes que la organización ya descargó no se pueden alcanzar desde aquí.\n"
        "Si después vuelve a participar, o entra al auditorio, empieza un registro nuevo y se le avisa. Si no quiere "
        "borrar nada, cierre este mensaje.",
        language,
        all=erase_all_button(language),
        keep=keep_anonymous_button(language),
    )


def erased(language: Language) -> str:
    return _(
        "Sus datos están borrados. Las publicaciones que los mostraban se cambian en los próximos minutos. Si vuelve a "
        "participar empieza un registro nuevo, sin relación con el anterior.",
        language,
    )


def came_back(language: Language) -> str:
    """To somebody who was erased and takes part again."""
    return _(
        "Usted pidió borrar sus datos y así se hizo. Con lo que acaba de hacer empieza un registro nuevo, sin relación "
        "con el anterior. Con /mis-datos puede verlo y borrarlo.",
        language,
    )


@words(ErasureDelayed)
def delayed(_refusal: ErasureDelayed, language: Language) -> str:
    return _(
        "Su petición quedó anotada y se cumplirá sola. La base de datos no puede guardarla en este momento: hasta "
        "entonces sus datos siguen ahí. No hace falta pedirlo otra vez.",
        language,
    )


def erased_text(language: Language) -> str:
    """In place of a question whose author was erased, for all to read."""
    return _("Texto borrado a petición de quien preguntó.", language)


# To organizers


def posts_unchanged(places: Sequence[tuple[str, str, Sequence[QuestionNumber]]], language: Language) -> str:
    """Posts that are to be looked after by hand: where, a link, and the questions that they show."""
    lines = [
        _("🔏 Alguien borró sus datos. No pude cambiar estas publicaciones; bórrenlas a mano, por favor:", language)
    ]
    for channel, link, numbers in places:
        shown = ", ".join(map(str, numbers))
        lines.append(
            _("- {channel} {link}, preguntas {numbers}", language, channel=channel, link=link, numbers=shown)
            if numbers
            else f"- {channel} {link}"
        )
    return "\n".join(lines)


def posts_removed(places: Sequence[tuple[str, Sequence[QuestionNumber]]], language: Language) -> str:
    """Posts that were taken away, since Discord did not let them be changed any more."""
    lines = [
        _(
            "🔏 Alguien borró sus datos. Discord ya no dejaba cambiar estas publicaciones, así que las quité:",
            language,
        )
    ]
    for channel, numbers in places:
        shown = ", ".join(map(str, numbers))
        lines.append(_("- {channel}, preguntas {numbers}", language, channel=channel, numbers=shown))
    return "\n".join(lines)


def purged_post(language: Language) -> str:
    """Once, when the time of keeping is over."""
    return _(
        "🔏 Terminó el plazo de conservación: se borró todo lo que se guardaba sobre personas. Quedan las cifras de "
        "cada día. Los informes y constancias que se descargaron, y las copias que estén en otro lugar, hay que "
        "borrarlos a mano.",
        language,
    )


# To operators


def would_purge(found: Purged, language: Language) -> str:
    return _(
        "Se borraría lo que se guarda sobre {people} personas y el texto de {questions} preguntas. Las cifras quedan. "
        "Copias que se borrarían: {copies}.",
        language,
        people=found.people,
        questions=found.questions,
        copies=_files(found.copies, language),
    )


def purge_needs_yes(language: Language) -> str:
    return _("No se ha tocado nada. No se puede deshacer: repita con --yes.", language)


def purge_not_due(day: date, language: Language) -> str:
    return _(
        "Todavía no es hora: los datos se guardan hasta el {day}. Hasta entonces solo se borran copias viejas.",
        language,
        day=day_name(day, language, with_year=True),
    )


def purged(done: Purged, language: Language) -> str:
    return _(
        "Borrado: {people} personas, {questions} preguntas. Copias borradas: {copies}. Las copias en otros lugares y "
        "los informes hechos a mano hay que borrarlos aparte.",
        language,
        people=done.people,
        questions=done.questions,
        copies=_files(done.copies, language),
    )


def nothing_to_purge(language: Language) -> str:
    return _("No hay nada que borrar.", language)


def _files(copies: Sequence[Path], language: Language) -> str:
    return ", ".join(map(str, copies)) or _("ninguna", language)


@words(TombstonesDamaged)
def tombstones_damaged(refusal: TombstonesDamaged, language: Language) -> str:
    return _(
        "El archivo {file}, que recuerda quién pidió que se borraran sus datos, no se entiende. Recupérelo de una "
        "copia: sin él volverían a verse personas borradas, y por eso no se abre nada.",
        language,
        file=refusal.path,
    )


@words(ErasuresPending)
def erasures_pending(refusal: ErasuresPending, language: Language) -> str:
    return _.plural(
        "A {file} le falta {n} borrado que se pidió después de hacerse la copia. Ábrala primero con «estrado db "
        "upgrade» o con el bot.",
        "A {file} le faltan {n} borrados que se pidieron después de hacerse la copia. Ábrala primero con «estrado db "
        "upgrade» o con el bot.",
        refusal.erasures,
        language,
        file=refusal.path,
    )
