"""§2D1.1: quantities in the unit their drug is counted in - grams, millilitres, units, plants."""

from __future__ import annotations

from guidelines.errors import ImpossibleValue, nearest
from guidelines.manual import Manual
from guidelines.s2d1_1_equivalency import substance_index
from guidelines.s2d1_1_substances import substances_of

COUNTED = {"unit": "unit", "units": "unit", "pills": "unit", "tablets": "unit", "capsules": "unit"}
PLURALS = {
    "grams": "g",
    "gram": "g",
    "kilograms": "kg",
    "pounds": "lb",
    "ounces": "oz",
    "milligrams": "mg",
    "milligram": "mg",
    "liters": "liter",
}
PLANTS = ("plant", "plants")
DOSES = ("dose", "doses")
PLANT = "Marihuana plant (each; or actual weight if greater)"
MANY_PLANTS = "Marihuana plant (each, offense with 50 or more plants; or actual weight if greater)"
OWN_PLANTS = "Marihuana plants"
PLANT_NAMES = ("Marihuana", PLANT, MANY_PLANTS, OWN_PLANTS)
MANY = 50
"""Plants from which on each counted one kilogram until 31 October 1995: note (E) of §2D1.1(c)."""


def own_quantity(drug: str, quantity: float, unit: str, manual: Manual) -> tuple[str, float]:
    """A quantity in its drug's own unit, with the name to look it up by.

    Parameters
    ----------
    drug
        Name or common name.
    quantity
        Number of the unit given.
    unit
        mg, g, kg, lb, oz, grain, ml, liter, units (pills, tablets, capsules), plants or doses.
    manual
        The edition.

    Returns
    -------
    tuple
        The drug's name (marihuana plants have one of their own) and its quantity.

    Raises
    ------
    UnknownDrug, ImpossibleValue
        A drug nobody knows; a unit nobody knows or that this drug is not counted in.

    Examples
    --------
    >>> own_quantity("crack", 1, "oz", Manual.on("2013-11-01"))
    ('Cocaine Base', 28.35)
    >>> own_quantity("LSD", 100, "doses", Manual.on("2013-11-01"))
    ('LSD', 0.04)
    """
    kinds = substances_of(manual)
    name = kinds.names[int(substance_index([drug], manual)[0])]
    counted = kinds.unit[kinds.by_name[name.lower()]]
    given = PLURALS.get(unit.strip().lower(), unit.strip().lower())
    section = f"§2D1.1 edition {manual.label}"
    if given in PLANTS:
        if name not in PLANT_NAMES:
            raise ImpossibleValue(f"{section}: {name} is not counted in plants; give {counted}")
        return _plant_row(quantity, manual), float(quantity)
    weights = {row["drug"]: float(row["grams_per_dose"]) for row in manual.table("dose_weights").verified}
    if given in DOSES:
        if name not in weights:
            raise ImpossibleValue(
                f"{section}: no weight of a dose of {name} is held; known: {', '.join(weights)}"
            )
        return name, float(quantity) * weights[name]
    if given in COUNTED:
        if counted != "unit":
            doses = ", doses" if name in weights else ""
            raise ImpossibleValue(
                f"{section}: {name} is weighed, not counted; give {counted}{doses}, or what one holds as each"
            )
        return name, float(quantity)
    table = manual.table("measurement_conversion")
    known = {row["measure"]: (row["in"], float(row["amount"])) for row in table.verified}
    if given not in known:
        raise ImpossibleValue(
            f"{section}: unknown unit {unit!r}; "
            f"{nearest(given, [*known, *COUNTED, *PLANTS, *DOSES], listed=30)}"
        )
    measured, amount = known[given]
    if measured != counted:
        raise ImpossibleValue(f"{section}: {name} is counted in {counted}, not in {unit}")
    # Division is exact where multiplication by 0.001 is not: 50 mg are the 0.05 g of the table.
    return name, float(quantity) / round(1 / amount) if given == "mg" else float(quantity) * amount


def _plant_row(quantity: float, manual: Manual) -> str:
    """The name plants are looked up by: rows of their own in 1987, then one rate or two."""
    if OWN_PLANTS in manual.listed_drugs:
        return OWN_PLANTS
    converted = {row["drug"] for row in manual.table("drug_equivalency")}
    return MANY_PLANTS if quantity >= MANY and MANY_PLANTS in converted else PLANT
