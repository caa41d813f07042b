"""The federal drug sentencing guideline with its history, and the policy statement on retroactive amendments.

Pure functions of arrays; the edition of the Manual is an argument. Names are resolved when first used, so
``import guidelines`` itself loads neither NumPy nor a table.

>>> import guidelines
>>> manual = guidelines.Manual.on("2013-11-01")
>>> [int(months) for months in guidelines.guideline_range(32, 3, manual)]
[151, 188]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOME = {
    "GuidelineError": "errors",
    "LIFE": "tables",
    "Table": "tables",
    "law": "tables",
    "reference": "tables",
    "editions": "tables",
    "Manual": "manual",
    "Amendment": "amendments",
    "worksheet": "s1b1_1_worksheet",
    "Worksheet": "s1b1_1_worksheet",
    "amended_worksheet": "s1b1_10_retroactivity",
    "reduction": "s1b1_10_retroactivity",
    "Reduction": "s1b1_10_retroactivity",
    "Rules": "s1b1_10_rules",
    "CODES": "s1b1_10_rules",
    "quantity_base_level": "s2d1_1_drug_quantity",
    "guideline_range": "s5a_sentencing_table",
    "meets_safety_valve": "s5c1_2_safety_valve",
    "release_date": "usc18_3624_release",
    "sentence_to_door": "usc18_3624_door",
    "statutory_terms": "usc21_841_mandatory_minimum",
    "analyze_case": "case",
    "analyze_cases": "case",
    "CaseAnswer": "case",
    "CaseError": "case",
}

if TYPE_CHECKING:
    from guidelines.amendments import Amendment as Amendment
    from guidelines.case import CaseAnswer as CaseAnswer
    from guidelines.case import CaseError as CaseError
    from guidelines.case import analyze_case as analyze_case
    from guidelines.case import analyze_cases as analyze_cases
    from guidelines.errors import GuidelineError as GuidelineError
    from guidelines.manual import Manual as Manual
    from guidelines.s1b1_1_worksheet import Worksheet as Worksheet
    from guidelines.s1b1_1_worksheet import worksheet as worksheet
    from guidelines.s1b1_10_retroactivity import Reduction as Reduction
    from guidelines.s1b1_10_retroactivity import amended_worksheet as amended_worksheet
    from guidelines.s1b1_10_retroactivity import reduction as reduction
    from guidelines.s1b1_10_rules import CODES as CODES
    from guidelines.s1b1_10_rules import Rules as Rules
    from guidelines.s2d1_1_drug_quantity import quantity_base_level as quantity_base_level
    from guidelines.s5a_sentencing_table import guideline_range as guideline_range
    from guidelines.s5c1_2_safety_valve import meets_safety_valve as meets_safety_valve
    from guidelines.tables import LIFE as LIFE
    from guidelines.tables import Table as Table
    from guidelines.tables import editions as editions
    from guidelines.tables import law as law
    from guidelines.tables import reference as reference
    from guidelines.usc18_3624_door import sentence_to_door as sentence_to_door
    from guidelines.usc18_3624_release import release_date as release_date
    from guidelines.usc21_841_mandatory_minimum import statutory_terms as statutory_terms

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Resolve a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Public names."""
    return sorted({*globals(), *__all__})
