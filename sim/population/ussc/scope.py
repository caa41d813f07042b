"""Who of a datafile was sentenced to prison under the drug guideline, counted step by step."""

from __future__ import annotations

from collections import Counter

import numpy as np

from sim.base.arrays import BoolArray
from sim.population.ussc.fields import Fields

DRUG_GUIDELINE = "2D1.1"


def in_scope(fields: Fields, left_out: Counter[str]) -> BoolArray:
    """Rows in scope, shape (rows,); the others are counted by the first step that leaves them out.

    A step whose variables the file lacks is passed over.
    """
    stays = np.ones(fields.rows, np.bool_)
    for reason, out in _steps(fields):
        leaving = stays & out
        if leaving.any():
            left_out[reason] += int(leaving.sum())
            stays &= ~out
    return stays


def _steps(fields: Fields) -> list[tuple[str, BoolArray]]:
    steps: list[tuple[str, BoolArray]] = []
    if fields.variables("sources"):
        sources = fields.number("sources")
        without = np.isin(sources, [float(code) for code in fields.variables("sources")[0].codes])
        steps.append(("no guideline computation in the records (SOURCES)", without))
    if fields.variables("only_firearm"):
        steps.append(("only 18 U.S.C. 924(c) (ONLY924C)", fields.number("only_firearm") == 1))
    if fields.variables("guideline"):
        applied = fields.text("guideline") == DRUG_GUIDELINE
        applied |= fields.text("guideline_by_reference") == DRUG_GUIDELINE
        steps.append((f"another guideline than §{DRUG_GUIDELINE} (GDLINEHI, GDREFHI)", ~applied))
    elif fields.variables("offence"):
        name = fields.variables("offence")[0].name
        coded = fields.number("offence")
        trafficking = [float(code) for code in fields.variables("offence")[0].codes]
        steps.append((f"no drug trafficking ({name})", ~np.isin(coded, trafficking)))
    if fields.variables("prison"):
        variable = fields.variables("prison")[0]
        prison = np.isin(fields.number("prison"), [float(code) for code in variable.codes])
        steps.append((f"no prison term ({variable.name})", ~prison))
    return steps
