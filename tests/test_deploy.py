"""What docs/deploy.md, the container and the compose file say fits together, and fits the program."""

import re
import shlex
import tomllib

import click
import pytest
from click import Group, Option

from bot.cli import main
from bot.operator.monitoring import families
from tests.factories import CONFIG_FILE
from tests.test_monitoring import WELL

ROOT = CONFIG_FILE.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text("utf-8")
DEPLOY = (ROOT / "docs" / "deploy.md").read_text("utf-8")

#: The variables by which options can be given.
VARIABLES = {
    option.envvar
    for command in main.commands.values()
    if not isinstance(command, Group)
    for option in command.params
    if isinstance(option, Option) and isinstance(option.envvar, str)
}


def unit() -> dict[str, list[str]]:
    """The systemd unit, each key with what stands behind it."""
    (text,) = re.findall(r"^```ini\n(.*?)^```$", DEPLOY, re.MULTILINE | re.DOTALL)
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def parsed(arguments: list[str]) -> None:
    """Let the program read a command line, without doing it; raises click's errors."""
    command = main.commands[arguments[0]]
    # Within the program, as when it is started: a command keeps the names of its help from the first time.
    program = click.Context(main, info_name="estrado", **main.context_settings)
    command.make_context(arguments[0], arguments[1:], parent=program, resilient_parsing=False).close()


def test_unit_starts_the_program_with_options_that_it_has() -> None:
    (line,) = unit()["ExecStart"]
    path, *arguments = shlex.split(line)
    assert path.endswith("/bin/estrado")
    parsed(arguments)
    assert unit()["User"] == ["estrado"]
    assert unit()["ReadWritePaths"] == unit()["WorkingDirectory"]
    # A wrong configuration is not mended by starting again.
    assert unit()["RestartPreventExitStatus"] == ["2"]


def test_unit_gives_the_token_as_a_file_and_nowhere_else() -> None:
    (credential,) = unit()["LoadCredential"]
    assert f"DISCORD_TOKEN_FILE=%d/{credential.partition(':')[0]}" in unit()["Environment"]
    assert not any(value.startswith("DISCORD_TOKEN=") for value in unit()["Environment"])


def test_both_supervisors_wait_longer_than_the_bot_needs() -> None:
    waits = [*unit()["TimeoutStopSec"], *re.findall(r"stop_grace_period: (\d+)s", COMPOSE)]
    assert [int(seconds) > 10 for seconds in waits] == [True, True]


def test_container_runs_as_nobody_in_particular_and_writes_where_the_configuration_has_its_files() -> None:
    assert re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE) == [("10001", "10001")]
    storage = tomllib.loads(CONFIG_FILE.read_text("utf-8"))["storage"]
    folders = {f"/event/{storage[key].partition('/')[0]}" for key in ("database", "anonymity_key")}
    (volumes,) = re.findall(r"^VOLUME \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    assert {volume.strip('" ') for volume in volumes.split(",")} == folders
    # Two volumes, never one.
    mounted = dict(re.findall(r"^      - (\w+):(/event/\w+)$", COMPOSE, re.MULTILINE))
    assert set(mounted.values()) == folders
    assert len(mounted) == 2
    for wanted in ("read_only: true", "no-new-privileges:true", "cap_drop:\n      - ALL"):
        assert wanted in COMPOSE
    # Nothing is published.
    assert "ports:" not in COMPOSE
    assert "EXPOSE" not in DOCKERFILE


def test_container_asks_itself_how_it_is_doing(monkeypatch: pytest.MonkeyPatch) -> None:
    (asked,) = re.findall(r"HEALTHCHECK .*CMD \[(.*)\]$", DOCKERFILE, re.MULTILINE)
    program, *arguments = (word.strip('" ') for word in asked.split(","))
    assert program == "estrado"
    for variable, value in re.findall(r"\b(ESTRADO_\w+)=(\S+)", DOCKERFILE):
        assert variable in VARIABLES
        monkeypatch.setenv(variable, value)
    parsed(arguments)
    parsed(["run"])


def test_only_what_is_built_from_goes_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]
    }
    assert kept == copied
    assert not kept & {"data", "secrets", "config.toml", "."}


def test_every_metric_is_in_the_table() -> None:
    written = set(re.findall(r"`(estrado_\w+)`", "\n".join(re.findall(r"^\| (.*?) \|", DEPLOY, re.MULTILINE))))
    assert written == {family.name for family in families(WELL)}
