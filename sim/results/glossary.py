"""Every quantity that is reported: what it is called, what it counts, its unit. One list for all outputs."""

from __future__ import annotations

from sim.people.margins import STOCK_DRUGS
from sim.results.glossary_outcomes import OUTCOMES
from sim.results.glossary_outcomes import Entry as Entry

GLOSSARY: dict[str, Entry] = {
    "stock": Entry(
        "drug prisoners",
        "persons",
        "People serving a federal drug-trafficking sentence on the reference day.",
    ),
    "stock_mean_term_months": Entry(
        "mean term of the stock",
        "months",
        "Mean term imposed, as it stands on the reference day; life left out.",
    ),
    "stock_serving_life": Entry("serving life", "share", "Share of the stock with a life term."),
    "stock_not_citizens": Entry("not US citizens", "share", "Share of the stock that are not US citizens."),
    "stock_category_i": Entry("Criminal History Category I", "share", "Share of the stock in Category I."),
    "stock_weapon": Entry(
        "weapon", "share", "Share of the stock with a weapon enhancement or a firearm count."
    ),
    "stock_subject_to_minimum": Entry(
        "subject to a mandatory minimum",
        "share",
        "Share convicted under a mandatory minimum and relieved neither by the safety valve nor by "
        "assistance.",
    ),
    **{
        f"stock_{name}": Entry(
            f"primary drug {name}", "share", f"Share of the stock whose primary drug is {name}."
        )
        for name in STOCK_DRUGS
    },
    "eligible": Entry(
        "eligible for a shorter term",
        "persons",
        "People to whom §1B1.10 allows a shorter term that would end before the present one.",
    ),
    "mean_cut_months": Entry(
        "mean cut of the eligible",
        "months",
        "Mean of present term less reduced term if every motion is granted in full; life left out.",
    ),
    "mean_cut_percent": Entry(
        "mean cut as a share of the terms", "percent", "Sum of the cuts over the sum of the present terms."
    ),
    "mean_term_before_months": Entry(
        "mean term of the eligible, before", "months", "Mean present term of the eligible; life left out."
    ),
    "mean_term_after_months": Entry(
        "mean term of the eligible, after", "months", "Mean reduced term of the same people."
    ),
    "share_cut_over_60_months": Entry(
        "eligible with a cut over 60 months",
        "share",
        "Share of the eligible whose cut is longer than 60 months.",
    ),
    "bed_years_if_all_granted": Entry(
        "bed-years if every motion is granted",
        "bed-years",
        "Days between the two release dates of the eligible, by the whole cut, in years; life left out.",
    ),
    "eligible_day_one": Entry(
        "eligible to leave on the first day",
        "persons",
        "Eligible people whose reduced term has ended by the first day that orders take effect, before any "
        "denial.",
    ),
    "eligible_following_year": Entry(
        "eligible to leave in the year after",
        "persons",
        "Eligible people whose reduced term ends after the first day and before the same day a year later, "
        "before any denial.",
    ),
    "released_first_wave": Entry(
        "released on the first day",
        "persons",
        "Expected releases on the first day that orders take effect (in 2015: 30 October to 2 November).",
    ),
    "more_released_by_a_year_later": Entry(
        "more released by a year later",
        "persons",
        "Expected releases up to a year after the first day, beyond those without the amendment.",
    ),
    "bed_years_saved": Entry(
        "bed-years saved",
        "bed-years",
        "Expected years in custody saved by the motions that are granted; life left out.",
    ),
    "wave_mean_term_years": Entry(
        "mean term of the first wave, before the cut",
        "years",
        "Mean present term of those eligible to leave on the first day; life left out.",
    ),
    "wave_mean_served_years": Entry(
        "mean time served by the first wave",
        "years",
        "From the beginning of custody, jail credit included, to the first day.",
    ),
    "wave_mean_served_without_years": Entry(
        "first wave's time without the amendment",
        "years",
        "From the beginning of custody to the release date of the present term.",
    ),
    "served_before_years": Entry(
        "time served by the eligible, before",
        "years",
        "Mean from the beginning of custody to the release date of the present term; life left out.",
    ),
    "served_after_years": Entry(
        "time served by the eligible, after",
        "years",
        "The same for the reduced term, not before the first day that orders take effect.",
    ),
    "wave_not_citizens": Entry(
        "not US citizens in the first wave", "share", "Share of those eligible to leave on the first day."
    ),
    "wave_cocaine_or_methamphetamine": Entry(
        "cocaine or methamphetamine in the first wave",
        "share",
        "Share of those eligible to leave on the first day.",
    ),
    "motions": Entry(
        "motions",
        "motions",
        "All motions there will be: of eligible people, and of people the law leaves out.",
    ),
    "motions_screened": Entry(
        "of people the law leaves out", "motions", "Motions denied because the person is not eligible."
    ),
    "motions_denied": Entry("denied on the merits", "motions", "Motions of eligible people that are denied."),
    "motions_granted": Entry("granted", "motions", "Motions granted before the person would have left."),
    "motions_lapsed": Entry(
        "left before the decision", "motions", "Motions of eligible people who leave before it is decided."
    ),
    "granted_of_all_motions": Entry(
        "granted of all motions decided", "share", "Those of people the law leaves out among them."
    ),
    "granted_of_eligible_motions": Entry(
        "granted of eligible people's motions", "share", "Of the motions of eligible people that are decided."
    ),
    "granted_of_eligible": Entry(
        "granted of the eligible", "share", "Of all eligible people, whether they ask or not."
    ),
    "wave_in_community_custody": Entry(
        "first wave in community custody on the eve",
        "share",
        "Share of the first wave already in a halfway house or home confinement.",
    ),
}

COUNTED = (
    "eligible",
    "mean_cut_months",
    "mean_cut_percent",
    "mean_term_before_months",
    "mean_term_after_months",
    "share_cut_over_60_months",
    "bed_years_if_all_granted",
    "eligible_day_one",
    "eligible_following_year",
)
"""Quantities that the Commission's analyses told, and that are worked out as it counted too."""
EVERYWHERE = frozenset(name for name in GLOSSARY if not name.startswith(("motions", "granted_")))
"""Quantities every result has; only where a court decides are there motions."""
GLOSSARY |= {
    f"counted_{name}": Entry(
        f"{GLOSSARY[name].label}, as counted",
        GLOSSARY[name].unit,
        f"{GLOSSARY[name].definition.removesuffix('; life left out.').removesuffix('.')}; counted as the "
        "Commission is taken to have counted (`counted_as`), life as the longest term it records.",
    )
    for name in COUNTED
}
GLOSSARY |= OUTCOMES

WITHOUT_MOTION = {
    "eligible": "whose release comes earlier",
    "wave_mean_served_without_years": "first wave's time without the change",
    "mean_cut_months": "cut of their terms, which stay",
    "mean_cut_percent": "the same as a share of the terms",
    "eligible_day_one": "who leave on the first day",
    "eligible_following_year": "who leave in the year after",
    "mean_term_before_months": "their mean term",
    "mean_term_after_months": "their mean term, which stays",
    "bed_years_if_all_granted": "bed-years between the two release dates",
    "served_before_years": "time they would have served",
    "served_after_years": "time they serve",
}
"""Other labels where releases come earlier by the statute's own force and nobody asks a court."""

LABELS = {name: entry.label for name, entry in GLOSSARY.items()}


def units(name: str) -> str:
    """Unit of a quantity."""
    return GLOSSARY[name].unit
