"""The notebooks as pages: executed when the pages are built, so that what they show is what happens."""

from __future__ import annotations

from pathlib import Path

import jupytext

from generate.text import page

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"


def pages() -> dict[str, str]:
    """File names and texts."""
    made = {}
    for file in sorted(FOLDER.glob("*.py")):
        notebook = jupytext.read(file)
        for place, cell in enumerate(notebook.cells):
            cell["id"] = f"cell-{place}"  # the same at every build
        made[f"notebooks/{file.stem}.ipynb"] = jupytext.writes(notebook, fmt="ipynb")
    names = "\n".join(Path(name).stem for name in made)
    index = page(
        "Notebooks",
        "Each asks one question and reads as a short article. The files are `notebooks/*.py`; `make "
        "notebooks` runs them and writes `notebooks/*.ipynb`, Jupyter with jupytext opens them as they are, "
        "and what is shown here was worked out when these pages were built.",
        f"```{{toctree}}\n:maxdepth: 1\n\n{names}\n```",
    )
    return {"notebooks/index.md": index, **made}
