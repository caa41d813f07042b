"""The reference of the two packages: their public names, and the law's functions by section."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

import guidelines
import sim
from generate.text import page, plain

MEMBERS = {"Scenario": "load, from_toml, but, text, hash"}
"""Members shown of classes that inherit many others."""
INHERITED = ("Result",)
"""Classes shown with the members they inherit."""
LAW = ("s1b1_", "s2d1_", "s3_", "s4_", "s5", "usc")


TASKS = {
    "Run a forecast": ("run", "Scenario", "Parameters", "workers", "users_cache"),
    "Look at a result": ("Result", "write", "read"),
    "Pictures": ("show", "files"),
    "Compare scenarios": ("compare", "Comparison"),
    "Ask what a result depends on": ("one_at_a_time", "Sensitivity", "sweep"),
    "People": ("Population", "read_ussc", "synthesize", "Stock"),
    "One imagined history": ("sample_path", "Courts"),
    "What can go wrong": ("SimulationError", "ScenarioError", "PopulationError"),
}
"""The names of `sim` by what somebody wants to do."""


def pages() -> dict[str, str]:
    """File names and texts."""
    return {
        "api/guidelines.md": _package(guidelines, "guidelines: the law", LAW_TEXT),
        "api/sim.md": _package(sim, "sim: people, judges and time", SIM_TEXT),
        "api/sections.md": _sections(),
    }


LAW_TEXT = (
    "Functions of arrays: what goes in and comes out has shape (people,), a single value stands for all. "
    "The edition of the Manual is an argument. Months are whole numbers; life is `guidelines.LIFE`, larger "
    "than any finite term. `import guidelines` loads neither NumPy nor a table."
)
SIM_TEXT = (
    "A scenario, a seed and nothing else decide a result. Tables are pandas frames; `import sim` loads "
    "neither NumPy nor pandas. Pictures are in `sim.plots`: `sim.plots.show(result, name)` in a notebook, "
    "`sim.plots.files(result)` for all of them as bytes."
)


def _package(package: ModuleType, title: str, about: str) -> str:
    known = package.__name__
    names = sorted(_public(package), key=str.lower)
    if package is not sim:
        return page(title, about, _listed([_entry(name, known, getattr(package, name)) for name in names]))
    grouped = {name for listed in TASKS.values() for name in listed}
    tasks = TASKS | {"Also": tuple(name for name in names if name not in grouped)}
    parts = []
    for task, listed in tasks.items():
        entries = [_entry(name, known, getattr(package, name)) for name in listed if name in names]
        if task == "Pictures":
            entries = [_entry(name, "sim.plots", getattr(sim.plots, name)) for name in listed]
        parts += [f"## {task}", _listed(entries)] if entries else []
    return page(title, about, *parts)


def _listed(entries: list[str]) -> str:
    return "```{eval-rst}\n" + "\n\n".join(entries) + "\n```"


def _public(package: ModuleType) -> list[str]:
    return [
        name
        for name in package.__all__
        if not name.startswith("_") and not inspect.ismodule(getattr(package, name))
    ]


def _entry(name: str, package: str, what: object) -> str:
    if not inspect.isclass(what):
        if callable(what):
            return f".. autofunction:: {package}.{name}"
        home = vars(importlib.import_module(package))["_HOME"][name]  # its description stands there
        return f".. autodata:: {package}.{home}.{name}\n   :no-value:"
    signature = "()" if issubclass(what, BaseModel) else ""
    members = MEMBERS.get(name, "")
    inherited = "\n   :inherited-members:" if name in INHERITED else ""
    return f".. autoclass:: {package}.{name}{signature}\n   :members: {members}".rstrip() + inherited


def _sections() -> str:
    parts = []
    for file in sorted(Path(guidelines.__file__).parent.glob("*.py")):
        if file.stem.startswith(LAW):
            parts.append(f"## {plain(file.name)}")
            asked = f".. automodule:: guidelines.{file.stem}\n   :members:\n   :no-index:"
            parts.append(f"```{{eval-rst}}\n{asked}\n```")
    return page(
        "The law by section",
        "The files of `guidelines` carry the number of the section they encode, so the folder is the table "
        "of contents. Everything public in them is listed here.",
        *parts,
    )
