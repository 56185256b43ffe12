"""A person's text is shown exactly as it is, whatever Discord would make of it."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.splitting import split
from cogs.question_cards import brief
from cogs.replies import MARKS_PER_LETTER, literal

#: What Discord reads inside a line, wherever it begins. One sign of a pair is enough: the other may stand elsewhere.
INLINE = [
    re.compile(pattern)
    for pattern in (
        r"<@[!&]?\d+>",
        r"<#\d+>",
        r"<t:-?\d+(?::[tTdDfFRsS])?>",
        r"</[^<>\n]+:\d+>",
        r"<a?:\w+:\d+>",
        r"<id:\w+(?::\w+)?>",
        r"<[\w.+-]+@[\w.-]+>",
        r"<\+?[\d() -]+>",
        r"<?(?:https?|steam|tel|sms|mailto|discord)://\S+",
        r"\[[^\]]*\]\(",
        r"@(?:everyone|here)",
        r":\w+:",
        r"`",
        r"\*",
        r"_",
        r"~~",
        r"\|\|",
    )
]

#: What Discord reads at the beginning of a line.
AT_LINE_START = re.compile(r"[ \t]*(?:#{1,3} |-# |>(?:>>)? |[-*] |\d+\. )")

#: What Discord's servers look for in the text as it was sent, whatever stands before it.
ANYWHERE = re.compile(
    r"https?://\S|<@[!&]?\d+>|<#\d+>|<t:-?\d+|</[^>\n]+:\d+>|discord(?:app)?\.(?:gg|com)/|<a?:\w+:\d+>"
)

#: A backslash takes the next sign literally, where that is no letter, figure or space.
ESCAPED = re.compile(r"\\([^\w\s]|_)")

HOSTILE = [
    "[acta oficial](https://example.org)",
    "[x](<https://example.org>)",
    "# TITULO",
    "-# pequeño",
    "> cita",
    ">>> todo",
    "1. uno",
    "- uno",
    "* uno",
    "```",
    "```py\n",
    "`",
    "||",
    "**",
    "__",
    "~~",
    "<t:0:R>",
    "<t:1599576300>",
    "</pregunta:1>",
    "</informe dia:12>",
    "<#1>",
    "<@1>",
    "<@!1>",
    "<@&1>",
    "<:cara:1>",
    "<a:cara:1>",
    "<id:customize>",
    "<ana@example.org>",
    "<+50612345678>",
    "https://example.org/a_b",
    "<https://example.org>",
    "discord.gg/abc",
    "https://discord.com/channels/1/2/3",
    "@everyone",
    "@here",
    ":smile:",
    "\\",
    "\\\\",
    "\n",
    " ",
    "ñ",
    "é",
    "José Ñandú",
    "nº",
    "+",
    "(",
    ")",
    "]",
]

texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=12).map("".join)


def parsed(sent: str) -> tuple[str, list[str]]:
    """What Discord shows of a text, and the markup that it finds in it."""
    shown, found, at, line_start = [], [], 0, True
    while at < len(sent):
        if line_start and (match := AT_LINE_START.match(sent, at)):
            found.append(match[0])
        if match := ESCAPED.match(sent, at):
            shown.append(match[1])
            at, line_start = match.end(), False
            continue
        found += [match[0] for rule in INLINE if (match := rule.match(sent, at))]
        shown.append(sent[at])
        line_start = sent[at] == "\n"
        at += 1
    return "".join(shown), found + [match[0] for match in ANYWHERE.finditer(sent)]


@pytest.mark.parametrize("hostile", [each for each in HOSTILE if parsed(each)[1]])
def test_recogniser_knows_markup_and_literal_leaves_none(hostile: str) -> None:
    assert parsed(literal(hostile))[1] == []


def test_recogniser_is_not_blind() -> None:
    plain = {"\\", "\\\\", "\n", " ", "ñ", "é", "José Ñandú", "nº", "+", "(", ")", "]"}
    assert {each for each in HOSTILE if not parsed(each)[1]} == plain


@pytest.mark.trial("D7")
@given(texts)
@example("\\[acta](https://example.org)")
@example("\\`\\`\\`")
@example("<@\u20601>")
def test_literal_text_holds_nothing_that_discord_reads(text: str) -> None:
    shown, found = parsed(literal(text))
    assert found == []
    wanted = unicodedata.normalize("NFC", text)
    if not any(unicodedata.category(sign) in ("Mn", "Me", "Cf") for sign in wanted):
        assert shown.replace("\u2060", "") == wanted


@pytest.mark.trial("D4")
@pytest.mark.trial("D7")
@given(st.lists(st.sampled_from([*"*_`|[]()<>@#~\\-:.", "```", "||", "<@1>", "a", " "]), min_size=30).map("".join))
@example("*" * 999)
@example("\\" * 999)
def test_no_part_of_a_text_that_was_cut_holds_markup(text: str) -> None:
    parts = split(literal(text), 40)
    assert all(len(part) <= 40 for part in parts)
    assert [found for part in parts for found in parsed(part)[1]] == []
    shown = "".join(parsed(part)[0] for part in parts)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)


@pytest.mark.trial("D7")
@given(texts)
def test_beginning_of_a_text_holds_nothing_that_discord_reads(text: str) -> None:
    assert parsed(brief(text, 20, 40))[1] == []


@pytest.mark.trial("D7")
@pytest.mark.parametrize(
    "name",
    [
        "José Ñandú",
        "Nguyễn Thị Hồng",
        "nº",
        "محمد بن عليّ",
        "שָׁלוֹם",
        "श्रीमती गांधी",
        "กำแพงเพชร",
        "Łukasz Żółć",
        "Zoë Ñ’Diaye",
        "李小龍",
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
    ],
)
def test_real_names_stay_as_they_are(name: str) -> None:
    assert literal(name) == unicodedata.normalize("NFC", name)


@pytest.mark.trial("D7")
@pytest.mark.parametrize("mark", ["\u0301", "\u0336", "\u20dd", "\u0489", "\u0e47", "\u0334\u200d", "\u0301\u034f"])
def test_marks_do_not_pile_up_on_the_lines_around(mark: str) -> None:
    shown = literal("a" + mark * 60 + "b")
    assert sum(unicodedata.category(sign) in ("Mn", "Me") for sign in shown) <= MARKS_PER_LETTER
    assert shown.endswith("b")


@pytest.mark.trial("D7")
@given(st.text(st.sampled_from("a\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061cم")))
def test_nothing_turns_the_direction_of_what_follows(text: str) -> None:
    assert set(literal(text)) <= {"a", "م"}


@pytest.mark.trial("D7")
async def test_hostile_text_is_shown_literally_wherever_it_is_said(event: Any) -> None:
    await event.clock.run_until(event.at("2020-09-08 10:20"))
    text = "[acta](https://example.org) <t:0:R> </pregunta:1> <#1> @everyone <@&1> `` ` || \u202e# fin"
    ana, moderator = event.person("Ana"), event.moderator()
    await ana.slash("pregunta", texto=text, para="||nadie <@1> **")
    await ana.slash("mis-preguntas")
    await ana.slash("pregunta", texto=text + "x" * 1000)
    await event.clock.run_for(3)
    await moderator.slash("siguiente")
    await moderator.click(moderator.private()[-1], "question:air:1:now")
    await moderator.slash("cola")
    await event.clock.run_for(10)
    seen = [*ana.private(), *moderator.private(), *moderator.sees_in("moderacion"), *ana.sees_in("preguntas")]
    showing = [message for message in seen if "acta" in message.text]
    assert {message.channel.name for message in showing} >= {"moderacion", "preguntas"}
    assert len({message.message.id for message in showing}) >= 5
    shown_literally = r"\[acta\]\(https\:" + "\u2060" + r"//example\.org\) \<t\:0\:R\> \</pregunta\:1\> \<\#1\> \@"
    for message in showing:
        assert shown_literally in message.text, message.text
        assert message.pinged == []
        assert "||nadie" not in message.text
        assert "\u202e" not in message.text


@pytest.mark.trial("D4")
@pytest.mark.parametrize("sign", ["*", "\\", "`", "é", "👩‍👧"])
async def test_longest_question_is_posted_whole_whatever_it_is_made_of(event: Any, sign: str) -> None:
    await event.clock.run_until(event.at("2020-09-08 10:20"))
    count = event.config.questions.maximum_length // len(sign) - 1
    moderator, ana = event.moderator(), event.person("Ana")
    await ana.slash("pregunta", texto="Ñ" + sign * count)
    await moderator.slash("siguiente")
    await moderator.click(moderator.private()[-1], "question:air:1:now")
    await event.clock.run_for(10)
    posts = [message for message in ana.sees_in("preguntas") if not message.ephemeral]
    assert all(len(post.content.encode("utf-16-le")) // 2 <= 2000 for post in posts)
    shown = "".join(parsed(post.content)[0] for post in posts)
    # The bot's own heading and quotation hold none of these signs, but for what they are made of.
    assert shown.count(sign) == count
    assert shown.count("Ñ") == 1
