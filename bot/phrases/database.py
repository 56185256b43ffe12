"""What is said about the database and the anonymity key to who keeps them."""

from collections.abc import Sequence
from pathlib import Path

from bot.anonymity import AnonymityKeyDiffers, AnonymityKeyMissing, AnonymityKeyUnusable
from bot.errors import NotSaved, NotSavedReason
from bot.i18n import translator
from bot.languages import Language
from bot.phrases.refusals import words
from bot.storage.checks import Finding, FindingKind
from bot.storage.refusals import (
    CopyExists,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseInUse,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseReadOnly,
    MigrationChanged,
    MigrationFailed,
    SharedFolder,
)

_ = translator("database")


def upgraded(n: int, language: Language) -> str:
    return _.plural("Se aplicó {n} cambio.", "Se aplicaron {n} cambios.", n, language)


def up_to_date(language: Language) -> str:
    return _("La base de datos ya estaba al día.", language)


def backed_up(language: Language) -> str:
    return _("Copia hecha y comprobada. La clave de anonimato no va en ella: guárdela en otro lugar.", language)


def restored(aside: Sequence[Path], language: Language) -> str:
    if not aside:
        return _("Base de datos recuperada.", language)
    return _("Base de datos recuperada. Lo que había quedó en {files}.", language, files=", ".join(map(str, aside)))


def forgetting_is_for_good(key: Path, language: Language) -> str:
    """In answer to who has not said to be sure."""
    return _(
        "Esto destruye la clave de anonimato {key} para siempre. Después nadie podrá saber quién hizo una pregunta "
        "anónima, y quien la hizo ya no la verá entre las suyas ni podrá retirarla. Repita con --yes. No se ha tocado "
        "nada.",
        language,
        key=key,
    )


def forgotten(questions: int, key: Path, language: Language) -> str:
    return _.plural(
        "Se destruyó la clave {key}. Nadie puede saber ya quién hizo {n} pregunta anónima. Si guardó copias de la "
        "clave, destrúyalas también.",
        "Se destruyó la clave {key}. Nadie puede saber ya quién hizo {n} preguntas anónimas. Si guardó copias de la "
        "clave, destrúyalas también.",
        questions,
        language,
        key=key,
    )


def nothing_to_forget(key: Path, language: Language) -> str:
    return _("No hay clave en {key}: no había nada que destruir.", language, key=key)


def database_is_good(file: Path, language: Language) -> str:
    return _("La base de datos está bien: {file}.", language, file=file)


def things_wrong(n: int, file: Path, language: Language) -> str:
    return _.plural(
        "La base de datos {file} tiene {n} problema.",
        "La base de datos {file} tiene {n} problemas.",
        n,
        language,
        file=file,
    )


def finding(found: Finding, language: Language) -> str:
    """One thing that is wrong with the database."""
    what = found.what
    match found.kind:
        case FindingKind.MISSING:
            return _("{what}: no existe.", language, what=what)
        case FindingKind.EMPTY:
            return _("{what}: está vacío. Recupere una copia con «estrado db restore».", language, what=what)
        case FindingKind.UNREADABLE:
            return _("{what}: no se puede leer.", language, what=what)
        case FindingKind.LOCKED:
            return _("{what}: otro programa la tiene bloqueada. Repita en un minuto.", language, what=what)
        case FindingKind.FOREIGN:
            return _("{what}: no es una base de datos de Estrado.", language, what=what)
        case FindingKind.DAMAGED:
            return _("Está dañada ({what}). Recupere una copia con «estrado db restore».", language, what=what)
        case FindingKind.ORPHANS:
            return _.plural(
                "{what}: {n} fila remite a otra que no existe.",
                "{what}: {n} filas remiten a otras que no existen.",
                found.rows,
                language,
                what=what,
            )
        case FindingKind.NEWER:
            return _("{what}: es de una versión más nueva de Estrado. Actualice el programa.", language, what=what)
        case FindingKind.CHANGED_MIGRATION:
            return _("{what}: este cambio no es el que se aplicó en su día.", language, what=what)
        case FindingKind.PENDING_MIGRATION:
            return _("{what}: falta aplicar este cambio; lo hace «estrado db upgrade».", language, what=what)
        case FindingKind.INVARIANT:
            return _.plural(
                "{what}: {n} fila contradice las reglas.",
                "{what}: {n} filas contradicen las reglas.",
                found.rows,
                language,
                what=what,
            )
        case FindingKind.OPEN_TO_OTHERS:
            return _("{what}: otras cuentas de la máquina pueden leerlo. Póngale el modo 0600.", language, what=what)


def not_saved(refusal: NotSaved, language: Language) -> str:
    """To who can do something about it, unlike those who only use the bot."""
    match refusal.reason:
        case NotSavedReason.FULL:
            return _("No hay espacio en el disco para la base de datos. Libérelo y repita.", language)
        case NotSavedReason.LOCKED:
            return _("Otro programa tiene bloqueada la base de datos. Ciérrelo y repita.", language)
        case _:
            return _("La base de datos no se pudo escribir ({reason}).", language, reason=refusal.reason.value)


