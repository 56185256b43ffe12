"""`python -m bot` is `estrado`."""

from bot.cli import main

main(prog_name="estrado")
