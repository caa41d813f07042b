"""§2D1.1(a): the base level, from drugs and quantities where they are known, else as found."""

from __future__ import annotations

import numpy as np

from guidelines.arrays import BoolArray, IntArray, refuse
from guidelines.errors import ContradictoryFacts, MissingFact
from guidelines.facts import Facts
from guidelines.manual import Manual
from guidelines.s2d1_1_drug_quantity import quantity_base_level, role
from guidelines.s2d1_1_equivalency import combined_base_level


def by_quantity(facts: Facts) -> BoolArray:
    """Whose base level follows from drugs and quantities (the others' was found), shape (people,)."""
    based: BoolArray = facts["drug_quantity_based"]
    if "substance" in facts:
        if "drug" in facts:
            raise ContradictoryFacts("facts: give drug or substance (several drugs), not both")
        given = facts.raw("substance")
        some = given >= 0 if given.dtype.kind in "iu" else given.astype(np.str_) != ""
        return np.asarray(based & some.any(axis=-1))
    if "drug" not in facts or "quantity" not in facts:
        return np.zeros(facts.people, dtype=np.bool_)
    if "base_offense_level" not in facts:
        return based
    return np.asarray(based & ~np.isnan(facts["quantity"]))


def level_by_quantity(facts: Facts, who: BoolArray, manual: Manual) -> IntArray:
    """§2D1.1(c) for those whose base level follows from drugs and quantities, shape (who.sum(),)."""
    if "substance" in facts:
        return combined_base_level(facts.raw("substance")[who], facts.raw("substance_quantity")[who], manual)
    drug = np.broadcast_to(facts.raw("drug"), (facts.people,))
    return quantity_base_level(drug[who], facts["quantity"][who], manual)


def base_levels(facts: Facts, manual: Manual) -> tuple[IntArray, IntArray] | None:
    """Level of the Drug Quantity Table and base offense level after (a)(5), shape (people,) each.

    A base level that was found is kept; the row behind it is the highest that (a)(5) turns into it.
    None if no fact leads to a base level.

    Raises
    ------
    MissingFact, ImpossibleValue
        Some people have neither drug and quantity nor a level as found.
    """
    follows = by_quantity(facts)
    found = facts.get("base_offense_level", np.int32(0))
    if not follows.all():
        if "base_offense_level" not in facts:
            if not follows.any() and facts["drug_quantity_based"].all():
                return None
            raise MissingFact(
                "§2D1.1(a): a base level that is not from the Drug Quantity Table needs base_offense_level"
            )
        absent = ~follows & (found == 0)
        refuse(absent, found, "§2D1.1(a) base_offense_level", "give the level found, or drug and quantity")
    size = -role(facts["mitigating_role"])
    if facts.people and follows.all():
        row = level_by_quantity(facts, follows, manual)
        return row, manual.role_cap[size, row]
    base = found.copy()
    row = np.where(facts["drug_quantity_based"], manual.row_of_capped[size, found], found)
    if follows.any():
        row[follows] = level_by_quantity(facts, follows, manual)
        base[follows] = manual.role_cap[size[follows], row[follows]]
    return row, base
