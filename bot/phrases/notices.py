"""What goes with announcements, and what organizers are told about them."""

from collections.abc import Sequence

from bot.errors import NotSavedReason
from bot.i18n import translator
from bot.languages import Language
from bot.phrases.connection import permission_name
from bot.sending import Reason
from bot.storage.alerts import Alert, AlertKind, NativeUse, WithoutFiles

_ = translator("notices")

#: Said of commands by Discord itself.
COMMANDS = ("Vea el programa de hoy, qué está en curso y qué sigue",)


def ask_button(language: Language) -> str:
    return _("Preguntar", language)


def presence_button(language: Language) -> str:
    return _("Presente", language)


def registration_button(language: Language) -> str:
    return _("Registrarme", language)


def alert(told: Alert, channel: str, language: Language) -> str:
    """What organizers are told. `channel` is how to show the channel that it is about."""
    match told.kind:
        case AlertKind.BROKEN:
            return _absent(told.detail, language) if told.channel_id is None else _broken(told, channel, language)
        case AlertKind.REFUSED:
            return _(
                "⚠️ El aviso {reference} no pudo publicarse en {channel}: no es un problema de permisos. Si hace "
                "falta, publíquelo a mano; quien opera el bot tiene la causa en el registro.",
                language,
                reference=told.subject,
                channel=channel,
            )
        case AlertKind.UNCONFIRMED:
            return _(
                "⚠️ No pude confirmar si el aviso {reference} llegó a {channel}, porque no puedo leer el historial "
                "(permiso «{permission}»). No lo repetiré por mi cuenta: véalo, por favor, y si falta publíquelo a "
                "mano.",
                language,
                reference=told.subject,
                channel=channel,
                permission=permission_name("read_message_history", language),
            )
        case AlertKind.LATE:
            minutes = int(told.detail[0])
            return _.plural(
                "⚠️ El aviso {reference} salió con {n} minuto de retraso.",
                "⚠️ El aviso {reference} salió con {n} minutos de retraso.",
                minutes,
                language,
                reference=told.subject,
            )
        case AlertKind.SKIPPED:
            return _.plural(
                "⚠️ Por llegar tarde no se publicó {n} aviso: {references}.",
                "⚠️ Por llegar tarde no se publicaron {n} avisos: {references}.",
                len(told.detail),
                language,
                references=", ".join(told.detail),
            )
        case AlertKind.CONTESTED:
            return _(
                "⚠️ Dos cuentas se registraron como la misma persona de la lista, o una que no es la que la lista da. "
                "Las dos quedaron registradas. Quiénes son lo dice /participantes pendientes; con /participantes "
                "emparejar dice usted cuál vale.",
                language,
            )
        case AlertKind.ROLE:
            return _role(told, language)
        case AlertKind.WITHOUT_FILES:
            return _without_files(told, language)
        case AlertKind.NATIVE:
            return _native(told, channel, language)


def _broken(told: Alert, channel: str, language: Language) -> str:
    match Reason(told.subject):
        case Reason.FORBIDDEN:
            why = _.plural(
                "⚠️ No puedo publicar en {channel}: me falta el permiso {permissions}.",
                "⚠️ No puedo publicar en {channel}: me faltan los permisos {permissions}.",
                len(told.detail),
                language,
                channel=channel,
                permissions=_quoted([permission_name(name, language) for name in told.detail], language),
            )
        case Reason.MISSING:
            why = _("⚠️ No puedo publicar en {channel}: el canal ya no existe.", language, channel=channel)
        case Reason.EXPOSED:
            why = _(
                "⚠️ No publico en {channel}: todo el servidor puede leerlo, y lo que va allí no es para todos. "
                "Quite a @everyone el permiso «{permission}» en ese canal.",
                language,
                channel=channel,
                permission=permission_name("view_channel", language),
            )
        case Reason.RATE_LIMITED:
            why = _("⚠️ No logro publicar en {channel}: Discord pide esperar.", language, channel=channel)
        case _other:
            why = _("⚠️ No logro publicar en {channel}: Discord no responde.", language, channel=channel)
    going_on = _(
        "Lo demás continúa, y aquí seguiré intentándolo: cuando se arregle, no hay que hacer nada más.", language
    )
    return f"{why} {going_on}"


def _role(told: Alert, language: Language) -> str:
    """A role that registration is to give and cannot."""
    if "permission" in told.detail:
        why = _(
            "⚠️ No puedo dar el rol de {setting} a quienes se registran: me falta el permiso «{permission}».",
            language,
            setting=f"`{told.subject}`",
            permission=permission_name("manage_roles", language),
        )
    elif "refused" in told.detail:
        why = _(
            "⚠️ No puedo dar el rol de {setting} a quienes se registran: Discord no lo permite.",
            language,
            setting=f"`{told.subject}`",
        )
    else:
        why = _(
            "⚠️ No puedo dar el rol de {setting} a quienes se registran: en la lista de roles está por encima del mío. "
            "Suba el mío en Ajustes del servidor, Roles.",
            language,
            setting=f"`{told.subject}`",
        )
    going_on = _("El registro continúa; cuando se arregle, daré los roles que falten.", language)
    return f"{why} {going_on}"


