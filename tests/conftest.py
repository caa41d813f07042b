from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The machines that run the tests are shared, so a slow example says nothing about the code.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")

ROOT = Path(__file__).resolve().parent.parent


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
