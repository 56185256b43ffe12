"""How somebody goes out of the database: under a number drawn by lot their rows count on, and nothing says whose."""

import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from sqlite3 import Connection

from bot.clock import to_ms
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.lookalikes import flags_of
from bot.question_text import fold, words_of
from bot.storage.erasure_posts import ErasurePosts
from bot.storage.personal import ERASED, LAST, PEOPLE, QUOTING, Fate, PersonColumn
from bot.storage.queries import load
from bot.storage.question_texts import QuestionTexts
from bot.storage.question_turns import QuestionTurns

queries = load("erasing")

#: Names of fewer words, and shorter texts, are in too many others to be taken for a quotation.
_NAME_WORDS, _TEXT_LENGTH = 2, 12


class Erasing:
    """One erasure, at `at`. `there_until` is when those who are erased were last in the room, where that is now; else
    it is what the register saw last."""

    def __init__(self, connection: Connection, at: datetime, there_until: datetime | None = None) -> None:
        self._connection = connection
        self._at = at
        self._there_until = there_until
        self._posts = ErasurePosts(connection)

    def of_person(self, person: PersonId, names: Sequence[str]) -> list[QuestionNumber]:
        """Erase the person; which questions were theirs. `names` are those under which Discord shows them, where that
        is known. Anonymous questions are left."""
        registered = queries.name_of(self._connection, person=person)
        expected = [row["name"] for row in queries.names_expected_of(self._connection, person=person)]
        full_names = list(dict.fromkeys([name for name in (registered, *expected) if name]))
        numbers = [QuestionNumber(row["number"]) for row in queries.numbers_of(self._connection, person=person)]
        numbers += self._filed_for(full_names, numbers)
        names_told = [name for name in full_names if len(name.split()) >= _NAME_WORDS]
        if registered is not None:
            queries.expect_no_more(
                self._connection,
                account=json.dumps([name.lower() for name in names]),
                words=" ".join(sorted(fold(registered).split())),
                person=person,
            )
        self._forget_flags(person)
        self._rekey({person: _surrogate()})
        self.of_questions(numbers, names_told)
        return numbers

    def of_everybody(self) -> list[QuestionNumber]:
        """Erase everybody and every word of theirs; which questions there were."""
        rows = self._connection.execute("SELECT number FROM questions ORDER BY number")
        numbers = [QuestionNumber(row["number"]) for row in rows]
        self._rekey({person: _surrogate() for person in people(self._connection)})
        for seal in seals(self._connection):
            reseal(self._connection, seal)
        for row in queries.flag_facts(self._connection):
            self._note_flag(row["value"])
        for statement in LAST:
            self._connection.execute(statement)
        self._hide_organizations(numbers)
        self._posts.note(numbers, self._at)
        self._hide_lines(None)
        return numbers

    def _rekey(self, surrogates: Mapping[PersonId, int]) -> None:
        """Put the numbers drawn by lot in the people's place, wherever they stand."""
        run = self._connection.execute
        run("CREATE TEMP TABLE IF NOT EXISTS erased_now (person INTEGER PRIMARY KEY, surrogate INTEGER NOT NULL)")
        run("DELETE FROM temp.erased_now")
        self._connection.executemany(
            "INSERT INTO temp.erased_now (person, surrogate) VALUES (?, ?)", surrogates.items()
        )
        queries.end_open_stays(self._connection, at=None if self._there_until is None else to_ms(self._there_until))
        # The rows refer to each other by the very id that changes; at the end of this all agree again.
        run("PRAGMA defer_foreign_keys = ON")
        for each in PEOPLE:
            if statement := _statement(each):
                run(statement)
        run("PRAGMA defer_foreign_keys = OFF")
        run("DELETE FROM temp.erased_now")

    def _filed_for(self, names: Sequence[str], known: Sequence[QuestionNumber]) -> list[QuestionNumber]:
        """Questions that a moderator filed under the name for somebody who was not on the server."""
        folded = {fold(name) for name in names}
        rows = queries.numbers_filed_for(self._connection, name=json.dumps(known))
        return [QuestionNumber(row["number"]) for row in rows if fold(row["filed_for"]) in folded]

    def of_questions(self, numbers: Sequence[QuestionNumber], names: Sequence[str] = ()) -> None:
        """The questions lose their texts, and so does what quotes them or bears one of the names."""
        listed = json.dumps(numbers)
        texts = [row["text"] for row in queries.texts_of(self._connection, numbers=listed)]
        quoted = [text for text in texts if len(text) >= _TEXT_LENGTH and text != ERASED]
        queries.erase_questions(self._connection, numbers=listed)
        queries.erase_earlier_texts(self._connection, numbers=listed)
        queries.erase_words_of_steps(self._connection, numbers=listed)
        queries.forget_words(self._connection, numbers=listed)
        self._hide_organizations(numbers)
        # Others may have asked the very same: it is a quotation only in what was said about these questions.
        answered = [row["number"] for row in queries.answered_with(self._connection, numbers=listed)]
        changed = self._hide_in("question_answers", "text", quoted, answered)
        for table, column in QUOTING:
            changed |= self._hide_in(table, column, names, None)
        for name in names:
            changed |= self._hide_in_questions(name)
        self._posts.note([*numbers, *changed], self._at)
        self._hide_lines(frozenset((*numbers, *changed)))

    def _hide_in(
        self, table: str, column: str, quoted: Sequence[str], numbers: Sequence[int] | None
    ) -> set[QuestionNumber]:
        """Take what is quoted out of what others wrote, about these questions or about any; the questions whose public
        posts it was in."""
        if not quoted:
            return set()
        changed: set[QuestionNumber] = set()
        rows = self._connection.execute(
            f"SELECT rowid AS id, number, {column} AS text FROM {table} "
            f"WHERE {column} IS NOT NULL AND (?1 IS NULL OR number IN (SELECT value FROM json_each(?1)))",
            (None if numbers is None else json.dumps(numbers),),
        ).fetchall()
        for row in rows:
            if (hidden := without(row["text"], quoted)) != row["text"]:
                self._connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (hidden, row["id"]))
                if table == "question_answers":
                    changed.add(QuestionNumber(row["number"]))
        return changed

    def _hide_in_questions(self, quoted: str) -> set[QuestionNumber]:
        """The other questions in which it stood, or which were addressed to whose name it is."""
        folded = fold(quoted)
        addressed = [row["number"] for row in queries.addressed(self._connection, folded=folded)]
        queries.unaddress(self._connection, numbers=json.dumps(addressed))
        changed = {QuestionNumber(number) for number in addressed}
        words = words_of(folded)
        rows = queries.numbers_with_words(self._connection, words=json.dumps(words), how_many=len(words))
        for number in [row["number"] for row in rows]:
            row = queries.text_of(self._connection, number=number)
            hidden = without(row["text"], [quoted])
            if hidden != row["text"]:
                queries.set_text(self._connection, number=number, text=hidden)
                found_by = words_of(fold(hidden))
                QuestionTexts(self._connection).keep_words(
                    SessionKey(row["session_key"]), QuestionNumber(number), found_by
                )
                changed.add(QuestionNumber(number))
        return changed

    def _hide_organizations(self, numbers: Sequence[QuestionNumber]) -> None:
        """An organization's turn bears its name; the person's questions get one of their own."""
        turns, listed = QuestionTurns(self._connection), json.dumps(numbers)
        found = [tuple(row) for row in queries.organizations_of(self._connection, numbers=listed)]
        for before in dict.fromkeys(affiliation for _, affiliation in found):
            after = f"organization:erased-{secrets.token_hex(8)}"
            queries.rename_organization(self._connection, numbers=listed, before=before, after=after)
            for session in {session for session, affiliation in found if affiliation == before}:
                turns.refresh(session, before)
                turns.refresh(session, after)
        if found:
            queries.drop_empty_turns(self._connection)

    def _hide_lines(self, numbers: frozenset[QuestionNumber] | None) -> None:
        """In the kept texts of summaries, which list questions; None: every question."""
        for row in list(queries.published(self._connection)):
            texts = json.loads(row["texts"])
            hidden = [without_lines(text, numbers) for text in texts]
            if hidden != texts:
                queries.set_published(
                    self._connection,
                    session=row["session_key"],
                    channel=row["channel_id"],
                    generation=row["generation"],
                    texts=json.dumps(hidden, ensure_ascii=False),
                )

    def _forget_flags(self, person: PersonId) -> None:
        """That moderators were told of a name or a picture of the person's."""
        for row in list(queries.flag_facts(self._connection)):
            if row["name"].startswith(flags_of(person)):
                self._note_flag(row["value"])
                queries.forget_fact(self._connection, name=row["name"])

    def _note_flag(self, value: str) -> None:
        channel, _, message = value.partition("/")
        if channel.isdigit() and message.isdigit():
            self._posts.note_flag(int(channel), int(message), self._at)


