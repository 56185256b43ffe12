"""Which public reports of trouble have a test that holds their right outcome."""

import ast
from collections.abc import Iterator
from pathlib import Path

#: The trials that must be there by now.
HELD = set(
    "S1 S2 S3 S6 J1 J2 J4 J6 J7 J8 J9 J10 A1 A2 A3 A4 A7 A8 A9 A11 A12 A13 A14 A15 Q1 Q3 Q4 Q6 Q7 "  # noqa: SIM905
    "D1 D3 D4 D5 D7 D8 D9 F1 F3 F4 F5 F7 R1 R3 R4 P1 P2 P3".split()
)

#: Those that other parts of the work will add; a test may hold one early.
TO_COME: set[str] = set()


def marked(source: str) -> Iterator[str]:
    """The ids of every `pytest.mark.trial("…")` in a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.trial":
            for argument in node.args:
                yield ast.literal_eval(argument)


def test_every_trial_that_must_be_held_has_a_test_and_no_id_is_misspelt() -> None:
    modules = Path(__file__).parent.rglob("test_*.py")
    found = {trial for module in modules for trial in marked(module.read_text("utf-8"))}
    assert found - HELD - TO_COME == set()
    assert HELD - found == set()
