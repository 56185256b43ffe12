"""config.toml: closed, and every mistake at once with its place."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agenda_mistakes import AgendaMistake
from bot.config import ConfigMistake, ConfigMistakes, load, read
from bot.config_values import country_codes
from bot.phrases.mistakes import report
from bot.toml_lines import lines_of
from tests.domain.agendas import WORKSHOP, a_config, a_document, a_session

HOME = Path("/nowhere")
ONE_DAY = a_session("8/9/2026", ("09:00-10:00", "opening"))


def mistakes_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    """The path and kind of each mistake; what each says exists in both languages."""
    with pytest.raises(ConfigMistakes) as caught:
        read(document, HOME)
    for language in ("es", "en"):
        assert "{" not in report(caught.value.mistakes, language)
    return [(mistake.path, mistake.kind) for mistake in caught.value.mistakes]


def changed(path: str, value: Any) -> dict[str, Any]:
    """A valid document but for one key, given by a dotted path (numbers are places in lists)."""
    document: Any = a_document(a_session("8/9/2026", ("09:00-10:00", "opening"), ("10:00-11:00", "qa")))
    *steps, last = (int(step) if step.isdecimal() else step for step in path.split("."))
    inner = document
    for step in steps:
        inner = inner[step] if isinstance(step, int) else inner.setdefault(step, {})
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return document  # type: ignore[no-any-return]


def test_the_workshops_file_is_valid_and_holds_what_the_note_says() -> None:
    config = load(WORKSHOP)
    assert config.languages == ("es", "en")
    assert config.timezone.key == "America/Costa_Rica"
    assert config.coverage.countries == ("BZ", "CA", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "SV", "US")
    assert [(profile.key, profile.minimum) for profile in config.coverage.profiles] == [
        ("judicial", 2),
        ("migration", 2),
        ("investigation", 2),
    ]
    assert config.storage.database == WORKSHOP.parent / "data" / "estrado.db"
    assert config.storage.anonymity_key == WORKSHOP.parent / "secrets" / "anonymity.key"


def test_the_workshops_file_says_of_all_that_the_note_does_not_that_it_must_be_checked() -> None:
    text = WORKSHOP.read_text("utf-8")
    for key in ("year =", "timezone =", "languages =", "countries =", "remarks.es =", "policy =", "guild ="):
        paragraph = text[: text.index(f"\n{key}")].split("\n\n")[-1]
        assert "not in the concept note: check" in paragraph.lower(), key


def test_what_is_left_out_has_its_default() -> None:
    config = a_config()
    assert config.questions.model_dump() == {
        "policy": "rotation",
        "per_person": 5,
        "per_session": 500,
        "maximum_length": 1000,
        "opens": "session",
        "closes": "qa",
        "similar_percent": 85,
        "slow_mode_seconds": 0,
        "blocked_words": (),
    }
    assert config.announcements.reminder_minutes == 15
    assert config.attendance.register_opens_minutes == 15
    assert (config.discord.stage, config.discord.voice, config.discord.announcement_role) == (None, (), None)
    assert config.connection.maximum_connections == 300


def test_a_bare_text_serves_every_language_and_a_table_is_in_the_events_order() -> None:
    config = a_config(ONE_DAY, name={"en": "Meeting", "es": "Encuentro"})
    assert list(config.event.name.items()) == [("es", "Encuentro"), ("en", "Meeting")]
    assert config.event.sessions[0].theme == {"es": "Tema de prueba", "en": "Tema de prueba"}
    assert a_config(ONE_DAY, languages=["en"], name={"en": "Meeting"}).event.name == {"en": "Meeting"}


def test_places_are_ids_or_names() -> None:
    document = a_document()
    document["discord"] |= {"guild": 123456789012345678, "announcements": "#anuncios", "moderator_role": "@Mesa"}
    document["discord"]["questions"] = "234567890123456789"
    discord = read(document, HOME).discord
    assert (discord.guild, discord.announcements) == (123456789012345678, ("anuncios",))
    assert (discord.questions, discord.moderator_role) == (234567890123456789, "Mesa")


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    document = a_document()
    document["storage"]["anonymity_key"] = "/elsewhere/key"
    storage = read(document, tmp_path).storage
    assert (storage.database, storage.anonymity_key) == (tmp_path / "data/estrado.db", Path("/elsewhere/key"))


def test_a_configuration_cannot_be_changed() -> None:
    config = a_config()
    with pytest.raises(ValueError, match="frozen"):
        config.questions.per_person = 6  # type: ignore[misc]


ALL_WRONG = """\
colour = "blue"

