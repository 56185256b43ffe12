"""What is said about the bot's way into Discord: its token, the connection, and what it may do in the server."""

from bot.access import CREATE_EVENTS, MANAGE_ROLES, Lack, LackKind
from bot.connection import (
    ConnectionEnded,
    DiscordRefused,
    DiscordUnreachable,
    IntentsNotEnabled,
    TimeGone,
    TokenFileUnreadable,
    TokenMalformed,
    TokenMissing,
    TokenRefused,
)
from bot.i18n import translator
from bot.languages import Language
from bot.phrases.refusals import words

_ = translator("connection")


def server_is_good(server: str, language: Language) -> str:
    return _("En el servidor {server} no falta ningún canal, rol ni permiso.", language, server=server)


def things_lacking(n: int, language: Language) -> str:
    return _.plural("En el servidor falta {n} cosa.", "En el servidor faltan {n} cosas.", n, language)


def permission_name(permission: str, language: Language) -> str:
    """A permission as Discord's settings name it."""
    names = {
        "view_channel": _("Ver canal", language),
        "send_messages": _("Enviar mensajes", language),
        "embed_links": _("Insertar enlaces", language),
        "attach_files": _("Adjuntar archivos", language),
        "read_message_history": _("Leer el historial de mensajes", language),
        "connect": _("Conectar", language),
        "manage_roles": _("Gestionar roles", language),
        "manage_channels": _("Gestionar canales", language),
        "mute_members": _("Silenciar a miembros", language),
        "move_members": _("Mover a miembros", language),
        "request_to_speak": _("Pedir la palabra", language),
        "create_events": _("Crear eventos", language),
        "pin_messages": _("Fijar mensajes", language),
        "mention_everyone": _("Mencionar @everyone, @here y todos los roles", language),
    }
    return names[permission]


def not_in_server(server: str, language: Language) -> str:
    """Said by a bot that runs and has nothing to do yet."""
    return _(
        "El bot no está en el servidor {server} y espera. Invítelo, y empezará por sí solo; si el nombre o el id es "
        "otro, corrija discord.guild y reinícielo.",
        language,
        server=server,
    )


def lack(missing: Lack, language: Language) -> str:
    """One thing that the server does not give, and where to mend it."""
    setting, name = missing.setting, missing.name
    match missing.kind:
        case LackKind.SERVER:
            return _(
                "{setting}: el bot no está en ningún servidor {name}. Invítelo o corrija la configuración.",
                language,
                setting=setting,
                name=name,
            )
        case LackKind.CHANNEL:
            return _(
                "{setting}: no hay ningún canal {name} de ese tipo, o el bot no lo ve.",
                language,
                setting=setting,
                name=name,
            )
        case LackKind.ROLE:
            return _("{setting}: no hay ningún rol {name}.", language, setting=setting, name=name)
        case LackKind.DOUBTFUL:
            return _(
                "{setting}: hay más de uno con el nombre {name}. Ponga el id del que corresponde.",
                language,
                setting=setting,
                name=name,
            )
        case LackKind.PERMISSION:
            return _(
                "{setting}: al bot le falta el permiso «{permission}» en el canal {name}.",
                language,
                setting=setting,
                name=name,
                permission=permission_name(missing.permission or "", language),
            )
        case LackKind.OPEN_TO_ALL:
            return _(
                "{setting}: @everyone puede leer el canal {name}, y allí se escribe lo que no es para todos. "
                "Quítele «{view}».",
                language,
                setting=setting,
                name=name,
                view=permission_name("view_channel", language),
            )
        case LackKind.EVENTS:
            return _(
                "{setting}: al bot le falta en el servidor {name} el permiso «{permission}», y las sesiones no estarán "
                "entre los eventos del servidor.",
                language,
                setting=setting,
                name=name,
                permission=permission_name(CREATE_EVENTS, language),
            )
        case LackKind.GIVE_ROLES:
            return _(
                "{setting}: el registro debe dar el rol {name} y al bot le falta el permiso «{permission}».",
                language,
                setting=setting,
                name=name,
                permission=permission_name(MANAGE_ROLES, language),
            )
        case LackKind.ROLE_ABOVE:
            return _(
                "{setting}: el registro debe dar el rol {name}, que está por encima del rol del bot en la lista de "
                "roles. Suba el del bot.",
                language,
                setting=setting,
                name=name,
            )
        case LackKind.MENTION:
            return _(
                "{setting}: el bot no puede mencionar el rol {name}. Permita que todos lo mencionen, o dé al bot "
                "«{mention}».",
                language,
                setting=setting,
                name=name,
                mention=permission_name("mention_everyone", language),
            )


@words(TokenMissing)
def _token_missing(_refusal: TokenMissing, language: Language) -> str:
    return _(
        "Falta el token del bot. Póngalo en la variable DISCORD_TOKEN, o en un archivo cuyo nombre esté en "
        "DISCORD_TOKEN_FILE.",
        language,
    )


@words(TokenFileUnreadable)
def _token_file_unreadable(refusal: TokenFileUnreadable, language: Language) -> str:
    return _(
        "El archivo del token, {path}, no se puede leer ({reason}).",
        language,
        path=refusal.path,
        reason=refusal.reason,
    )


@words(TokenMalformed)
def _token_malformed(refusal: TokenMalformed, language: Language) -> str:
    return _(
        "Lo que hay en {source} no es un token: póngalo solo, sin «Bot», sin comillas y en una línea.",
        language,
        source=refusal.source,
    )


@words(TokenRefused)
def _token_refused(_refusal: TokenRefused, language: Language) -> str:
    return _(
        "Discord no acepta el token. Cópielo de nuevo en el portal de desarrolladores (Bot, Reset Token) y repita.",
        language,
    )


@words(DiscordUnreachable)
def _discord_unreachable(refusal: DiscordUnreachable, language: Language) -> str:
    return _(
        "No se puede llegar a Discord ({reason}). Revise la conexión a Internet y repita.",
        language,
        reason=refusal.reason,
    )


@words(DiscordRefused)
def _discord_refused(refusal: DiscordRefused, language: Language) -> str:
    return _(
        "Discord no lo permitió (estado {status}, código {code}).",
        language,
        status=refusal.status,
        code=refusal.code,
    )


@words(ConnectionEnded)
def _connection_ended(refusal: ConnectionEnded, language: Language) -> str:
    return _("Discord cerró la conexión para siempre (código {code}).", language, code=refusal.code)


@words(IntentsNotEnabled)
def _intents_not_enabled(_refusal: IntentsNotEnabled, language: Language) -> str:
    return _(
        "Discord no concede al bot los «intents» que pide. Habilítelos en el portal de desarrolladores (Bot, "
        "Privileged Gateway Intents) y repita.",
        language,
    )


@words(TimeGone)
def _time_gone(_refusal: TimeGone, language: Language) -> str:
    return _("El ensayo que marcaba la hora terminó.", language)
