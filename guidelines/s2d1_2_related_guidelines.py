"""§§2D1.2, 2D1.8 and 2D1.1(d): guidelines that take their level from §2D1.1, and its cross references."""

from __future__ import annotations

import numpy as np

from guidelines.arrays import BoolArray, IntArray, refuse
from guidelines.errors import ContradictoryFacts
from guidelines.facts import Facts
from guidelines.manual import Manual
from guidelines.s2d1_1_drug_quantity import role
from guidelines.s2d1_1_equivalency import combined_base_level, substance_index
from guidelines.s2d1_1_substances import NONE


def chapter_two_level(facts: Facts, base: IntArray, manual: Manual) -> IntArray:
    """Offense level of Chapter Two, shape (people,): §2D1.1, or the guideline that refers to it.

    Parameters
    ----------
    facts
        Characteristics with their floor; ``protected_location``, ``premises_only`` and
        ``cross_reference_level``.
    base
        Base offense level of §2D1.1 for the whole quantity.
    manual
        The edition.

    Raises
    ------
    DateBeforeFirstEdition
        A guideline whose text is not held for this edition.
    ContradictoryFacts
        A mitigating role beside §2D1.8(a)(2), which excludes it.

    Examples
    --------
    >>> manual, base = Manual.on("2013-11-01"), np.array([24, 12, 32])
    >>> near = Facts({"protected_location": True, "under_18_involved": [False, False, True]})
    >>> chapter_two_level(near, base, manual).tolist()
    [26, 14, 34]
    >>> chapter_two_level(Facts({"premises_only": True}), base, manual).tolist()
    [20, 8, 26]
    """
    level = _own_level(facts, base)
    near, premises = facts["protected_location"], facts["premises_only"]
    if near.any():
        rules = manual.rules_of("protected_location")
        greatest = np.maximum(
            _directly_involved(facts, near, level, manual) + rules["directly_involved_plus"],
            level + rules["whole_quantity_plus"],
        )
        young = np.where(facts["under_18_involved"], rules["person_under_18"], rules["otherwise"])
        level = np.where(near, np.maximum(greatest, young), level).astype(np.int32)
    if premises.any():
        if (premises & (facts["mitigating_role"] < 0)).any():
            raise ContradictoryFacts(
                f"§2D1.8(b)(1) edition {manual.label}: a mitigating role given with premises_only; "
                "§3B1.2 does not apply there"
            )
        rules = manual.rules_of("premises_only")
        lower = np.minimum(level + rules["levels"], rules["level_at_most"])
        level = np.where(premises, lower, level).astype(np.int32)
    found: IntArray = np.maximum(level, facts["cross_reference_level"])
    return found


def _own_level(facts: Facts, base: IntArray) -> IntArray:
    """§2D1.1: base and characteristics, not below the greatest floor among these."""
    level: IntArray = np.maximum(base + facts["specific_offense_levels"], facts["specific_offense_floor"])
    return level


def _directly_involved(facts: Facts, near: BoolArray, level: IntArray, manual: Manual) -> IntArray:
    """§2D1.2(a)(1): the level of what directly involved the place or person; of all if not told apart."""
    if "protected_substance" not in facts:
        return level
    index = np.asarray(substance_index(facts.raw("protected_substance"), manual))
    apart = near & (index != NONE).any(axis=-1)
    row = combined_base_level(index[apart], facts.raw("protected_substance_quantity")[apart], manual)
    base = np.zeros(facts.people, dtype=np.int32)
    base[apart] = manual.role_cap[-role(facts["mitigating_role"])[apart], row]
    direct = _own_level(facts, base)
    refuse(
        apart & (direct > level),
        direct,
        "§2D1.2(a)(1) protected_substance",
        "a part of the whole is accepted",
    )
    return np.where(apart, direct, level).astype(np.int32)