@words(DatabaseMissing)
def _database_missing(refusal: DatabaseMissing, language: Language) -> str:
    if refusal.leftovers:
        return _(
            "Falta la base de datos {path}, aunque quedan archivos suyos: {leftovers}. Devuélvala a su lugar o "
            "recupere una copia con «estrado db restore».",
            language,
            path=refusal.path,
            leftovers=", ".join(map(str, refusal.leftovers)),
        )
    return _(
        "No existe la base de datos {path}. Si el evento ya comenzó, no se crea otra vacía en silencio: recupere una "
        "copia con «estrado db restore», o empiece de nuevo con «estrado run --new-database».",
        language,
        path=refusal.path,
    )


@words(DatabaseInUse)
def _database_in_use(refusal: DatabaseInUse, language: Language) -> str:
    if refusal.pid is None:
        return _("Otro programa está usando la base de datos {path}. Ciérrelo y repita.", language, path=refusal.path)
    return _(
        "Otro Estrado (proceso {pid}) está usando la base de datos {path}. Deténgalo y repita.",
        language,
        pid=refusal.pid,
        path=refusal.path,
    )


@words(DatabaseDamaged)
def _database_damaged(refusal: DatabaseDamaged, language: Language) -> str:
    return _(
        "La base de datos {path} está dañada ({findings}). No se tocó. Recupere una copia con «estrado db restore».",
        language,
        path=refusal.path,
        findings="; ".join(refusal.findings),
    )


@words(DatabaseForeign)
def _database_foreign(refusal: DatabaseForeign, language: Language) -> str:
    return _("{path} es una base de datos de otro programa.", language, path=refusal.path)


@words(DatabaseNewer)
def _database_newer(refusal: DatabaseNewer, language: Language) -> str:
    return _(
        "Una versión más nueva de Estrado escribió la base de datos {path} ({migrations}). Actualice el programa.",
        language,
        path=refusal.path,
        migrations=", ".join(refusal.migrations),
    )


@words(DatabaseOlder)
def _database_older(refusal: DatabaseOlder, language: Language) -> str:
    return _(
        "La base de datos {path} es de una versión anterior de Estrado ({migrations}). Haga primero "
        "«estrado db upgrade».",
        language,
        path=refusal.path,
        migrations=", ".join(refusal.migrations),
    )


@words(MigrationChanged)
def _migration_changed(refusal: MigrationChanged, language: Language) -> str:
    return _(
        "La base de datos {path} tiene aplicado un cambio que no es el de este programa ({migration}). Use la versión "
        "que la creó.",
        language,
        path=refusal.path,
        migration=refusal.migration,
    )


@words(MigrationFailed)
def _migration_failed(refusal: MigrationFailed, language: Language) -> str:
    return _(
        "El cambio {migration} no se pudo aplicar a la base de datos {path} ({reason}), que quedó como estaba.",
        language,
        path=refusal.path,
        migration=refusal.migration,
        reason=refusal.reason,
    )


@words(DatabaseReadOnly)
def _database_read_only(refusal: DatabaseReadOnly, language: Language) -> str:
    return _("No se puede escribir en {path}. Revise los permisos.", language, path=refusal.path)


@words(SharedFolder)
def _shared_folder(refusal: SharedFolder, language: Language) -> str:
    return _(
        "{path} está en una carpeta compartida ({filesystem}), donde la base de datos se dañaría. Póngala en un disco "
        "de esta máquina.",
        language,
        path=refusal.path,
        filesystem=refusal.filesystem,
    )


@words(CopyExists)
def _copy_exists(refusal: CopyExists, language: Language) -> str:
    return _("Ya existe {path}. Elija otro nombre o añada --overwrite.", language, path=refusal.path)


@words(AnonymityKeyMissing)
def _anonymity_key_missing(refusal: AnonymityKeyMissing, language: Language) -> str:
    return _(
        "Falta la clave de anonimato {path}, y la base de datos tiene preguntas anónimas hechas con ella. Devuélvala a "
        "su lugar.",
        language,
        path=refusal.path,
    )


@words(AnonymityKeyDiffers)
def _anonymity_key_differs(refusal: AnonymityKeyDiffers, language: Language) -> str:
    return _(
        "La clave de anonimato {path} no es la de esta base de datos. Ponga la que corresponde.",
        language,
        path=refusal.path,
    )


@words(AnonymityKeyUnusable)
def _anonymity_key_unusable(refusal: AnonymityKeyUnusable, language: Language) -> str:
    return _(
        "La clave de anonimato {path} no se puede usar ({reason}).",
        language,
        path=refusal.path,
        reason=refusal.reason,
    )
