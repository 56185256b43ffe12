"""What may be listed to read: addresses that people can be sent to, and names of documents."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load
from bot.config_mistakes import ConfigMistakes
from bot.links import web_link
from bot.materials import FILE_NAME_LENGTH, file_name_kept
from tests.factories import CONFIG_FILE


@pytest.mark.parametrize(
    "link",
    ["https://example.org", "https://example.org:8443/a_b?c=d#e", "HTTPS://example.org/ñ", "https://a.b.example/%20"],
)
def test_whole_address_on_the_web_stays_as_it_is(link: str) -> None:
    assert web_link(f" {link}\n") == link


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://",
        "http://example.org",
        "//example.org",
        "https://intranet/x",
        "https://.",
        "https://10.0.0.1",
        "https://[2001:db8::1]/",
        "https://ana@example.org",
        "https://example.org:99999999/",
        "https://example.org/a b",
        "https://example.org/<@1>",
        "https://example.org/`x`",
        "https://example.org/\u202etxt.exe",
        "https://example.org/" + "x" * 500,
    ],
)
def test_what_people_should_not_be_sent_to_is_no_link(link: str) -> None:
    assert web_link(link) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("nota.pdf", "nota.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\c\\nota.pdf", "nota.pdf"),
        (".pdf", "pdf"),
        ("\u202enota.pdf", "nota.pdf"),
        ("   ", "documento"),
        ("a" * 200 + ".pdf", "a" * 96 + ".pdf"),
    ],
)
def test_name_of_a_document_has_no_folder_and_keeps_its_kind(written: str, kept: str) -> None:
    assert file_name_kept(written) == kept


@given(st.text(max_size=300))
def test_name_of_a_document_is_never_empty_or_long(written: str) -> None:
    kept = file_name_kept(written)
    assert 0 < len(kept) <= FILE_NAME_LENGTH
    assert not {"/", "\\", "\n"} & set(kept)


def configured(folder: Path, source: str) -> Path:
    """The workshop with one material on its first day."""
    theme = 'theme = { es = "Técnicas'
    material = f'materials = [{{ title = "Nota", source = {source} }}]\n'
    file = folder / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8").replace(theme, material + theme, 1), "utf-8")
    return file


def test_configuration_names_an_address_or_a_document_beside_it(tmp_path: Path) -> None:
    (linked,) = load(configured(tmp_path, '"https://example.org/nota"')).event.sessions[0].materials
    assert linked.source == "https://example.org/nota"
    (document,) = load(configured(tmp_path, '"docs/nota.pdf"')).event.sessions[0].materials
    assert document.source == tmp_path / "docs" / "nota.pdf"


@pytest.mark.parametrize(
    ("source", "kind"), [('"http://example.org"', "not_link"), ('""', "not_file"), ("7", "not_text")]
)
def test_what_is_neither_is_a_mistake_with_its_place(tmp_path: Path, source: str, kind: str) -> None:
    with pytest.raises(ConfigMistakes) as raised:
        load(configured(tmp_path, source))
    (mistake,) = raised.value.mistakes
    assert (mistake.path, mistake.kind) == ("event.sessions[0].materials[0].source", kind)
    assert mistake.line is not None
