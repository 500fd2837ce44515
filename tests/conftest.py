"""Settings that every test shares, and what a run of the tests says at its end."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault(
    "OMP_NUM_THREADS", "1"
)  # the tests run side by side: numpy's own threads would only get in the way
settings.register_profile("quick", deadline=None, derandomize=True, database=None, max_examples=20)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=100)  # each week, and for mutants
settings.load_profile("quick")
LONGEST = ("test_lite", "test_grading", "test_package")
NOT_TESTED = Path(__file__).resolve().parent.parent / "_build" / "not-tested.txt"  # `make test` ends with it


def pytest_itemcollected(item):
    """Tests of one page, or of one file, run in one worker: a page is opened once, and what a file sets up is too."""
    if item.config.pluginmanager.hasplugin("xdist") and not item.get_closest_marker("xdist_group"):
        given = item.callspec.params if hasattr(item, "callspec") else {}
        page = given.get("page") or given.get("name") or given.get("figure", [None])[0]
        item.add_marker(pytest.mark.xdist_group(page if str(page).endswith(".html") else item.path.stem))


def pytest_collection_modifyitems(items):
    """The longest files come first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


def pytest_collection_finish(session):
    """Groups that xdist does not see would go unnoticed, and twice the work with them."""
    if getattr(session.config.option, "loadgroup", False) and not all("@" in item.nodeid for item in session.items):
        raise pytest.UsageError(
            "this pytest-xdist does not read xdist_group with this pytest: see requirements-dev.txt"
        )


def pytest_terminal_summary(terminalreporter):
    """Say in one line what could not be tested here: a skip whose reason begins so."""
    reasons = {report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])}
    lines = sorted(reason for reason in reasons if reason.startswith("NOT TESTED"))
    NOT_TESTED.parent.mkdir(exist_ok=True)
    NOT_TESTED.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for line in lines:
        terminalreporter.write_line(line, red=True, bold=True)
