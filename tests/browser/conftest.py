"""A page made by the library, opened in Debian's Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sim.base.digits import rounded
from sim.output.report import page
from sim.results.results import Result
from sim.runner import run
from sim.scenario.scenario import Scenario
from sim.studies.comparison import compare
from sim.studies.explorer import Explorer, explore

SMALL = {"people.stock": 3000, "dates.horizon_months": 30}
NAMES = ("chromium", "chromium-browser", "google-chrome")
# No profile, no sandbox (CI runs as root), and none of the requests a browser makes for itself.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Opened:
    """A page in the browser, with all it asked for, all it was given and all it complained about."""

    page: Any
    requests: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Made:
    """A report as a file, and what it was made from."""

    file: Path
    result: Result
    explorer: Explorer


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; where there is none, the tests say so and are left out."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install playwright"
    )
    path = next((found for found in map(shutil.which, NAMES) if found), None)
    if path is None:
        pytest.skip(f"no browser here, none of {', '.join(NAMES)}; on Debian: apt-get install chromium")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A report on a small stock, compared with another scenario."""
    results = [run(Scenario.load(name).but(SMALL), 1, worlds=2) for name in ("drugs-minus-two", "no-delay")]
    explorer = explore(results[0])
    explorer = replace(explorer, table=rounded(explorer.table))  # to as many digits as a page has
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page(results[0], compare(results), explorer), encoding="utf-8")
    return Made(file, results[0], explorer)


@pytest.fixture
def opened(browser: Any, made: Made) -> Iterator[Any]:
    """Open the report; the function takes playwright's options for a page, such as color_scheme."""
    contexts = []

    def open_(**how: Any) -> Opened:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **how})
        contexts.append(context)
        there = Opened(context.new_page())
        there.page.on("request", lambda request: there.requests.append(request.url))
        there.page.on("response", lambda response: there.answers.append(response.url))
        there.page.on("console", lambda message: there.complaints.append(message.text))
        there.page.on("pageerror", lambda error: there.complaints.append(str(error)))
        there.page.goto(made.file.as_uri())
        return there

    yield open_
    for context in contexts:
        context.close()
