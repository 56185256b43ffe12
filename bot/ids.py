"""The kinds of identifier that pass between the parts. Discord's ids stay plain integers, told apart by type."""

from typing import NewType

GuildId = NewType("GuildId", int)
ChannelId = NewType("ChannelId", int)
MessageId = NewType("MessageId", int)
PersonId = NewType("PersonId", int)
RoleId = NewType("RoleId", int)

#: One of the scheduled events that Discord lists for a server.
NativeEventId = NewType("NativeEventId", int)

#: The number that people see and say, unique in the event.
QuestionNumber = NewType("QuestionNumber", int)

#: The ISO date of a session's day, "2020-09-08".
SessionKey = NewType("SessionKey", str)

#: The session and the block's place in it from 1, "2020-09-08/2".
BlockKey = NewType("BlockKey", str)
