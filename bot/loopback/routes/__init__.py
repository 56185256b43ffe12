"""What each route does. Importing the package registers them all."""

from bot.loopback.routes import application, channels, commands, events, interactions, members, messages

__all__ = ["application", "channels", "commands", "events", "interactions", "members", "messages"]
