"""How much is tried: a fixed choice in `make test`; by `python -m benchmarks.fuzz` new ones, as many as asked for."""

import os

from hypothesis import HealthCheck, Phase, settings

#: How many examples `python -m benchmarks.fuzz` asks for, of each test.
VARIABLE = "ESTRADO_FUZZ_EXAMPLES"


def fuzzed(examples: int, *, shrinks: bool = True) -> settings:
    """The settings of a test that tries so many examples, always the same ones; else as many new ones as asked for.

    `shrinks`: a failing example is made as small as it can be, where an example is not too slow for that.
    """
    wanted = os.environ.get(VARIABLE)
    return settings(
        max_examples=int(wanted or examples),
        derandomize=wanted is None,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate, *([Phase.shrink] if shrinks else [])),
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
