"""A Discord for one server on 127.0.0.1. Stands alone: it imports nothing of ours, and no Discord library."""

from bot.loopback.contract import Contract
from bot.loopback.exchange import CannotDo, Exchange, InvalidOption, NoSuchComponent, NotVisible, UnknownCommand
from bot.loopback.faults import Faults
from bot.loopback.nouns import Channel, EventTime, LogEntry, Member, Message, Role
from bot.loopback.options import Choice, SeenCommand
from bot.loopback.people import Person
from bot.loopback.seen import Modal, SeenMessage
from bot.loopback.server import Loopback
from bot.loopback.world import World

__all__ = [
    "CannotDo",
    "Channel",
    "Choice",
    "Contract",
    "EventTime",
    "Exchange",
    "Faults",
    "InvalidOption",
    "LogEntry",
    "Loopback",
    "Member",
    "Message",
    "Modal",
    "NoSuchComponent",
    "NotVisible",
    "Person",
    "Role",
    "SeenCommand",
    "SeenMessage",
    "UnknownCommand",
    "World",
]