[event]
name = { es = "Encuentro" }
year = 2020
timezone = "America/Bogotá"
languages = ["es", "en"]
sesions = []

[[event.sessions]]
day = "Lunes 8 de septiembre"
theme = "Uno"

[[event.sessions.blocks]]
hours = "09:00-09:30"
kind = "openning"
title = "A"
remarks.es = \"\"\"
# no comment
[no.table]
no_key = 1
\"\"\"
remarks.en = " "

[[event.sessions.blocks]]
hours = "09:20-10:00"
kind = "qa"
title = "B"
panelists = [
    # one
    { name = "Ana Prueba", institucion = "Instituto" },
]

[[event.sessions]]
day = "8 de brumario"
theme = "Dos"

[[event.sessions.blocks]]
hours = "10:00-"
kind = "exchange"
title = "A"

[coverage]
countries = ["CR", "XX", "cr"]
profiles = [
    { key = "a", name = "A", minimum = "2" },
    { key = "a", name = "B", minimum = -1 },
]

[discord]
guild = 3
announcements = ["x", "y"]
questions = "q"
moderators = "y"
organizers = "#x"
moderator_role = true

[questions]
policy = "votos"
per_person = 2.5

[privacy]
consent = "C"
recorded = "R"

[storage]
database = "data/a.db"
anonymity_key = "data/keys/key"
"""


def test_every_mistake_is_found_at_once_with_its_line_and_path(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(ALL_WRONG, "utf-8")
    with pytest.raises(ConfigMistakes) as caught:
        load(file)
    assert [(m.line, m.path, m.kind) for m in caught.value.mistakes] == [
        (1, "colour", "unknown_key"),
        (4, "event.name", "missing_language"),
        (6, "event.timezone", "unknown_zone"),
        (8, "event.sesions", "unknown_key"),
        (11, "event.sessions[0].day", "other_weekday"),
        (16, "event.sessions[0].blocks[0].kind", "not_one_of"),
        (18, "event.sessions[0].blocks[0].remarks", "empty_text"),
        (26, "event.sessions[0].blocks[1].hours", "blocks_overlap"),
        (29, "event.sessions[0].blocks[1].panelists[0].institucion", "unknown_key"),
        (35, "event.sessions[1].day", "unknown_word"),
        (39, "event.sessions[1].blocks[0].hours", "half_range"),
        (44, "coverage.countries[1]", "unknown_country"),
        (44, "coverage.countries[2]", "duplicate"),
        (45, "coverage.profiles[0].minimum", "not_whole"),
        (45, "coverage.profiles[1].key", "duplicate"),
        (45, "coverage.profiles[1].minimum", "too_small"),
        (50, "discord.organizer_role", "missing_key"),
        (54, "discord.moderators", "closed_place_is_public"),
        (55, "discord.organizers", "closed_place_is_public"),
        (56, "discord.moderator_role", "not_place"),
        (59, "questions.policy", "not_one_of"),
        (60, "questions.per_person", "not_whole"),
        (68, "storage.anonymity_key", "key_beside_database"),
    ]
    spanish, english = (report(caught.value.mistakes, language).splitlines() for language in ("es", "en"))
    assert len(spanish) == len(english) == 23
    assert spanish[2] == (
        "línea 6, event.timezone: «America/Bogotá» no es una zona horaria de IANA. ¿Quiso decir «America/Bogota»?"
    )
    assert english[3] == "line 8, event.sesions: There is no key “sesions” here. Did you mean “sessions”?"
    assert spanish[4] == (
        "línea 11, event.sessions[0].day: «Lunes 8 de septiembre» se contradice: "
        "ese día es martes (martes 8 de septiembre de 2020)."
    )


@pytest.mark.trial("S1")
def test_an_unknown_word_in_a_day_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(WORKSHOP.read_text("utf-8").replace("Jueves 10 de septiembre", "Jueves 10 de setiembro"), "utf-8")
    line = 1 + WORKSHOP.read_text("utf-8")[: WORKSHOP.read_text("utf-8").index("Jueves 10")].count("\n")
    with pytest.raises(ConfigMistakes) as caught:
        load(file)
    assert report(caught.value.mistakes, "es") == (
        f"línea {line}, event.sessions[2].day: En «Jueves 10 de setiembro» no se conoce la palabra «setiembro»."
    )


@pytest.mark.trial("S6")
@pytest.mark.parametrize(("zone", "kind"), [("America/Bogotá", "unknown_zone"), ("", "no_zone"), (" ", "no_zone")])
def test_a_zone_that_is_none_is_refused(zone: str, kind: str) -> None:
    assert mistakes_of(changed("event.timezone", zone)) == [("event.timezone", kind)]


@pytest.mark.parametrize("zone", ["Bogota", "GMT-6", "America", "../etc/passwd", "localtime", "/etc/localtime", "\0"])
def test_a_zone_that_is_no_iana_name_is_refused(zone: str) -> None:
    assert mistakes_of(changed("event.timezone", zone)) == [("event.timezone", "unknown_zone")]


@pytest.mark.parametrize(
    ("path", "value", "place", "kind"),
    [
        ("event.timezone", None, "event.timezone", "missing_key"),
        ("event.timezone", 3, "event.timezone", "not_text"),
        ("event.languages", [], "event.languages", "too_short"),
        ("event.languages", "es", "event.languages", "not_list"),
        ("event.languages", ["es", "fr"], "event.languages", "unknown_language"),
        ("event.languages", ["es", "es"], "event.languages", "duplicate"),
        ("event.name", {"es": "A", "en": "B", "fr": "C"}, "event.name", "unknown_language"),
        ("event.name", {"es": "A", "en": 1}, "event.name", "not_text"),
        ("event.name", 1, "event.name", "not_text"),
        ("event.year", 26, "event.year", "too_small"),
        ("event.year", "2020", "event.year", "not_whole"),
        ("event.year", 2020, "event.sessions[0].day", "other_year"),
        ("event.sessions", [], "event.sessions", "too_short"),
        ("event.sessions", {}, "event.sessions", "not_list"),
        ("event.sessions.0.blocks", [], "event.sessions[0].blocks", "too_short"),
        ("event.sessions.0.blocks.0", 5, "event.sessions[0].blocks[0]", "not_table"),
        ("event.sessions.0.day", 8, "event.sessions[0].day", "not_text"),
        ("event.sessions.0.day", "8/9", "event.sessions[0].day", "day_without_year"),
        ("event.sessions.0.blocks.0.hours", 9, "event.sessions[0].blocks[0].hours", "not_text"),
        ("event.sessions.0.blocks.1.hours", "08:00-08:30", "event.sessions[0].blocks[1].hours", "blocks_out_of_order"),
        ("event.sessions.0.blocks.1.hours", "09:59-11:00", "event.sessions[0].blocks[1].hours", "blocks_overlap"),
        ("event.sessions.0.blocks.0.kind", "qa", "event.sessions[0].blocks[1].kind", "second_qa"),
        ("event.sessions.0.blocks.0.remarks", "", "event.sessions[0].blocks[0].remarks", "empty_text"),
        (
            "event.sessions.0.blocks.0.panelists",
            [{"name": " "}],
            "event.sessions[0].blocks[0].panelists[0].name",
            "empty_text",
        ),
        ("coverage", None, "coverage", "missing_key"),
        ("coverage", 5, "coverage", "not_table"),
        ("coverage.countries", [], "coverage.countries", "too_short"),
        ("coverage.countries.0", "EU", "coverage.countries[0]", "unknown_country"),
        ("coverage.countries.0", 5, "coverage.countries[0]", "not_text"),
        ("coverage.profiles.0.key", "Judicial", "coverage.profiles[0].key", "not_key"),
        ("certificates", {"days": 5}, "certificates.days", "more_days_than_sessions"),
        ("certificates", {"days": 0}, "certificates.days", "too_small"),
        ("certificates", {"minutes_percent": 101}, "certificates.minutes_percent", "too_large"),
        ("certificates", {"signatories": ["a", "b", "c", "d"]}, "certificates.signatories", "too_long"),
        ("discord.announcements", [], "discord.announcements", "too_short"),
        ("discord.announcements", ["a", "#a"], "discord.announcements[1]", "duplicate"),
        ("discord.announcements", ["sesión", "Sesio\u0301n"], "discord.announcements[1]", "duplicate"),
        ("discord.organizers", "#Preguntas", "discord.organizers", "closed_place_is_public"),
        ("discord.roles", {"attendee": "@moderación"}, "discord.roles.attendee", "role_of_staff"),
        ("discord.roles", {"countries": {"FR": "Francia"}}, "discord.roles.countries.FR", "role_of_nobody"),
        ("discord.roles", {"countries": {"CR": "Organización"}}, "discord.roles.countries.CR", "role_of_staff"),
        ("discord.roles", {"profiles": {"fiscal": "Fiscalía"}}, "discord.roles.profiles.fiscal", "role_of_nobody"),
        ("discord.organizers", "preguntas", "discord.organizers", "closed_place_is_public"),
        ("discord.guild", "#", "discord.guild", "empty_text"),
        ("discord.guild", -1, "discord.guild", "not_place"),
        ("discord.guild", 1.5, "discord.guild", "not_place"),
        ("discord.token", "secret", "discord.token", "unknown_key"),
        ("questions.per_person", 0, "questions.per_person", "too_small"),
        ("questions.per_person", True, "questions.per_person", "not_whole"),
        ("questions.maximum_length", 4001, "questions.maximum_length", "too_large"),
        ("connection.send_timeout_seconds", "10", "connection.send_timeout_seconds", "not_number"),
        ("connection.send_timeout_seconds", float("nan"), "connection.send_timeout_seconds", "not_number"),
        ("announcements.late_after_minutes", 0, "announcements.late_after_minutes", "too_small"),
        ("storage.database", "data/", "storage.database", "not_file"),
        ("storage.database", 1, "storage.database", "not_text"),
        ("storage.anonymity_key", "data/key", "storage.anonymity_key", "key_beside_database"),
        ("storage.anonymity_key", "data/../data/keys/key", "storage.anonymity_key", "key_beside_database"),
        ("backups.folder", "secrets", "storage.anonymity_key", "key_beside_database"),
        ("backups.folder", ".", "storage.anonymity_key", "key_beside_database"),
        ("backups.folder", "", "backups.folder", "empty_text"),
        ("backups.keep", -1, "backups.keep", "too_small"),
    ],
)
def test_a_mistake_is_named_at_its_place(path: str, value: Any, place: str, kind: str) -> None:
    assert mistakes_of(changed(path, value)) == [(place, kind)]


@pytest.mark.parametrize("kind", AgendaMistake.__subclasses__(), ids=lambda kind: kind.kind)
def test_every_mistake_about_days_and_hours_has_words_of_its_own(kind: type[AgendaMistake]) -> None:
    mistake = ConfigMistake("event", kind.kind, dict.fromkeys((*kind.__annotations__, "zone"), "…"))
    unknown = ConfigMistake("event", "of no kind that there is")
    assert report([mistake], "es") != report([unknown], "es") == "event: El valor no es válido."


def test_days_that_repeat_or_go_back_are_refused() -> None:
    days = ["9/9/2026", "8/9/2026", "miércoles 9 de septiembre de 2026"]
    sessions = [a_session(day, ("09:00-10:00", "opening")) for day in days]
    assert mistakes_of(a_document(*sessions)) == [
        ("event.sessions[1].day", "sessions_out_of_order"),
        ("event.sessions[2].day", "same_day_twice"),
    ]


def test_hours_that_the_clocks_skip_or_repeat_are_refused() -> None:
    sessions = [a_session("25/10/2026", ("02:30-04:00", "opening")), a_session("28/3/2027", ("01:00-02:30", "opening"))]
    assert mistakes_of(a_document(*sessions, timezone="Europe/Madrid")) == [
        ("event.sessions[0].blocks[0].hours", "ambiguous_hour"),
        ("event.sessions[1].blocks[0].hours", "missing_hour"),
    ]


def test_a_wrong_year_is_one_mistake_and_not_one_a_day() -> None:
    sessions = [a_session(f"{day} de septiembre", ("09:00-10:00", "opening")) for day in (8, 9)]
    assert mistakes_of(a_document(*sessions, year="dos mil")) == [("event.year", "not_whole")]


def test_a_file_that_is_missing_unreadable_or_no_toml_is_refused(tmp_path: Path) -> None:
    def refused(content: bytes | None) -> tuple[str, int | None, str]:
        file = tmp_path / "config.toml"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ConfigMistakes) as caught:
            load(file)
        (mistake,) = caught.value.mistakes
        assert report([mistake], "en") != report([mistake], "es")
        return mistake.path, mistake.line, mistake.kind

    assert refused(None) == ("", None, "missing_file")
    assert refused(b'a = 1\nb = "x\nc = 2\n') == ("", 2, "not_toml")
    assert refused(b"a = 1\na = 2\n") == ("", 2, "not_toml")
    assert refused(b"a = [\n") == ("", 2, "not_toml")
    assert refused("a = 1\nb = 'ñ'\n".encode("latin-1")) == ("", 2, "not_utf8")
    with pytest.raises(ConfigMistakes) as caught:
        load(tmp_path)
    assert [mistake.kind for mistake in caught.value.mistakes] == ["unreadable_file"]


def test_a_file_written_on_windows_is_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbf" + WORKSHOP.read_bytes().replace(b"\n", b"\r\n"))
    assert load(file).agenda == load(WORKSHOP).agenda


def test_lines_are_known_of_headers_and_keys_in_any_form() -> None:
    text = '\n# [x]\na.b = 1\n[t]\n"q r" = """\n[no]\nz = 1"""\nl = [\n 1, # ]\n 2]\n'
    text += '[[t.u]]\nk = "]"\n[[t.u]]\n[t.u.v]\nk=1'
    assert lines_of(text) == {
        ("a",): 3,
        ("a", "b"): 3,
        ("t",): 4,
        ("t", "q r"): 5,
        ("t", "l"): 8,
        ("t", "u", 0): 11,
        ("t", "u", 0, "k"): 12,
        ("t", "u", 1): 13,
        ("t", "u", 1, "v"): 14,
        ("t", "u", 1, "v", "k"): 15,
    }


def test_countries_are_those_of_iso_and_no_unions() -> None:
    codes = country_codes()
    assert {"BZ", "CA", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "SV", "US", "ES", "GB"} <= codes
    assert not {"EU", "UN", "ZZ", "UK", "XK"} & codes
    assert len(codes) == 249


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_key_it_is_a_configuration_or_a_report_of_mistakes(data: st.DataObject) -> None:
    document: Any = a_document(a_session("8/9/2026", ("09:00-10:00", "opening"), ("10:00-11:00", "qa")))
    inner = document
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(inner[key], dict | list) or not inner[key] or data.draw(st.booleans()):
            inner[key] = data.draw(_JUNK)
            break
        inner = inner[key]
    assert "El valor no es válido." not in _report(document)


def _report(document: dict[str, Any]) -> str:
    """What is said of the mistakes; nothing where there are none."""
    try:
        read(document, HOME)
    except ConfigMistakes as mistakes:
        return report(mistakes.mistakes, "es") + report(mistakes.mistakes, "en")
    return ""