def people(connection: Connection) -> set[PersonId]:
    """Everybody whose id is anywhere, erased ones apart."""
    found: set[PersonId] = set()
    for each in PEOPLE:
        rows = connection.execute(f"SELECT DISTINCT {each.column} FROM {each.table} WHERE {each.column} > 0")
        found |= {PersonId(row[0]) for row in rows}
    return found


def reseal(connection: Connection, seal: str) -> list[QuestionNumber]:
    """Put a random seal in a seal's place, so that nobody can tell any more whose it is; the questions under it."""
    numbers = [QuestionNumber(row["number"]) for row in queries.sealed_numbers(connection, seal=seal)]
    queries.reseal(connection, before=seal, after=secrets.token_hex(16))
    queries.drop_sealed_silences(connection, seal=seal)
    return numbers


def seals(connection: Connection) -> list[str]:
    """Every seal that there is."""
    return [row["seal"] for row in queries.seals(connection)]


def without(text: str, quoted: Iterable[str]) -> str:
    """The text with each quotation replaced by a sign, whatever its case and blanks; all of it, where it is quoted
    with other accents or signs."""
    for each in quoted:
        pattern = r"\s+".join(re.escape(word) for word in each.split())
        text = re.sub(rf"(?<!\w){pattern}(?!\w)", ERASED, text, flags=re.IGNORECASE)
        if f" {fold(each)} " in f" {fold(text)} ":
            return ERASED
    return text


