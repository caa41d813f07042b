"""The explorer: controls, an answer that is read aloud, and the grid of numbers a script looks up."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

from sim.output.finding import BAND, band, with_band
from sim.output.html.markup import Html, safe, table, tied
from sim.output.plots.words import amount, number
from sim.studies.explorer import Explorer
from sim.studies.explorer_axes import Axis

SENTENCE = (
    "With {levels}, {delay}, {excluded}, {filing} and {approval}: {eligible} people are eligible, "
    "{released_first_wave} leave on the first day, {more_released_by_a_year_later} more than without the "
    "amendment are out a year later, and {bed_years_saved} bed-years are saved."
)
"""What is said of a combination; the script fills in the same words."""


def controls(explorer: Explorer) -> str:
    """Buttons for the first axes and sliders for the two rates; hidden until the script is there."""
    *buttons, filing, approval = explorer.axes
    inside = "\n".join(_buttons(axis) for axis in buttons if len(axis.choices) > 1)
    return (
        '<form id="controls" hidden autocomplete="off">\n'
        f'<div class="choices">\n{inside}\n{_slider(filing)}\n{_slider(approval)}\n</div>\n'
        '<button type="button" id="back">Back to the scenario of this page</button>\n'
        '<button type="button" id="copy">Copy the sentence</button>\n'
        '<button type="button" id="save">Download these numbers</button>\n</form>'
    )


def _buttons(axis: Axis) -> str:
    lines = [
        f'<label><input type="radio" name="{axis.name}" value="{number_}"'
        f"{' checked' if number_ == axis.own else ''}> {safe(choice.label)}</label>"
        for number_, choice in enumerate(axis.choices)
    ]
    return f"<fieldset><legend>{safe(axis.label)}</legend>" + "\n".join(lines) + "</fieldset>"


def _slider(axis: Axis) -> str:
    own = axis.choices[axis.own].label
    return (
        f'<div class="slider"><label for="{axis.name}">{safe(axis.label)}</label>'
        f'<input type="range" id="{axis.name}" name="{axis.name}" min="0" max="{len(axis.choices) - 1}" '
        f'step="1" value="{axis.own}" aria-valuetext="{safe(own)}">'
        f'<span class="shown" id="{axis.name}-shown" aria-hidden="true">{safe(own)}</span></div>'
    )


def answer(explorer: Explorer) -> str:
    """The sentence of the result's own combination and its numbers; the script exchanges both."""
    own = [axis.own for axis in explorer.axes]
    here = explorer.at(*own)
    rows = []
    for name, row in here.to_dict("index").items():
        rows.append(
            (
                row["label"],
                Html(f'<span id="value-{name}">{safe(amount(row["value"], row["unit"]))}</span>'),
                Html(f'<span id="band-{name}">{safe(band(row))}</span>'),
                with_band(row),
            )
        )
    heads = ("Quantity", "This choice", BAND, "The scenario of this page")
    return (
        '<p id="answer" class="answer" role="status" aria-live="polite">'
        f"{safe(sentence(explorer, own))}</p>\n"
        + f'<div class="screen">{table("The answer in numbers", heads, rows, figures=(1, 2, 3))}</div>'
    )


def sentence(explorer: Explorer, chosen: list[int]) -> str:
    """The sentence of a combination."""
    words = {axis.name: axis.choices[k].told for axis, k in zip(explorer.axes, chosen, strict=True)}
    numbers = {str(name): with_band(row) for name, row in explorer.at(*chosen).to_dict("index").items()}
    return SENTENCE.format(**words, **numbers)


def overview(explorer: Explorer) -> str:
    """All combinations at the scenario's own rates, for paper and for those without the script."""
    *structure, filing, approval = explorer.axes
    rows = []
    for cell in product(*(range(len(axis.choices)) for axis in structure)):
        here = explorer.at(*cell, filing.own, approval.own).to_dict("index")
        named = [axis.choices[k].label for axis, k in zip(structure, cell, strict=True)]
        cells = [with_band(here[name]) for name in ("eligible", "released_first_wave", "bed_years_saved")]
        rows.append([*named, *cells])
    heads = [axis.label for axis in structure]
    heads += ["Eligible", "Released on the first day", "Bed-years saved"]
    told = " and ".join(axis.choices[axis.own].told for axis in (filing, approval))
    return table(f"Every combination with {told}, with its {BAND}", heads, rows, figures=range(3, 6))


def data(explorer: Explorer) -> str:
    """The grid as JSON that can stand inside a page."""
    table = explorer.table
    names = list(dict.fromkeys(table["quantity"]))
    cells: list[list[list[str]]] = []
    axes = [axis.name for axis in explorer.axes]
    for _, part in table.sort_values(axes, kind="stable").groupby(axes, sort=True):
        rows: list[dict[str, Any]] = part.to_dict("records")  # type: ignore[assignment]
        cells.append(
            [
                [
                    tied(text)
                    for text in (
                        number(row["value"], row["unit"]),
                        amount(row["value"], row["unit"]),
                        band(row),
                    )
                ]
                for row in rows
            ]
        )
    held = {
        "sentence": SENTENCE,
        "quantities": names,
        "axes": [
            {
                "name": axis.name,
                "own": axis.own,
                "labels": [tied(choice.label) for choice in axis.choices],
                "told": [tied(choice.told) for choice in axis.choices],
            }
            for axis in explorer.axes
        ],
        "cells": cells,
    }
    text = json.dumps(held, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
