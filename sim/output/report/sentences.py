"""What the page says in words: how it was done, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterator

from sim.output.finding import day, spelled_out, too_few
from sim.output.plots.words import amount, apart, number
from sim.output.printed import NOT_THESE, numbers_met
from sim.results.results import Result


def method(result: Result) -> str:
    """How the forecast is made, in a paragraph."""
    return (
        f"{_people(result)} Each has the facts a court found; {_law(result)} Good conduct time and time "
        "served turn terms into release dates. Expected numbers and their variances are exact: nothing is "
        f"drawn by lot after the people are made. {intervals(result)}"
    )


def intervals(result: Result) -> str:
    """What the intervals hold."""
    worlds, own = len(result.worlds), bool(result.provenance.get("people"))
    if too_few(result):
        return f"There are no intervals: {worlds} plausible worlds are too few."
    if result.scenario.without_motion:
        if worlds < 2:
            return "There are no intervals: no court decides, and only one set of people was made."
        luck = "" if own else ", and luck in who is inside"
        return (
            f"Intervals hold the spread of {worlds} plausible worlds, which differ in what nobody has "
            f"published "
            f"about prisoners{luck}; no court has a part in them."
        )
    if worlds < 2:
        return "Intervals hold the spread of approval between districts and luck in single decisions only."
    inside = "" if own else " and in who is inside"
    return (
        f"Intervals hold the spread of {worlds} plausible worlds, which differ in what nobody has published "
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
        f"{ranges} §1B1.10 then says who is eligible and how low a court may go. "
        f"{number(rules.filing_rate, 'share')} of the eligible ask; "
        f"{number(rules.approval_rate, 'share')} of their motions are granted, more in some districts than "
        f"in others, after {number(rules.decision_months_median, 'months')} months at the median"
        f"{'; who can leave sooner is answered sooner' if rules.order_strength else ''}. A court that grants "
        "keeps the person’s place relative to the range."
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
    met, numbers = numbers_met(result)
    return (
        f"Of {numbers} published numbers that must follow from this forecast, it meets {met}. A number is "
        f"called "
        "missed where its forecast lies outside our tolerance around the "
        "published figure, even if the two overlap. The scorecard of the project counts in the same way, "
        "over the numbers of "
        "other analyses as well. The intervals allow for mistakes of the method as large as "
        "it made for earlier amendments."
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
        size = "just " if size == "0.0 % " else size
        shown = amount(row["value"], row["unit"], apart(row["value"], low, high, row["unit"]))
        role = {"check": "", "calibrate": ", although it was fitted", "input": ", although it was fed in"}
        accepted = f"{number(low, row['unit'])} to {number(high, row['unit'])}"
        yield (
            f"{spelled_out(row['label'])}: {shown}, accepted {accepted}; "
            f"{size}{side} end of our tolerance{role.get(row['role'], '')}"
        )
