"""`estrado health`: asks the bot that runs on this machine how it is doing."""

import http.client
import json
import sys

import click

from bot.languages import Language
from bot.operator.console import DONE, FALLS_SHORT, put, say
from bot.operator.options import language_option, port_option
from bot.phrases import operator as phrases

_HOST = "127.0.0.1"


@click.command()
@port_option(required=True)
@click.option("--timeout", type=click.FloatRange(0.1, 60), default=5, show_default=True, help="Seconds to wait.")
@language_option
def health(http_port: int, timeout: float, language: Language) -> None:
    """Tell whether the bot that runs here can do its work.

    Puts what /health says on stdout. Ends with 0 where the bot is connected, is in the event's server and can save;
    with 1 where not, or where nobody answers. For a container's health check.
    """
    # Not through a proxy of the environment's, which urllib would take even for this machine.
    connection = http.client.HTTPConnection(_HOST, http_port, timeout=timeout)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        told = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        say(phrases.nobody_answers(http_port, language))
        sys.exit(FALLS_SHORT)
    finally:
        connection.close()
    put(json.dumps(told))
    sys.exit(DONE if answer.status == http.client.OK else FALLS_SHORT)
