"""Finds scenarios: those shipped with the package by name, others by path. Standard library only."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path

from sim.base.errors import ScenarioError

__all__ = ["find", "folder", "names", "read", "titles"]


@lru_cache(maxsize=1)
def folder() -> Path:
    """The folder of the shipped scenarios: the copy packed into the package, else the one beside it."""
    here = Path(__file__).resolve().parents[1]
    packed = here / "_scenarios"
    return packed if packed.is_dir() else here.parent / "scenarios"


def names() -> tuple[str, ...]:
    """Names of the shipped scenarios, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder().glob("*.toml")))


def titles() -> dict[str, str]:
    """Title of each shipped scenario by its name."""
    return {name: tomllib.loads(read(find(name)))["title"] for name in names()}


def find(name_or_path: str | PathLike[str]) -> Path:
    """File of a scenario: a shipped name, or a path, which has a ``.toml`` or a slash in it."""
    text = fspath(name_or_path)
    if not isinstance(name_or_path, str) or text.endswith(".toml") or Path(text).name != text:
        return Path(text)
    if text in names():
        return folder() / f"{text}.toml"
    close = get_close_matches(text.lower(), names(), n=1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(names())}"
    if Path(text).is_file():
        hint = f"for the file of that name here write ./{text}"
    raise ScenarioError([f"no scenario is called {text!r}; {hint}"])


def read(path: Path) -> str:
    """Text of a scenario file."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise ScenarioError([f"{path}: no such file; `minustwo scenarios` lists the shipped ones"]) from None
    except UnicodeDecodeError as broken:
        raise ScenarioError([f"{path}: not UTF-8 text, as TOML must be (byte {broken.start})"]) from None
    except OSError as broken:
        raise ScenarioError([f"{path}: cannot be read: {broken.strerror}"]) from None
    except ValueError:
        raise ScenarioError([f"{str(path)!r}: no file can have this name"]) from None
