"""Names of columns and keys as people write them: which field, part of a drug or switch each one is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from guidelines.case.fields import FIELDS

ALSO_CALLED = {
    "case_id": "id case case_no case_number case_num docket_number docket_no client client_name defendant",
    "sentenced_on": "sentenced sentence_date date_of_sentence date_of_sentencing "
    "sentencing_date date_sentenced",
    "manual_edition": "manual edition manual_used guidelines_manual guideline_manual manual_year",
    "amendments": "amendment retroactive_amendment retroactive_amendments",
    "order_effective_on": "order_effective order_effective_date",
    "drugs": "substances drugs_and_quantities",
    "base_offense_level": "base_level bol base_ol",
    "total_offense_level": "total_level tol total_ol offense_level final_offense_level",
    "adjustments": "adjustment enhancements specific_offense_characteristics",
    "mitigating_role": "minor_role role_reduction mitigating_role_adjustment mitigating_role_reduction",
    "acceptance": "acceptance_of_responsibility aor acceptance_levels",
    "criminal_history_points": "history_points ch_points criminal_history_score",
    "criminal_history_category": "category chc cat ch_category criminal_history history_category "
    "crim_history crim_history_category",
    "career_offender": "career co_status career_offender_status",
    "armed_career_criminal": "acca armed_career",
    "table_range_months": "table_range sentencing_table_range",
    "guideline_range_months": "guideline_range guidelines_range range applicable_range gl_range",
    "statutory_minimum_months": "statutory_minimum mandatory_minimum mandatory_min mand_min man_min stat_min",
    "statutory_maximum_months": "statutory_maximum stat_max statutory_max",
    "substantial_assistance": "5k1_1 5k1 5k 5k1_1_motion 5k_motion",
    "below_minimum_authority": "3553_e 3553e 3553_e_motion",
    "imposed_term_months": "sentence sentence_imposed imposed_sentence imposed_term term term_imposed "
    "sentence_months sentence_length custody_term prison_term imprisonment",
    "consecutive_term_months": "consecutive_term consecutive consecutive_sentence",
    "sentence_began_on": "sentence_began sentence_start sentence_start_date "
    "sentence_commenced date_commenced",
    "jail_credit_days": "jail_credit jail_time_credit prior_custody_credit jail_days",
    "good_time_disallowed_days": "good_time_disallowed good_time_lost gct_disallowed",
    "time_served_months": "time_served months_served",
}
DRUG_PARTS = {
    "drug": "drug substance drug_type drug_name controlled_substance primary_drug",
    "quantity": "quantity amount weight qty drug_quantity drug_weight drug_amount",
    "unit": "unit units measure unit_of_measure drug_unit quantity_unit",
    "purity": "purity drug_purity",
    "each": "each pill_strength strength",
}
RULE = "rules."
UNITS = ("mg", "g", "kg", "lb", "lbs", "oz", "grams", "kilograms", "pounds", "ounces")
NEAR = 0.82
"""How alike an unknown name must be to a known one to be taken for a slip of it."""

_FIELD = {spelling: name for name in FIELDS for spelling in (name, *ALSO_CALLED.get(name, "").split())}
_DRUG = {spelling: part for part, spellings in DRUG_PARTS.items() for spelling in spellings.split()}
LONGEST_HEADING = 200
"""Letters of a heading that may name a fact; a longer one is a note."""
_NUMBERED = re.compile(r"(.*?)_?(?:no_)?(\d)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column belongs.

    Attributes
    ----------
    kind
        ``field``, ``drug`` (a part of one), ``rule``, ``extra`` or ``wrong``.
    name
        The field, part or switch; for `extra` the name as written; for `wrong` what to say.
    number
        Which drug.
    unit
        A unit the heading names: years for months, a unit of weight for a quantity.
    exact
        The heading is the field's own name.
    """

    kind: str
    name: str
    number: int = 1
    unit: str = ""
    exact: bool = True


@lru_cache(maxsize=4096)
def place_of(heading: str) -> Place:
    """Where a heading belongs; letter case, blanks and punctuation do not matter.

    Examples
    --------
    >>> place_of("Base Offense Level (BOL)").name, place_of("Statutory maximum (years)").unit
    ('base_offense_level', 'years')
    >>> place_of("acceptence").name
    'did you mean acceptance?'
    """
    if heading in FIELDS:
        return Place("field", heading)
    if heading.lower().startswith(RULE):
        return Place("rule", heading[len(RULE) :])
    if len(heading) > LONGEST_HEADING:
        return Place("extra", heading)
    plain = _plain(heading)
    for unit in ("", "years", "yrs", *UNITS):
        stem = plain if not unit else plain.removesuffix(f"_{unit}")
        if unit and stem == plain:
            continue
        for spelling in (stem, f"{stem}_months", stem.removesuffix("_months"), stem.removesuffix("_days")):
            name = _FIELD.get(spelling)
            if name and (not unit or (name.endswith("_months") and unit in ("years", "yrs"))):
                return Place("field", name, unit="years" if unit else "", exact=spelling == name)
        if (part := _part(stem)) and (not unit or part[0] == "quantity"):
            return Place("drug", part[0], part[1], unit)
    if (without := re.sub(r"\([^()]*\)\s*$", "", heading)) not in ("", heading):
        return place_of(without)
    near = get_close_matches(plain, [*_FIELD, *_DRUG], n=1, cutoff=NEAR)
    if near:
        return Place("wrong", f"did you mean {_FIELD.get(near[0]) or _DRUG[near[0]]}?")
    return Place("extra", heading)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", heading.lower().replace("offence", "offense")).strip("_")


def _part(stem: str) -> tuple[str, int] | None:
    """A part of a drug, and of which drug: ``quantity``, ``quantity_2``, ``drug2_quantity``."""
    if stem in _DRUG:
        return _DRUG[stem], 1
    if (found := _NUMBERED.fullmatch(stem)) and found[1] in _DRUG:
        return _DRUG[found[1]], int(found[2])
    if (found := re.fullmatch(r"drug_?(\d)_(.+)", stem, re.ASCII)) and found[2] in _DRUG:
        return _DRUG[found[2]], int(found[1])
    return None


Places = Callable[[Sequence[str]], tuple[tuple["Place", ...], list[str]]]
"""Places of the headings of a sheet, with one line for each that cannot be."""


def places_of(columns: Sequence[str]) -> tuple[tuple[Place, ...], list[str]]:
    """The place of each column of a sheet, and one line for each that is a slip or stands twice.

    Where several columns could name the case, the field's own name or else the first one does, and the others
    are handed through.
    """
    places = [place_of(column) for column in columns]
    problems = [
        f"unknown column {column!r}; {place.name}"
        for column, place in zip(columns, places, strict=True)
        if place.kind == "wrong"
    ]
    taken: dict[tuple[str, str, int], int] = {}
    for at in sorted(range(len(places)), key=lambda at: not places[at].exact):
        place = places[at]
        if place.kind in ("extra", "wrong"):
            continue
        key = place.kind, place.name, place.number
        if key not in taken:
            taken[key] = at
        elif place.name == "case_id" and columns[at] != columns[taken[key]]:
            places[at] = Place("extra", columns[at])
        else:
            same = (
                ""
                if columns[at] == columns[taken[key]]
                else f" ({columns[taken[key]]!r} and {columns[at]!r})"
            )
            problems.append(f"column {place.name!r} is there twice{same}")
    return tuple(places), problems


def takes_part(columns: Sequence[str], places: Places = places_of) -> bool:
    """Whether a line could be the headings of a sheet: one of them at least has a place."""
    return any(place.kind != "extra" for place in places([column for column in columns if column])[0])
