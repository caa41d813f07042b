"""All generated pages."""

from __future__ import annotations

from generate import api, assumptions, commands, figures, glossary, law, notebooks, scenarios

MAKERS = (law, figures, scenarios, commands, glossary, assumptions, api, notebooks)


def pages() -> dict[str, str]:
    """File names and texts of every page that is made from what the project holds."""
    made: dict[str, str] = {}
    for maker in MAKERS:
        made |= maker.pages()
    return made
