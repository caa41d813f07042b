"""§2D1.1(c) Notes (A)-(C): the whole mixture, the drug itself, or whichever of the two gives more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from guidelines.errors import ImpossibleValue
from guidelines.manual import Manual
from guidelines.s2d1_1_equivalency import substance_index
from guidelines.s2d1_1_substances import substances_of

WHOLE = 1.0
PERCENT = 100


class Counted(NamedTuple):
    """What of a mixture counts.

    Attributes
    ----------
    drug
        Name to look the weight up by.
    share
        The part of the mixture's weight that counts: 1 for the whole mixture.
    why
        The note, in words.
    """

    drug: str
    share: float
    why: str


def counted_form(drug: str, purity: float, manual: Manual) -> Counted:
    """What of a mixture of known purity counts.

    Parameters
    ----------
    drug
        Name or common name.
    purity
        Share of the drug itself in the mixture, above 0 up to 1.
    manual
        The edition.

    Raises
    ------
    ImpossibleValue
        A purity outside 0 to 1, or of a drug that is already named as pure.
    UnknownDrug
        A drug nobody knows.

    Examples
    --------
    >>> counted_form("methamphetamine", 0.3, Manual.on("2014-11-01"))
    Counted(drug='Methamphetamine (actual)', share=0.3, why='Note (B): the drug itself gives more')
    >>> counted_form("methamphetamine", 0.08, Manual.on("2014-11-01")).drug
    'Methamphetamine'
    """
    section = f"§2D1.1(c) edition {manual.label}"
    if not 0 < purity <= WHOLE:
        raise ImpossibleValue(f"{section}, purity: {purity:g} given; above 0 up to 1 is accepted")
    kinds = substances_of(manual)
    name = kinds.names[int(substance_index([drug], manual)[0])]
    for row in manual.table("pure_forms").verified:
        pure = row["pure_form"]
        if name not in (row["named"], pure) or pure.lower() not in kinds.by_name:
            continue
        if row["counts"] == "itself":
            return Counted(pure, purity, "Note (B): only the drug itself counts")
        if row["counts"] == "greater" and name == pure:
            raise ImpossibleValue(
                f"{section}, purity: {purity:g} given with {name}, which is the weight of the drug itself; "
                f"give the mixture as {row['named']}, or no purity"
            )
        if row["counts"] == "purity" and name == row["named"]:
            if purity * PERCENT >= float(row["purity_percent_at_least"]):
                return Counted(
                    name, WHOLE, f"Note (C): {name} is at least {row['purity_percent_at_least']}% pure"
                )
            return counted_form(pure, purity, manual)
        if row["counts"] == "greater":
            mixture, itself = (kinds.grams_per_unit[kinds.by_name[each.lower()]] for each in (name, pure))
            if np.isnan(itself):  # 1989: rows of its own, and no line among the conversions yet
                mixture, itself = (
                    1 / manual.quantity_cuts[manual.drugs.index(each), 1] for each in (name, pure)
                )
            if purity * itself > mixture:
                return Counted(pure, purity, "Note (B): the drug itself gives more")
            return Counted(name, WHOLE, "Note (B): the whole mixture gives more")
    return Counted(name, WHOLE, "Note (A): the whole mixture counts, whatever its purity")
