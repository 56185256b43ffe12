"""Interaction callbacks and follow-ups. Their token is their only credential."""

from bot.loopback import payloads
from bot.loopback.interactions import Interaction
from bot.loopback.rest import Answer, Call, route

_YES = ("1", "true", "True")


@route("POST", "/interactions/{id}/{token}/callback")
def callback(call: Call) -> Answer:
    """The first answer."""
    response = call.loopback.interactions.callback(call.number(0), call.parameters[1], call.body or {}, call.files)
    if call.query.get("with_response") in _YES:
        return Answer(200, response)
    return Answer(204)


@route("POST", "/webhooks/{application_id}/{token}")
def follow_up(call: Call) -> Answer:
    """One more message."""
    message = call.loopback.interactions.follow_up(_interaction(call), call.body or {}, call.files)
    # Follow-ups are answered with the message whether the client asks to wait or not.
    return Answer(200, payloads.message(message))


@route("GET", "/webhooks/{application_id}/{token}/messages/@original")
@route("GET", "/webhooks/{application_id}/{token}/messages/{message_id}")
def read(call: Call) -> Answer:
    """One of the interaction's messages."""
    found = call.loopback.interactions.find(_interaction(call), _message_id(call))
    return Answer(200, payloads.past_message(found))


@route("PATCH", "/webhooks/{application_id}/{token}/messages/@original")
@route("PATCH", "/webhooks/{application_id}/{token}/messages/{message_id}")
def edit(call: Call) -> Answer:
    """Change one of the interaction's messages."""
    interactions, interaction = call.loopback.interactions, _interaction(call)
    found = interactions.find(interaction, _message_id(call))
    changed = interactions.edit(interaction, found, call.body or {}, call.files)
    return Answer(200, payloads.past_message(changed))


@route("DELETE", "/webhooks/{application_id}/{token}/messages/@original")
@route("DELETE", "/webhooks/{application_id}/{token}/messages/{message_id}")
def delete(call: Call) -> Answer:
    """Delete one of the interaction's messages."""
    interactions, interaction = call.loopback.interactions, _interaction(call)
    interactions.delete(interaction, interactions.find(interaction, _message_id(call)))
    return Answer(204)


def _interaction(call: Call) -> Interaction:
    return call.loopback.interactions.by_token(call.number(0), call.parameters[1])


def _message_id(call: Call) -> str:
    return call.parameters[2] if len(call.parameters) > 2 else "@original"
