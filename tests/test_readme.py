"""README.md says what the program says and does: each command, key and permission, and a rehearsal as it was."""

import re
import tomllib
from functools import cache
from urllib.parse import parse_qs, urlsplit

import click
import pytest

from bot.furnishing import running_permissions
from bot.phrases.connection import permission_name
from bot.rehearsal.hall import BOT_PERMISSIONS
from tests import readme
from tests.factories import CONFIG_FILE

ROOT = CONFIG_FILE.parent
DOCUMENTS = ("README.md", "docs/guia.md", "docs/guide.md", "docs/architecture.md", "docs/deploy.md")

TEXT = readme.README.read_text("utf-8")

rehearsed = cache(readme.rehearsed)


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = re.split(rf"^## {heading}$", TEXT, flags=re.MULTILINE)[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def words(text: str) -> str:
    return " ".join(text.split())


def test_everything_that_is_made_from_the_program_is_up_to_date() -> None:
    assert readme.refreshed(TEXT, rehearsed) == TEXT, "python -m tests.readme makes it anew"


def test_help_of_each_command_is_there_and_of_no_other() -> None:
    named = [name.removeprefix("help: ") for name in readme.parts(TEXT) if name.startswith("help: ")]
    assert named == list(readme.command_lines())


def test_transcript_slash_commands_and_benchmarks_are_there() -> None:
    named = [name for name in readme.parts(TEXT) if not name.startswith("help: ")]
    assert named == ["transcript", "slash commands", "benchmarks"]


def test_what_was_measured_stays_as_it_is() -> None:
    measured = "<!-- benchmarks -->\n| what | measured |\n<!-- end -->\n"
    assert readme.refreshed(measured, rehearsed) == measured


def test_part_that_nothing_makes_is_not_passed_over() -> None:
    with pytest.raises(KeyError, match="helb: estrado"):
        readme.refreshed("<!-- helb: estrado -->\n<!-- end -->\n", rehearsed)


def test_transcript_is_of_the_rehearsal_that_the_page_names_and_shows_a_whole_day() -> None:
    assert f'make rehearse OPTIONS="{readme.REHEARSAL}"' in TEXT
    shown = readme.excerpt(rehearsed())
    for said in ("## Tema 1:", "## Theme 1:", "[Preguntar / Ask]", "## Pregunta 1 al aire", "## Summary of Tuesday"):
        assert said in shown


def test_table_of_slash_commands_has_each_command_with_its_options() -> None:
    written = {row[0].split("`")[1]: row for row in rows("Slash commands")}
    written = {_command_in(signature): row for signature, row in written.items()}
    assert set(written) == {f"/{command.qualified_name}" for command in readme.slash()}
    for command in readme.slash():
        row = written[f"/{command.qualified_name}"]
        for option in getattr(command, "parameters", ()):
            assert str(option.display_name) in row[0]
            assert readme.english(option.description) in row[2]
    assert {row[1] for row in written.values()} == {"everybody", "moderators, organizers", "organizers"}


def _command_in(signature: str) -> str:
    """The command of "/informe preguntas [dia]", without its options."""
    names = [f"/{command.qualified_name}" for command in readme.slash()]
    return max((name for name in names if f"{signature} ".startswith(f"{name} ")), key=len, default=signature)


def test_commands_of_a_messages_menu_are_told() -> None:
    assert readme.menus() == ["Convertir en pregunta"]
    section = re.split(r"^## Slash commands$", TEXT, flags=re.MULTILINE)[1].split("\n## ")[0]
    for name in readme.menus():
        assert f"*{name}*" in section


def test_table_of_the_configuration_has_each_key_with_its_default_and_no_other() -> None:
    written = [(row[0].strip("`"), row[1]) for row in rows("Configuration")]
    assert written == list(readme.config_keys())
    assert all(len(row) == 3 and row[2] for row in rows("Configuration"))


def test_every_key_of_the_real_configuration_is_one_of_the_table() -> None:
    # The walk over the models finds what a file may really hold.
    used = set(_paths(tomllib.loads(CONFIG_FILE.read_text("utf-8"))))
    assert used - {key for key, _ in readme.config_keys()} == set()


def _paths(value: object, path: str = "") -> list[str]:
    is_text = isinstance(value, dict) and set(value) <= {"es", "en"}
    if isinstance(value, dict) and not is_text:
        return [found for key, inner in value.items() for found in _paths(inner, f"{path}.{key}" if path else key)]
    if isinstance(value, list) and value and isinstance(value[0], dict) and not set(value[0]) <= {"es", "en"}:
        return [found for inner in value for found in _paths(inner, f"{path}[]")]
    return [path]


def test_invitation_asks_for_the_least_that_is_needed() -> None:
    (link,) = re.findall(r"https://discord\.com/oauth2/authorize\?\S+", TEXT)
    asked = parse_qs(urlsplit(link).query)
    assert asked["scope"] == ["bot applications.commands"]
    assert asked["permissions"] == [str(readme.permissions().value)]
    # The rehearsal gives the bot just these, so they are enough.
    assert readme.permissions().value == BOT_PERMISSIONS
    named = re.search(r"least permissions that it can work with: ([^.]+)\.", words(TEXT))
    assert named is not None
    needed = {permission_name(name, "en").lower() for name in running_permissions()}
    assert {_singular(name) for name in named[1].split(", ")} == needed


def _singular(permission: str) -> str:
    """As a channel's settings name it; the server's speak of many channels."""
    return permission.lower().replace("view channels", "view channel")


def test_make_commands_are_those_of_the_makefile() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make (\w+)`", TEXT)) == set(phony.split()) - {"clean"}


def test_commands_and_options_that_are_named_anywhere_exist() -> None:
    known = set(readme.command_lines())
    for document in DOCUMENTS:
        text = (ROOT / document).read_text("utf-8")
        for typed in re.findall(r"`(estrado [^`]+)`", text):
            words_typed = typed.split()
            path = [word for word in words_typed if not word.startswith("-")]
            options = [word for word in words_typed if word.startswith("--")]
            while " ".join(path) not in known:
                # What follows a command is an argument of it.
                path.pop()
                assert len(path) > 1, f"{document}: {typed}"
            for option in options:
                assert option in readme.help_of(*path[1:]), f"{document}: {typed}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_within_the_repository_lead_somewhere(document: str) -> None:
    file = ROOT / document
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", file.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        found = file.parent / target if target else file
        assert found.exists(), target
        assert not anchor or anchor in _anchors(found.read_text("utf-8")), anchor


def _anchors(text: str) -> set[str]:
    """The headings as links name them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_paths_of_files_that_it_names_are_those_of_the_configuration_and_the_rehearsal() -> None:
    storage = tomllib.loads(CONFIG_FILE.read_text("utf-8"))["storage"]
    named = {row[0].split("`")[1] for row in rows("Files it makes")}
    assert {storage["database"], storage["anonymity_key"]} <= named
    (out,) = [option for option in _options("rehearse") if option.name == "out"]
    assert f"{out.default}/" in named


def _options(command: str) -> list[click.Parameter]:
    return readme.main.commands[command].params
