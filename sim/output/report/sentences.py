"""What the page says in words: the headline, how it was done, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sim.output.plots.words import MONTHS, amount, number
from sim.output.printed import NOT_THESE, targets_met
from sim.results.results import Result

BAND = "90 % band"


def day(value: date) -> str:
    """1 November 2015."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def band(row: Mapping[Any, Any]) -> str:
    """The 90 percent band of a row of the headline; empty where it has no width."""
    low, high = (number(row[end], row["unit"]) for end in ("low_90", "high_90"))
    return "" if low == high or "none" in (low, high) else f"{low} to {high}"


def with_band(row: Mapping[Any, Any], unit: bool = False, named: bool = False) -> str:
    """A value and its band: 6,976 (5,416 to 8,537)."""
    text = amount(row["value"], row["unit"]) if unit else number(row["value"], row["unit"])
    width = band(row)
    return f"{text} ({BAND + ' ' if named else ''}{width})" if width else text


def headline(result: Result) -> str:
    """The result in one sentence."""
    rows = {name: row for name, row in result.headline.to_dict("index").items()}
    first = day(result.scenario.dates.earliest_release)
    people = f"Of {number(rows['stock']['value'])} people in federal prison for a drug offense"
    if result.scenario.without_motion:
        return (
            f"{people}, {with_band(rows['eligible'], named=True)} leave earlier without asking a court; "
            f"{with_band(rows['released_first_wave'])} of them on {first}, and "
            f"{with_band(rows['bed_years_saved'])} years in prison are saved in all."
        )
    if not result.scenario.amendment.retroactive:
        return f"{people}, none may ask for a shorter term; {new_sentences(result)}."
    return (
        f"{people}, "
        f"{with_band(rows['eligible'], named=True)} may ask for a shorter term; "
        f"{with_band(rows['released_first_wave'])} of them leave on {first}, the first day on which orders "
        f"take effect, and {with_band(rows['bed_years_saved'])} years in prison are saved in all."
    )


def new_sentences(result: Result) -> str:
    """How many fewer people are in prison through new sentences, at the last month that is told."""
    table = result.outcomes
    rows = table[table["quantity"] == "fewer_in_prison_by_new_sentences"] if len(table) else table
    if rows.empty:
        return "what it does to new sentences is not told, for want of data"
    told = rows[rows["published"].notna()]
    row = (told if len(told) else rows).iloc[-1].to_dict()
    year, month = (int(part) for part in row["group"].split("-"))
    return (
        f"new sentences alone leave {with_band(row, named=True)} fewer in prison by the end of "
        f"{MONTHS[month - 1]} {year}"
    )


def method(result: Result) -> str:
    """How the forecast is made, in a paragraph."""
    return (
        f"{_people(result)} Each has the facts a court found; {_law(result)} Good conduct time and time "
        "served turn terms into release dates. Expected numbers and their variances are exact: nothing is "
        f"drawn by lot after the people are made. {_bands(result)}"
    )


def _bands(result: Result) -> str:
    """What the bands hold."""
    worlds, own = len(result.worlds), bool(result.provenance.get("people"))
    if result.scenario.without_motion:
        if worlds < 2:
            return "There are no bands: no court decides, and only one set of people was made."
        luck = "" if own else ", and luck in who is inside"
        return (
            f"Bands hold the spread of {worlds} plausible worlds, which differ in what nobody has published "
            f"about prisoners{luck}; no court has a part in them."
        )
    if worlds < 2:
        return "Bands hold the spread of approval between districts and luck in single decisions only."
    inside = "" if own else " and in who is inside"
    return (
        f"Bands hold the spread of {worlds} plausible worlds, which differ in what nobody has published "
        "about prisoners and judges, that of approval between districts, and luck in single decisions"
        f"{inside}."
    )


def _people(result: Result) -> str:
    """Where the prisoners come from."""
    told = f"{number(result['stock']['value'])} on {day(result.scenario.dates.reference)}"
    if result.provenance.get("people"):
        return f"The prisoners, {told}, come from a file of the user’s own."
    return (
        f"Synthetic prisoners, {told}, are made from published counts of sentences and weighted until they "
        "meet the published make-up of the drug prisoners."
    )


def _law(result: Result) -> str:
    """What is done to each prisoner's term."""
    amendment, rules = result.scenario.amendment, result.scenario.judges
    if result.scenario.without_motion:
        return "no court decides anything: the statute counts good conduct time anew for everybody inside."
    ranges = (
        f"the Guidelines Manual in force on {day(amendment.manual_before)} gives the range they were "
        f"sentenced under, and the same Manual with amendment {amendment.name} alone the amended range."
    )
    if not amendment.retroactive:
        return f"{ranges} The amendment is not retroactive, so only new sentences change."
    return (
        f"{ranges} §1B1.10 then says who is eligible and how low a court may go. A court that grants keeps "
        f"the person’s place relative to the range; {number(rules.approval_rate, 'share')} of the eligible "
        f"are granted, with a standard deviation of {number(rules.approval_spread, 'share')} between "
        f"districts, after {number(rules.decision_months_median, 'months')} months at the median."
    )


def limits(result: Result) -> str:
    """How the forecast compares with what was published, in a paragraph."""
    table = result.headline
    held = table[table["in_published_band"].notna() & (table["role"] == "check")]
    if result.provenance.get("people"):
        return f"{NOT_THESE} Nothing checks the forecast but the law."
    if held.empty:
        return (
            "No published figure says how this scenario would have gone, so nothing checks it but the law "
            "and the make-up of the prisoners it starts from."
        )
    met, targets = targets_met(result)
    return (
        f"Of {targets} published targets that must follow from this forecast, it meets {met}. A target "
        "is called missed where the forecast of one of its numbers lies outside the published band, even if "
        "the two bands overlap. The scorecard of the project counts in the same way, over the targets of "
        "other analyses as well. The bands do not hold mistakes in the method itself."
    )


def misses(result: Result) -> Iterator[str]:
    """Each published figure that is missed, with the size of the miss."""
    table = result.headline
    missed = table[table["in_published_band"].notna() & ~table["in_published_band"].fillna(True).astype(bool)]
    for row in missed.to_dict("records"):
        low, high = row["published_low"], row["published_high"]
        edge, side = (low, "below the lower") if row["value"] < low else (high, "above the upper")
        away = abs(row["value"] - edge)
        size = f"{100 * away / abs(edge):.1f} % " if edge else ""
        role = {"check": "", "calibrate": ", although it was fitted", "input": ", although it was fed in"}
        yield (
            f"{row['label']}: {amount(row['value'], row['unit'])}, published {number(low, row['unit'])} to "
            f"{number(high, row['unit'])}; {size}{side} end of the band{role.get(row['role'], '')}"
        )