def _without_files(told: Alert, language: Language) -> str:
    """Figures that were posted without their files."""
    match WithoutFiles(told.subject):
        case WithoutFiles.FORBIDDEN:
            return _(
                "⚠️ Los resúmenes salen sin sus archivos: en este canal me falta el permiso «{permission}». Las cifras "
                "se publican igual; los archivos los dan /informe dia e /informe final.",
                language,
                permission=permission_name("attach_files", language),
            )
        case WithoutFiles.NOT_MADE:
            return _(
                "⚠️ No pude hacer la imagen de un resumen, y salió sin ella. Las cifras están completas. Quien opera el "
                "bot tiene la causa en el registro.",
                language,
            )


def _native(told: Alert, channel: str, language: Language) -> str:
    """Something of Discord's own that the bot would use."""
    permissions = _quoted([permission_name(name, language) for name in told.detail], language)
    match NativeUse(told.subject):
        case NativeUse.EVENTS:
            why = _.plural(
                "⚠️ No puedo llevar las sesiones en los eventos del servidor ni en el escenario como debería: me falta "
                "el permiso {permissions}.",
                "⚠️ No puedo llevar las sesiones en los eventos del servidor ni en el escenario como debería: me faltan "
                "los permisos {permissions}.",
                len(told.detail),
                language,
                permissions=permissions,
            )
        case NativeUse.PIN:
            why = _.plural(
                "⚠️ No puedo fijar en {channel} el mensaje «Cómo participar»: me falta el permiso {permissions}.",
                "⚠️ No puedo fijar en {channel} el mensaje «Cómo participar»: me faltan los permisos {permissions}.",
                len(told.detail),
                language,
                channel=channel,
                permissions=permissions,
            )
        case NativeUse.PRESENCE:
            why = _.plural(
                "⚠️ No puedo medir quién está en {channel}: me falta el permiso {permissions}. Mientras tanto no sé "
                "quién entra ni quién sale; quien esté puede decirlo con /presente.",
                "⚠️ No puedo medir quién está en {channel}: me faltan los permisos {permissions}. Mientras tanto no sé "
                "quién entra ni quién sale; quien esté puede decirlo con /presente.",
                len(told.detail),
                language,
                channel=channel,
                permissions=permissions,
            )
    going_on = _("Todo lo demás continúa; cuando me lo den, no hay que hacer nada más.", language)
    return f"{why} {going_on}"


def _absent(settings: Sequence[str], language: Language) -> str:
    return _.plural(
        "⚠️ La configuración nombra {n} lugar o rol que el servidor no tiene: {settings}. Lo demás continúa. En cuanto "
        "haya uno con ese nombre lo usaré; si la configuración está equivocada, avise a quien opera el bot.",
        "⚠️ La configuración nombra {n} lugares o roles que el servidor no tiene: {settings}. Lo demás continúa. En "
        "cuanto los haya con esos nombres los usaré; si la configuración está equivocada, avise a quien opera el bot.",
        len(settings),
        language,
        settings=", ".join(f"`{setting}`" for setting in settings),
    )


def _quoted(names: Sequence[str], language: Language) -> str:
    return ", ".join(_("«{name}»", language, name=name) for name in names)


def started_elsewhere(language: Language) -> str:
    """Another copy of the bot runs, or has run, while this one does."""
    return _(
        "⚠️ Este bot acaba de iniciarse también en otro lugar, con el mismo token. Si hay otra copia en marcha, los "
        "avisos salen una sola vez, pero a quien pregunta o se registra le contesta cualquiera de las dos. Avise a "
        "quien opera el bot: que detenga una.",
        language,
    )


def storage_trouble(reason: NotSavedReason, language: Language) -> str:
    """The database takes nothing at the moment; it is said once, and needs nothing of the database itself."""
    match reason:
        case NotSavedReason.FULL:
            why = _("el disco está lleno", language)
        case NotSavedReason.LOCKED:
            why = _("otro programa la tiene bloqueada", language)
        case NotSavedReason.READ_ONLY:
            why = _("el archivo es de solo lectura", language)
        case NotSavedReason.REPLACED:
            why = _("el archivo fue movido o reemplazado", language)
        case _other:
            why = _("el disco no responde", language)
    return _(
        "⚠️ La base de datos no guarda nada en este momento: {why}. A quien pregunta o se registra se le dice que NO se "
        "guardó; las entradas y salidas esperan, y los avisos salen a su hora. Avise a quien opera el bot.",
        language,
        why=why,
    )


def storage_recovered(language: Language) -> str:
    """It takes everything again."""
    return _("✅ La base de datos vuelve a guardar. Lo que esperaba ya está guardado.", language)
