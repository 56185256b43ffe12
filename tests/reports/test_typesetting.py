"""Documents by typst: what is in them is text, and the same everywhere."""

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotTypeset
from bot.reports import typesetting
from bot.reports.typesetting import Typeset, typeset
from tests.reports.pdfs import properties, texts

AT = datetime(2020, 9, 12, 15, 30, tzinfo=UTC)
TEMPLATES = Path(typesetting.__file__).parent

HOSTILE = [
    '#import "@preview/cetz:0.2.2"',
    '#read("style.typ")',
    '#eval("1+1") $x^2$ `raw` *bold* _it_ @ref <label> \\ ~ -- ... [a](http://b) //c /* d */ = e',
    '"quoted" \\u{41} {"json": [1]} #sys.inputs ${HOME}',
    "José Ñandú, Søren Łukasz Őrsi, Nguyễn Thị Ánh, Ωμέγα, Иванов",
]


def certificate(name: str, **more: Any) -> dict[str, Any]:
    """What the template of certificates wants, in the least."""
    page = dict.fromkeys(("event", "kind", "of", "awarded", "attended", "when", "code_name", "issued", "check"), "x")
    page |= {"language": "es", "name": name, "from": "y", "figures": ["z"], "number": "N.º 001", "code": "AAAA"}
    page |= {"corrected": None, "signatories": ["Firma"], **more}
    return {"language": "es", "title": "Título", "date": [2020, 9, 12], "certificates": [page]}


def made(name: str, **more: Any) -> Typeset:
    return typeset("certificates", certificate(name, **more), made_at=AT)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_somebody_is_called_is_text(name: str) -> None:
    (text,) = texts(made(name).pdf)
    assert name.replace(" ", "") in text.replace(" ", "")


def test_same_data_give_the_same_bytes_and_the_date_is_the_one_that_is_given() -> None:
    first = made("Ana Prueba")
    assert made("Ana Prueba") == first
    assert properties(first.pdf)["/Title"] == "Título"
    assert properties(first.pdf)["/CreationDate"].startswith("D:20200912")
    assert typeset("certificates", certificate("Ana Prueba"), made_at=AT).pdf == first.pdf
    assert made("Ben Ensayo") != first


def test_letters_that_no_typeface_has_are_told_and_a_square_stands_for_them() -> None:
    whole = made("Ana 李明 Prueba", **{"from": "李 · 外"})
    assert set(whole.missing) == set("李明外")
    (text,) = texts(whole.pdf)
    assert "Ana □□ Prueba" in text
    assert made("Ana Prueba").missing == ""


def test_nothing_is_logged_of_what_is_in_a_document(caplog: pytest.LogCaptureFixture) -> None:
    made("Ana Prueba")
    assert caplog.records == []
    made("Ana 李明")
    assert [record.getMessage() for record in caplog.records] == [
        "typesetting.letters_missing template=certificates count=2"
    ]


def test_what_cannot_be_made_is_a_refusal_and_the_log_says_why(caplog: pytest.LogCaptureFixture) -> None:
    data = certificate("Ana")
    del data["certificates"][0]["event"]
    with pytest.raises(NotTypeset) as refused:
        typeset("certificates", data, made_at=AT)
    assert refused.value.document == "certificates"
    assert "event" in caplog.text
    assert "Ana" not in caplog.text
    with pytest.raises(NotTypeset):
        typeset("nowhere", {}, made_at=AT + timedelta(days=1))


def test_no_network_and_no_package_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert made(HOSTILE[0]).pdf
    for template in TEMPLATES.glob("*.typ"):
        assert "@preview" not in template.read_text("utf-8")


def test_fonts_are_those_that_typst_brings() -> None:
    import pypdf  # noqa: PLC0415 -- one test needs it

    reader = pypdf.PdfReader(__import__("io").BytesIO(made("Ana 李").pdf))
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1] for font in reader.pages[0]["/Resources"]["/Font"].values()
    }
    assert {name.split("-")[0] for name in fonts} <= {"LibertinusSerif", "DejaVuSansMono", "NewCMMath", "NewCM10"}
