"""The bot's own account and the gateway's address."""

from datetime import timedelta

from bot.loopback import payloads
from bot.loopback.gateway import STARTS_A_DAY
from bot.loopback.nouns import Json, unknown
from bot.loopback.rest import Answer, Call, route


@route("GET", "/gateway")
def gateway(call: Call) -> Answer:
    """The gateway's address."""
    return Answer(200, {"url": call.loopback.gateway_url})


@route("GET", "/gateway/bot")
def gateway_for_bots(call: Call) -> Answer:
    """The gateway's address and how many sessions may be started."""
    left, resets_after = call.loopback.gateway.starts_left(call.bot)
    milliseconds = resets_after // timedelta(milliseconds=1)
    limit = {"total": STARTS_A_DAY, "remaining": left, "reset_after": milliseconds, "max_concurrency": 1}
    body = {"url": call.loopback.gateway_url, "shards": 1, "session_start_limit": limit}
    return Answer(200, body)


@route("GET", "/users/@me")
def me(call: Call) -> Answer:
    """Who asks."""
    return Answer(200, payloads.own_user(call.bot))


@route("GET", "/users/{user_id}")
def user(call: Call) -> Answer:
    """Somebody's account."""
    found = call.guild.members.get(call.number(0))
    if found is None:
        raise unknown("User", 10013)
    return Answer(200, payloads.user(found))


@route("GET", "/users/@me/guilds")
def guilds(call: Call) -> Answer:
    """The one server."""
    guild = call.guild
    about: Json = {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": False,
        "permissions": str(guild.base_permissions(call.bot)),
        "features": [],
    }
    return Answer(200, [about])


@route("POST", "/users/@me/channels")
def open_conversation(call: Call) -> Answer:
    """The private conversation with somebody."""
    other = call.guild.members.get(int((call.body or {}).get("recipient_id", 0)))
    if other is None:
        raise unknown("User", 10013)
    channel = call.guild.private_channel(call.bot, other)
    return Answer(200, payloads.channel(call.guild, channel, asked_by=call.bot))


@route("GET", "/applications/@me")
@route("GET", "/oauth2/applications/@me")
def application(call: Call) -> Answer:
    """The bot's application."""
    bot = call.bot
    about: Json = {
        "id": str(bot.id),
        "name": bot.global_name or bot.username,
        "icon": None,
        "description": "",
        "type": None,
        "bot": payloads.user(bot),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": payloads.user(call.guild.owner),
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }
    return Answer(200, about)