def without_lines(text: str, numbers: frozenset[QuestionNumber] | None) -> str:
    """A list of questions with the texts of these replaced by a sign, or of all of them."""

    def hidden(line: re.Match[str]) -> str:
        is_meant = numbers is None or int(line["number"]) in numbers
        return f"{line['head']}{ERASED}" if is_meant else line[0]

    return re.sub(r"(?m)^(?P<head>- \*\*(?P<number>\d+)\*\* · ).*$", hidden, text)


def _surrogate() -> int:
    """Below zero, which no id of Discord's is."""
    return -1 - secrets.randbits(62)


def _statement(column: PersonColumn) -> str | None:
    table, name = column.table, column.column
    theirs = f"{name} IN (SELECT person FROM temp.erased_now)"
    blanked = [f"{other} = {value}" for other, value in column.blanked.items()]
    match column.fate:
        case Fate.REKEYED:
            new = f"{name} = (SELECT surrogate FROM temp.erased_now WHERE person = {table}.{name})"
            return f"UPDATE {table} SET {', '.join([new, *blanked])} WHERE {theirs}"
        case Fate.EMPTIED:
            return f"UPDATE {table} SET {', '.join([f'{name} = NULL', *blanked])} WHERE {theirs}"
        case Fate.DELETED:
            return f"DELETE FROM {table} WHERE {theirs}"
        case Fate.KEPT:
            return None
