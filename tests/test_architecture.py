"""The one direction of the project: tables -> guidelines -> sim -> what shows results."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(path for package in ("guidelines", "sim") for path in (ROOT / package).rglob("*.py"))

STANDARD = set(sys.stdlib_module_names)
GUIDELINES_MAY_IMPORT = {"guidelines", "numpy"}
FRAMES = {"guidelines.s1b1_1_worksheet", "guidelines.s1b1_10_retroactivity"}
"""Their `to_frame` imports pandas when it is called."""
SIM_MAY_IMPORT = {
    "SALib",
    "click",
    "distributed",
    "docx",
    "flask",
    "guidelines",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pydantic",
    "pyreadstat",
    "scipy",
    "sim",
    "tqdm",
    "werkzeug",
}
HEAVY = {"click", "matplotlib", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "tqdm"}

# The rooms of the project, in the order in which they may import: each only from itself and those before it.
ROOMS = (
    "guidelines",
    "sim._version",
    "sim.base",
    "sim.records",
    "sim.scenario",
    "sim.people",
    "sim.population",
    "sim.eligibility",
    "sim.courts",
    "sim.projection",
    "sim.results",
    "sim.ensemble",
    "sim.runner",
    "sim.studies",
    "sim.output",
    "sim.result",
    "sim.desk",
    "sim.commands",
    "sim.cli",
    "sim.__main__",
)
COMPUTES = ("sim.people", "sim.population", "sim.eligibility", "sim.courts", "sim.projection", "sim.runner")
SPEAKS = ("sim.desk", "sim.commands")
"""What speaks with a user may know the day, which stands on the pages, and make up a secret address."""
SHOWS = ("sim.output",)
"""What shows results takes them as they are: from results and studies, never from what computes."""
PACKAGES = ("sim", "guidelines")
"""Their own `__init__` names what is public, wherever it stands, and imports it when it is first used."""


def name_of(path: Path) -> str:
    """Dotted name of a file's module."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def under(name: str, rooms: tuple[str, ...]) -> bool:
    """Whether a module is one of the rooms or inside one."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def room_of(name: str) -> int:
    """Place of a module's room in the order."""
    (place,) = [place for place, room in enumerate(ROOMS) if under(name, (room,))]
    return place


MODULES = {name_of(path): path for path in FILES}


def imports(tree: ast.Module, *, top_only: bool = False) -> Iterator[str]:
    """Dotted names of the modules a file imports, anywhere and for type checkers too, or at its top."""
    for node in tree.body if top_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in named if name in MODULES)
            if any(name not in MODULES for name in named):
                yield str(node.module)


def strings(tree: ast.Module) -> Iterator[str]:
    """Text in the code, documentation left out."""
    documented = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


@pytest.fixture(params=FILES, ids=name_of)
def module(request: pytest.FixtureRequest) -> tuple[str, ast.Module]:
    return name_of(request.param), ast.parse(request.param.read_text(encoding="utf-8"))


def test_the_files_are_found():
    names = {name_of(path) for path in FILES}
    assert {
        "guidelines",
        "guidelines.tables",
        "sim",
        "sim.base.streams",
        "sim.cli",
        "sim.commands.range",
    } <= names


def test_the_law_needs_numpy_at_most_and_sim_what_the_package_declares(module):
    name, tree = module
    allowed = GUIDELINES_MAY_IMPORT if under(name, ("guidelines",)) else SIM_MAY_IMPORT
    roots = {imported.split(".")[0] for imported in imports(tree)}
    assert roots - STANDARD - allowed - ({"pandas"} if name in FRAMES else set()) == set()


def test_chance_comes_from_the_streams_and_the_clock_from_nowhere(module):
    name, tree = module
    roots = set(imports(tree))
    speaks = under(name, SPEAKS)
    assert not ({"random", "secrets", "time"} - ({"secrets"} if speaks else set())) & {
        root.split(".")[0] for root in roots
    }
    code = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    clock = ({"now", "today", "utcnow"} - ({"today"} if speaks else set())) & {node.attr for node in code}
    assert not clock, f"{name} reads the clock"
    if name != "sim.base.streams":
        assert "numpy.random" not in roots
        assert not [ast.unparse(node) for node in code if ast.unparse(node) in ("np.random", "numpy.random")]


