"""What `estrado run` loads before anybody has asked for anything: only what a running bot needs."""

import json
import subprocess
import sys

from tests.factories import CONFIG_FILE

#: What only pictures, reports, workbooks, calendars and other commands need: each loads where it is used.
ONLY_WHEN_USED = {
    *("PIL", "matplotlib", "numpy", "prometheus_client", "python_calamine", "rich", "typst", "xlsxwriter"),
    *("icalendar", "jsonschema", "pytest", "tomlkit"),
}

_RUN = """
import json, sys
import bot.cli, bot.operator.rereading, bot.operator.running, bot.operator.timekeeping, cogs.app, cogs.inspection
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_running_bot_loads_no_library_that_it_may_never_use() -> None:
    ran = subprocess.run([sys.executable, "-c", _RUN], cwd=CONFIG_FILE.parent, capture_output=True, check=True)
    loaded = set(json.loads(ran.stdout))
    assert {"discord", "bot", "cogs"} <= loaded
    assert loaded & ONLY_WHEN_USED == set()
