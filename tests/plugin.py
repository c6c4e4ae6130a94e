"""What the suite sets up before Django reads its settings, and what it insists on.

TRICORN_TEST_DB=sqlite (the default) or postgresql chooses the database. Everything lives in one
temporary folder, which the first process of a run makes and cleans up.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import postgres

DATABASES = ("sqlite", "postgresql")
DATABASE = os.environ.get("TRICORN_TEST_DB") or "sqlite"
FOLDER = "TRICORN_TEST_FOLDER"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

# The same examples in every run: what fails here fails at your place too. To look for new ones:
# pytest --hypothesis-profile=search
hypothesis.settings.register_profile(
    "suite", max_examples=50, deadline=None, derandomize=True, database=None
)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("suite")

# Most of what the suite makes lives till its end: it is looked through more seldom.
gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[Any]:
    """Choose folder and database first: pytest-django loads the settings inside the yield."""
    if DATABASE not in DATABASES:
        raise pytest.UsageError(
            f"TRICORN_TEST_DB is {DATABASE!r}; it can be {' or '.join(DATABASES)}."
        )
    if not WORKER:
        prepare(early_config)
    if DATABASE == "postgresql" and (WORKER or not is_shared_out(early_config)):
        start_server(early_config)
    home = Path(os.environ[FOLDER]) / f"home-{WORKER or 'main'}"
    home.mkdir()
    os.environ["TRICORN_HOME"] = str(home)
    return (yield)


def prepare(config: pytest.Config) -> None:
    """Make the folder, and leave its name to all processes of the run.

    What the developer's own installation is told by the environment does not reach the tests.
    """
    for name in [name for name in os.environ if name.startswith("TRICORN_")]:
        if name != "TRICORN_PICTURES" and not name.startswith("TRICORN_TEST_"):
            del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="tricorn-"))
    folder.chmod(0o755)
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ[FOLDER] = str(folder)
    os.environ["TRICORN_DATABASE"] = ""


def is_shared_out(config: pytest.Config) -> bool:
    """Whether other processes run the tests and this one only hands them out."""
    return bool(getattr(config.known_args_namespace, "numprocesses", None))


def start_server(config: pytest.Config) -> None:
    """Start a PostgreSQL server for this process alone.

    Transactions of one database hold back what another may seal, as they share one count; so two
    processes of a run must not share a server.
    """
    place = Path(os.environ[FOLDER]) / f"pg-{WORKER or 'main'}"
    place.mkdir()
    place.chmod(0o755)
    try:
        server = postgres.start(place)
    except postgres.MissingError as missing:
        raise pytest.UsageError(str(missing)) from missing
    config.add_cleanup(server.stop)
    os.environ["TRICORN_DATABASE"] = server.url


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "only_on(database): about one database alone; not collected on the other"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database: a skip would look like something missing.

    On PostgreSQL also what asks no database at all: it has just been tested, beside SQLite.
    """
    elsewhere = [item for item in items if not belongs_here(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if belongs_here(item)]


def belongs_here(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    if marker is not None:
        return marker.args == (DATABASE,)
    return DATABASE == "sqlite" or asks_a_database(item)


def asks_a_database(item: pytest.Item) -> bool:
    """Whether a test opens the database, itself, by a fixture, or by programs that it starts."""
    names = set(getattr(item, "fixturenames", ()))
    is_marked = item.get_closest_marker("django_db") is not None
    has_programs = hasattr(getattr(item, "module", None), "own_database")
    return is_marked or has_programs or bool(names & {"db", "transactional_db"})


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped test is a test that nobody ran, so it fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    unrun = [kind for kind in ("skipped", "xfailed") if reporter and reporter.stats.get(kind)]
    if unrun and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name what was skipped, and leave one line for the total that scripts/test prints."""
    for kind in ("skipped", "xfailed"):
        for report in terminalreporter.stats.get(kind, []):
            terminalreporter.write_line(
                f"{report.nodeid} was {kind}: here every test runs; mark it only_on(...) or mend it"
            )
    tally = os.environ.get("TRICORN_TEST_TALLY")
    if tally and not WORKER:
        passed = len(terminalreporter.stats.get("passed", []))
        place = " ".join(config.args) if config.args != config.getini("testpaths") else "tests"
        with Path(tally).open("a", encoding="utf-8") as lines:
            lines.write(f"{passed:6} passed on {DATABASE} in {place}\n")
