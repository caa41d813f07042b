"""The one direction of the project: tables -> guidelines -> sim -> what shows results."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(path for package in ("guidelines", "sim") for path in (ROOT / package).rglob("*.py"))

STANDARD = set(sys.stdlib_module_names)
GUIDELINES_MAY_IMPORT = {"guidelines", "numpy"}
SIM_MAY_IMPORT = {
    "SALib",
    "click",
    "distributed",
    "guidelines",
    "matplotlib",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "scipy",
    "sim",
    "tqdm",
}
HEAVY = {"click", "matplotlib", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "tqdm"}

# Rooms of sim that only show what a result already holds.
SHOWS = (
    "sim.cli",
    "sim.commands._group",
    "sim.commands",
    "sim.output.plots",
    "sim.output.printed",
    "sim.output.report",
    "sim.output.store",
)
# All that the rooms above may ask of sim; what computes is reached through sim.run alone.
MAY_BE_SHOWN = (
    "run",
    "results",
    "scenario",
    "errors",
    "range_answer",
    "_version",
    "comparison",
    "ensemble",
    "explorer",
    "fit",
    "fit_tables",
    "folders",
    "picture_tables",
    "plots",
    "people_file",
    "population",
    "report",
    "scorecard",
    "scorecard_text",
    "sensitivity",
    "sobol",
    "side_by_side",
    "stock_cache",
    "sweep",
)


def name_of(path: Path) -> str:
    """Dotted name of a file's module."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def under(name: str, rooms: tuple[str, ...]) -> bool:
    """Whether a module is one of the rooms, inside one, or a further file of one (plots_waterfall)."""
    return any(name == room or name.startswith((f"{room}.", f"{room}_")) for room in rooms)


def imports(tree: ast.Module, *, top_only: bool = False) -> Iterator[str]:
    """Dotted names of the modules a file imports, those for type checkers left out."""
    for node in tree.body if top_only else _walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            yield str(node.module)
            if node.module in ("guidelines", "sim", "sim.commands"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _walk(child)


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
    assert roots - STANDARD - allowed == set()


def test_chance_comes_from_the_streams_and_the_clock_from_nowhere(module):
    name, tree = module
    roots = set(imports(tree))
    assert not {"random", "secrets", "time"} & {root.split(".")[0] for root in roots}
    code = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    clock = {"now", "today", "utcnow"} & {node.attr for node in code}
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


def test_what_shows_results_computes_nothing(module):
    name, tree = module
    if not under(name, SHOWS):
        return
    allowed = tuple(f"sim.{room}" for room in MAY_BE_SHOWN) + SHOWS
    ours = {imported for imported in imports(tree) if imported.startswith("sim.")}
    assert {imported for imported in ours if not under(imported, allowed)} == set()
    assert "scipy" not in {imported.split(".")[0] for imported in imports(tree)}


def test_what_computes_shows_nothing(module):
    name, tree = module
    if under(name, SHOWS):
        return
    asked = set(imports(tree))
    assert not {imported for imported in asked if under(imported, SHOWS)}, f"{name} leans on what shows it"
    assert not {"click", "matplotlib"} & {imported.split(".")[0] for imported in asked}


def test_commands_and_entry_points_import_heavy_things_where_they_are_used(module):
    name, tree = module
    at_top = {imported.split(".")[0] for imported in imports(tree, top_only=True)}
    if under(name, ("sim.commands", "sim.commands._group")):
        assert at_top & HEAVY <= {"click"}
        assert not [
            i
            for i in imports(tree, top_only=True)
            if i.startswith(("sim.", "guidelines")) and "_version" not in i
        ]
    elif name in (
        "sim",
        "guidelines",
        "sim.cli",
        "sim.base.errors",
        "sim.range_answer",
        "sim.scenario.library",
    ):
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
    assert loaded & HEAVY == set()


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


def test_the_function_run_is_not_hidden_by_the_module_of_that_name():
    code = (
        "import sim, types, sys\n"
        "sim._HOME['run'] = 'run'\n"
        "module = types.ModuleType('sim.run'); module.run = lambda: 'ran'\n"
        "sys.modules['sim.run'] = module\n"
        "sim.run = module  # as the import system does after `import sim.runner`\n"
        "print(sim.run())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "ran\n"
