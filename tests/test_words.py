"""Every sentence of bot/phrases exists in English, with the same values in it, and no catalogue has one too many."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.i18n import Catalogue, catalogue

PHRASES = Path(__file__).parents[1] / "bot" / "phrases"
LOCALE = PHRASES.parent / "locale" / "en"
MODULES = sorted(module.stem for module in PHRASES.glob("*.py"))

Sentence = str | tuple[str, str]


def sentences(module: str) -> Iterator[tuple[int, Sentence]]:
    """Each sentence that a module translates, singular and plural as a pair, with its line."""
    for node in ast.walk(ast.parse((PHRASES / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("_", "sentence"):
                yield node.lineno, _constant(node.args[0], node)
            elif called == "_.plural":
                yield node.lineno, (_constant(node.args[0], node), _constant(node.args[1], node))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if ast.unparse(target) == "COMMANDS":
                yield from ((node.lineno, text) for text in _constants(node.value))


def _constant(argument: ast.expr, call: ast.Call) -> str:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    # A table's sentence, translated where it is looked up: the table marks it with sentence().
    return ""


def _constants(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def places(sentence: str) -> set[str]:
    """The named values in a sentence; a value without a name or with more than a name is shown as it is written."""
    return {
        f"{name}!{conversion}:{form}" if conversion or form or not name.isidentifier() else name
        for _, name, form, conversion in string.Formatter().parse(sentence)
        if name is not None
    }


def english(module: str) -> Catalogue:
    return catalogue(module) if (LOCALE / f"{module}.po").exists() else {}


def test_there_is_something_to_compare() -> None:
    assert {"agenda", "mistakes"} <= set(MODULES)
    assert sum(len(list(sentences(module))) for module in MODULES) > 80


@pytest.mark.parametrize("module", MODULES)
def test_every_sentence_has_its_english_with_the_same_values(module: str) -> None:
    known, wrong = english(module), []
    for line, sentence in sentences(module):
        if sentence == "":
            continue
        one, many = (sentence, None) if isinstance(sentence, str) else sentence
        found = known.get(one)
        if found is None or isinstance(found, str) is not (many is None):
            wrong.append(f"{module}.py:{line}: no English of {one!r}")
            continue
        pairs = [(one, found)] if isinstance(found, str) else [(one, found[0]), (many or "", found[1])]
        for spanish, translated in pairs:
            # "1" may be written out in the singular.
            if places(spanish) - {"n"} != places(translated) - {"n"}:
                wrong.append(f"{module}.py:{line}: other values in the English of {spanish!r}")
            if any(not place.isidentifier() for place in places(spanish)):
                wrong.append(f"{module}.py:{line}: a value that is not only a name in {spanish!r}")
    assert wrong == []


@pytest.mark.parametrize("catalogue_file", sorted(LOCALE.glob("*.po")), ids=lambda file: file.stem)
def test_no_catalogue_has_a_sentence_that_nothing_says(catalogue_file: Path) -> None:
    module = catalogue_file.stem
    said = _constants(ast.parse((PHRASES / f"{module}.py").read_text("utf-8")))
    assert set(catalogue(module)) - said == set()


@pytest.mark.parametrize("catalogue_file", sorted(LOCALE.glob("*.po")), ids=lambda file: file.stem)
def test_every_entry_of_a_catalogue_is_translated_and_none_is_a_guess(catalogue_file: Path) -> None:
    text = catalogue_file.read_text("utf-8")
    assert "fuzzy" not in text
    assert text.count("\nmsgid ") == len(catalogue(catalogue_file.stem)) + 1
