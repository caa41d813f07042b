from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

# The machines that run the tests are shared, so a slow example says nothing about the code.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """No test, and no command it starts, touches the cache of whoever runs it: all share one of their own."""
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="minustwo-tests-")
        config.add_cleanup(folder.cleanup)
        os.environ["MINUSTWO_CACHE"] = folder.name


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate", action="store_true", help="write the generated files instead of comparing"
    )


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of verified facts beside the checkout; tests that compare with it skip without it."""
    folder = ROOT.parent / "shared"
    if not (folder / "reference").is_dir():
        pytest.skip("no folder ../shared beside this checkout to compare with")
    return folder


@pytest.fixture
def generated(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a committed file with what the code makes of it now; `make fmt` writes it."""

    def compare(path: str, text: str) -> None:
        file = ROOT / path
        if request.config.getoption("regenerate"):
            file.write_text(text, encoding="utf-8")
        kept = file.read_text(encoding="utf-8")
        same = json.loads(kept) == json.loads(text) if path.endswith(".json") else kept == text
        if not same:
            both = [*zip_longest(kept.splitlines(), text.splitlines()), (None, None)]
            old, new = next((old, new) for old, new in both if old != new or old is None)
            pytest.fail(f"{path} is out of date; read what changed, then run `make fmt`:\n- {old}\n+ {new}")

    return compare