def test_sim_asks_guidelines_for_tables_and_opens_none(module):
    name, tree = module
    if not under(name, ("sim",)):
        return
    asked = set(imports(tree))
    assert "guidelines.tables.folder" not in asked
    code = ast.unparse(tree)
    assert "tables.folder" not in code and "tables import folder" not in code
    assert not [
        text for text in strings(tree) if "_tables" in text or text.startswith(("tables/", "tables\\"))
    ]


def test_no_room_imports_from_a_later_one(module):
    name, tree = module
    if name in PACKAGES:
        return
    asked = set(imports(tree))  # inside functions too
    later = {i for i in asked if under(i, ROOMS) and room_of(i) > room_of(name)}
    assert "sim" not in asked, f"{name} imports the front door, which leads to every room"
    assert not later, f"{name} stands before {sorted(later)}"


def test_every_folder_of_sim_is_a_room_and_none_is_crowded():
    folders = {path for path in (ROOT / "sim").rglob("*") if path.is_dir() and any(path.glob("*.py"))}
    rooms = {name_of(folder / "__init__.py") for folder in folders if folder.parent == ROOT / "sim"}
    assert rooms <= set(ROOMS)
    crowded = {folder.name: len(list(folder.glob("*.py"))) for folder in folders}
    assert {name: count for name, count in crowded.items() if count > 27} == {}


def test_no_module_imports_itself_by_a_circle():
    graph = {
        name: {i for i in imports(ast.parse(path.read_text(encoding="utf-8"))) if i in MODULES} - {name}
        for name, path in MODULES.items()
        if name not in PACKAGES
    }
    graph = {name: {i for i in asked if i not in PACKAGES} for name, asked in graph.items()}
    assert list(TopologicalSorter(graph).static_order())  # raises CycleError with the circle


def test_what_shows_results_computes_nothing(module):
    name, tree = module
    if under(name, SHOWS):
        asked = set(imports(tree))
        assert not {imported for imported in asked if under(imported, COMPUTES)}
        assert "scipy" not in {imported.split(".")[0] for imported in asked}


def test_what_computes_knows_neither_the_terminal_nor_pictures(module):
    name, tree = module
    if name in PACKAGES or room_of(name) >= ROOMS.index("sim.output"):
        return
    assert not {"click", "matplotlib"} & {imported.split(".")[0] for imported in imports(tree)}


def test_commands_and_entry_points_import_heavy_things_where_they_are_used(module):
    name, tree = module
    at_top = {imported.split(".")[0] for imported in imports(tree, top_only=True)}
    if under(name, ("sim.commands",)):
        assert at_top & HEAVY <= {"click"}
        light = {
            "sim.base.text",
            "sim.commands._options",
            "sim._version",
            "guidelines.tables",
            "guidelines.errors",
        }
        assert {i for i in imports(tree, top_only=True) if i.split(".")[0] in PACKAGES} <= light
    elif name in ("sim", "guidelines", "sim.cli", "sim.base.errors", "sim.scenario.library"):
        assert not at_top & HEAVY
    elif not under(name, ("sim.output.plots", "sim.output.report")):
        assert "matplotlib" not in at_top


LIGHT = """
import sys
before = set(sys.modules)
{}
print(*sorted({{name.split(".")[0] for name in set(sys.modules) - before}}))
"""


@pytest.mark.parametrize(
    "code",
    [
        "import guidelines, sim",
        "from sim.cli import main; main(['--help'])",
        "from sim.cli import main; main(['--version'])",
        "from sim.cli import main; main(['range', '32', 'III', '--on', '2013-11-01'])",
    ],
)
def test_a_fresh_process_loads_nothing_heavy(code):
    done = subprocess.run(
        [sys.executable, "-c", LIGHT.format(code)], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "sim" in loaded
    assert loaded & HEAVY <= {"click"}


def test_scenarios_are_listed_without_the_models():
    code = "from sim.cli import main; main(['scenarios'])"
    done = subprocess.run(
        [sys.executable, "-c", LIGHT.format(code)], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.splitlines()[-1].split()) & HEAVY == {"click"}


@pytest.mark.parametrize("package", ["guidelines", "sim"])
def test_every_public_name_of_a_package_is_there(package):
    code = (
        f"import {package} as p\n"
        "assert set(p.__all__) <= set(dir(p))\n"
        "print([name for name in p.__all__ if getattr(p, name, None) is None])\n"
        "try: p.nix\n"
        "except AttributeError as missing: print(missing)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"[]\nmodule {package!r} has no attribute 'nix'\n"
