"""The picture: nothing is clipped or overlaps, it has a ground of its own, and it is the same every time."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

from bot.agenda import Block, BlockKind
from bot.clock import to_ms
from bot.event_coverage import event_delegations
from bot.ids import BlockKey
from bot.languages import LANGUAGES
from bot.phrases.described import DESCRIPTION_LENGTH, described, event_described
from bot.reports.chart import day_page, final_page
from bot.reports.page import Page
from bot.summary_values import Basis
from tests.reports.days import (
    CONFIG,
    EVENT,
    FORTY,
    LONG_PROFILES,
    LONG_SESSION,
    SESSION,
    final_of,
    minutes_in,
    summary_of,
    through,
)

HOLES = (minutes_in(SESSION, 20, 24), minutes_in(SESSION, 70, 85.5), minutes_in(SESSION, 100, 100.02))
NOW = SESSION.starts_at + timedelta(minutes=50)
MANY_BLOCKS = replace(
    SESSION,
    blocks=tuple(
        Block(
            BlockKey(f"2020-09-08/{n + 1}"),
            BlockKind.BREAK if n % 2 else BlockKind.EXCHANGE,
            {"es": f"Parte {n + 1}"},
            SESSION.starts_at + timedelta(minutes=5 * n),
            SESSION.starts_at + timedelta(minutes=5 * n + 5),
            "09:00-09:05",
        )
        for n in range(24)
    ),
)


def event_page() -> Page:
    final = final_of(["Ana García", "José Ñandú"])
    lines = event_delegations(final, CONFIG.coverage)
    drawn = [through(session, 20 * session.number) for session in EVENT.sessions]
    return final_page(final, lines, drawn, EVENT, LANGUAGES)


PAGES: dict[str, Callable[[], Page]] = {
    "full": lambda: day_page(summary_of(unknown=HOLES), through(SESSION, 60, HOLES), EVENT, LANGUAGES),
    "spanish": lambda: day_page(summary_of(), through(SESSION, 7), EVENT, ("es",)),
    "english": lambda: day_page(summary_of(people=(3, 2)), through(SESSION, 1234), EVENT, ("en",)),
    "empty": lambda: day_page(summary_of(people=(0,)), through(SESSION, 0), EVENT, LANGUAGES),
    "one person": lambda: day_page(summary_of(people=(0,)), through(SESSION, 1), EVENT, LANGUAGES),
    "forty countries": lambda: day_page(summary_of(codes=FORTY), through(SESSION, 350), EVENT, LANGUAGES),
    "nobody expected": lambda: day_page(summary_of(codes=(), profiles=()), through(SESSION, 5), EVENT, LANGUAGES),
    "long names": lambda: day_page(
        summary_of(LONG_SESSION, codes=FORTY[-6:], profiles=LONG_PROFILES, unknown=HOLES),
        through(LONG_SESSION, 12_000, HOLES),
        EVENT,
        LANGUAGES,
    ),
    "many blocks": lambda: day_page(summary_of(MANY_BLOCKS), through(MANY_BLOCKS, 40), EVENT, LANGUAGES),
    "not measured": lambda: day_page(summary_of(basis=Basis.DECLARED, blocks=()), (), EVENT, LANGUAGES),
    "under way": lambda: day_page(
        summary_of(provisional=True, as_of=NOW), through(SESSION, 33, until=to_ms(NOW)), EVENT, LANGUAGES
    ),
    "not begun": lambda: day_page(
        summary_of(provisional=True, as_of=SESSION.starts_at - timedelta(hours=1)), (), EVENT, LANGUAGES
    ),
    "nothing seen": lambda: day_page(summary_of(unknown=(minutes_in(SESSION, -5, 130),)), (), EVENT, LANGUAGES),
    "whole event": event_page,
}


@pytest.mark.parametrize("name", PAGES)
def test_no_text_is_clipped_or_overlaps_another(name: str) -> None:
    figure = PAGES[name]().figure()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = canvas.get_width_height()
    boxes = []
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_text().strip():
            box = text.get_window_extent(canvas.get_renderer())
            # Letters without descenders do not reach what their box leaves for them.
            boxes.append((text.get_text(), box.x0, box.y0 + 0.5, box.x1, box.y1 - 0.5))
    assert len(boxes) > 15
    for said, left, low, right, high in boxes:
        assert 0 <= left < right <= width, said
        assert 0 <= low < high <= height, said
    for (one, *a), (other, *b) in combinations(boxes, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one, other)


@pytest.mark.parametrize("name", ["full", "empty", "long names", "whole event"])
def test_picture_has_a_ground_of_its_own_and_is_the_same_every_time(name: str) -> None:
    content = PAGES[name]().png()
    assert content == PAGES[name]().png()
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)
        # As wide as a telephone's screen is in its own pixels, so that letters of 22 and more are read there.
        assert 1000 < picture.width < 1600
        corners = [(0, 0), (picture.width - 1, 0), (0, picture.height - 1)]
        assert {picture.convert("RGB").getpixel(corner) for corner in corners} == {(243, 245, 248)}
        assert "Software" not in picture.info
    assert len(content) < 1024 * 1024


def test_letters_that_mean_something_to_matplotlib_are_shown_as_they_are() -> None:
    session = replace(SESSION, theme={"es": r"Costos de $100 a $200 y \alpha_{1}"})
    figure = day_page(summary_of(session), through(session, 5), EVENT, ("es",)).figure()
    texts = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]
    assert r"Costos de $100 a $200 y \alpha_{1}" in texts
    FigureCanvasAgg(figure).draw()


class TestDescription:
    def test_says_what_the_picture_shows(self) -> None:
        said = described(summary_of(unknown=HOLES), through(SESSION, 60, HOLES), EVENT, "es")
        assert said.startswith("Asistencia del martes 8 de septiembre. 118 personas presentes; declararon presencia ")
        assert "Máximo a la vez: 60, a las 09:24." in said
        assert "Sin datos: 09:20-09:24, 10:10-10:25:30, 10:40-10:40:01." in said
        assert "09:00-09:30 Palabras de Inauguración, 30;" in said
        assert "Belice 2/2 1/2 0/2;" in said

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_never_longer_than_discord_takes_and_names_gaps_before_it_leaves_them_out(self, language: str) -> None:
        many = summary_of(LONG_SESSION, codes=FORTY, profiles=LONG_PROFILES)
        said = described(many, through(LONG_SESSION, 60), EVENT, language)  # type: ignore[arg-type]
        assert len(said) <= DESCRIPTION_LENGTH
        short = described(summary_of(codes=FORTY), through(SESSION, 60), EVENT, language)  # type: ignore[arg-type]
        assert len(short) <= DESCRIPTION_LENGTH
        assert "40" in short

    def test_of_the_event_names_each_day_and_the_coverage(self) -> None:
        final = final_of(["Ana García"])
        said = event_described(final, event_delegations(final, CONFIG.coverage), "es")
        assert "martes 8 de septiembre: 118; miércoles 9 de septiembre: 118;" in said
        assert "Costa Rica 1/2 0/2 0/2" in said
        assert "Ana" not in said
