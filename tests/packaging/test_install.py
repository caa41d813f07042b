"""The locks installed into fresh environments as the Makefile does, with the pip at hand and the newest."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("pip", ["Python's own", "newest"])
@pytest.mark.parametrize("lock", ["requirements-run.lock", "requirements.lock"])
def test_a_lock_installs_whole_and_the_command_runs(lock, pip, tmp_path):
    place = tmp_path / "venv"
    venv.create(place, with_pip=True)
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"

    def run(*arguments: str) -> str:
        done = subprocess.run([python, *arguments], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if pip == "newest":
        run(*install, "--upgrade", "pip")
    run(*install, "--no-deps", "--require-hashes", "--requirement", lock)
    run(*install, "--no-deps", "--no-build-isolation", ".")
    assert "No broken requirements" in run("-m", "pip", "--disable-pip-version-check", "check")
    assert run("-m", "sim", "range", "32", "III").startswith("Level 32, category III: 151-188 months")
