"""Every notebook and every page with code, executed from top to bottom in a real kernel, at small size.

The pages are also run by `make docs`; here they are among the slow tests.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

jupytext = pytest.importorskip("jupytext", reason="the extra `notebooks` is not installed")
nbformat = pytest.importorskip("nbformat", reason="the extra `notebooks` is not installed")
nbclient = pytest.importorskip("nbclient", reason="the extra `notebooks` is not installed")

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
PAGES = sorted(
    path for path in (ROOT / "docs").glob("*.md") if "{code-cell}" in path.read_text(encoding="utf-8")
)


def execute(paths: list[Path], folder: Path) -> dict[str, list[nbformat.NotebookNode]]:
    """Cells with outputs by file; one kernel for all, every file beginning with no name defined."""
    whole = nbformat.v4.new_notebook()
    parts: dict[str, slice] = {}
    for path in paths:
        whole.cells.append(nbformat.v4.new_code_cell("%reset -f"))
        begins = len(whole.cells)
        whole.cells += jupytext.read(path).cells
        parts[path.stem] = slice(begins, len(whole.cells))
    for place, cell in enumerate(whole.cells):
        cell["id"] = f"cell-{place}"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MINUSTWO_WORLDS", "2")
        patched.setenv("MINUSTWO_ONE_IN", "64")
        patched.setenv("IPYTHONDIR", str(folder))
        client = nbclient.NotebookClient(
            whole, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
    return {name: whole.cells[part] for name, part in parts.items()}


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[nbformat.NotebookNode]]:
    return execute(NOTEBOOKS, tmp_path_factory.mktemp("notebooks"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[nbformat.NotebookNode]]:
    return execute(PAGES, tmp_path_factory.mktemp("pages"))


def shown(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    return [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]


def without_errors(cells: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Its outputs: there are some, and nothing went wrong or was warned of."""
    outputs = shown(cells)
    assert outputs
    assert [out.evalue for out in outputs if out.output_type == "error"] == []
    assert [out.text for out in outputs if out.get("name") == "stderr"] == []
    return outputs


def test_there_is_a_notebook_for_each_question():
    assert [path.stem[3:] for path in NOTEBOOKS] == [
        "the_2015_release",
        "one_case",
        "what_the_delay_cost",
        "who_was_left_out",
        "the_narrower_rule",
        "your_own_people",
        "how_sure_are_we",
        "one_year_of_records",
        "before_the_vote",
    ]
    assert {"recipes.md", "reporters.md"} <= {path.name for path in PAGES}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, notebooks):
    outputs = without_errors(notebooks[path.stem])
    drawings = [out.data["image/svg+xml"] for out in outputs if "image/svg+xml" in out.get("data", {})]
    assert len(drawings) == path.read_text(encoding="utf-8").count("plots.show(")
    assert all("<desc>" in drawing for drawing in drawings)


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_runs_from_top_to_bottom(path, pages):
    without_errors(pages[path.stem])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_an_article_with_a_question_and_without_stored_outputs(path):
    text = path.read_text(encoding="utf-8")
    assert "# ---\n# jupyter:" in text and "format_name: percent" in text
    notebook = jupytext.read(path)
    first = notebook.cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    words = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(words) >= 4
    prose = re.sub(r"`[^`]*`", "", "\n".join(words))
    assert not re.search(r"\d,\d{3}|\d\.\d %", prose), "a result is typed into the text"
