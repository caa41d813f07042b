"""The quantities of the table of outcomes: what releases come to beyond counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One quantity: label, unit and definition; a quantity that may be negative has no band cut at zero."""

    label: str
    unit: str
    definition: str
    may_be_negative: bool = False


OUTCOMES: dict[str, Entry] = {
    "bed_years_saved_by_year": Entry(
        "bed-years saved in the year",
        "bed-years",
        "Expected years in custody saved within a calendar year of the horizon by motions granted; people "
        "with a life term count as long as the horizon reaches.",
    ),
    "bed_years_saved_by_new_sentences": Entry(
        "bed-years saved by new sentences",
        "bed-years",
        "Years in custody saved within the horizon because people sentenced later get shorter terms.",
    ),
    "cost_saved_average": Entry(
        "cost saved at average cost",
        "million US dollars",
        "Bed-years saved within the horizon times the average cost of an inmate and year, in prices of the "
        "year named, not discounted. The average holds costs that a free bed does not save, so this is an "
        "upper bound; no verified marginal cost has been published.",
    ),
    "cost_saved_marginal": Entry(
        "cost saved at marginal cost",
        "million US dollars",
        "The same bed-years times the marginal cost that the scenario gives under [costs].",
    ),
    "crowding_without": Entry(
        "crowding without the amendment",
        "percent",
        "Federal prisoners in custody over rated capacity, above 100 percent, at the last year's end with a "
        "published count.",
        may_be_negative=True,
    ),
    "crowding_with": Entry(
        "crowding with the amendment",
        "percent",
        "The same with the people gone who are out because of the amendment, sentenced before or after it, "
        "all else unchanged. Some of them would have been in a halfway house, which has no rated beds.",
        may_be_negative=True,
    ),
    "first_wave_route": Entry(
        "way out of the first wave",
        "persons",
        "Expected releases on the first day, by where they lead: immigration authorities for those who are "
        "not US citizens, and for US citizens a halfway house, home confinement or straight from prison.",
    ),
    "first_wave_destination": Entry(
        "first wave by state",
        "persons",
        "Expected releases of US citizens on the first day, by the state of the district of sentence.",
    ),
    "more_under_supervision": Entry(
        "more people under supervised release",
        "persons",
        "US citizens out at the end of the month who would be in custody without the amendment.",
    ),
    "released_early": Entry(
        "released earlier than without",
        "persons",
        "People whose motion is granted and whose order comes before the month in which they would leave "
        "anyway.",
    ),
    "returns_of_released_early": Entry(
        "returns of those released early",
        "persons",
        "US citizens released early who are rearrested, reconvicted or revoked, if they return at the rate "
        "of those who served in full before the crack amendment of 2007. As many return without the "
        "amendment, later.",
    ),
    "returns_brought_forward": Entry(
        "returns brought forward",
        "persons",
        "Returns by the end of the month that happen because people are out earlier, at equal rates: with "
        "less without. Over a lifetime the difference is none.",
    ),
    "share_of_stock": Entry(
        "share of the stock", "share", "Share of the drug prisoners on the reference day."
    ),
    "share_in_custody_without": Entry(
        "share in custody a year later, without",
        "share",
        "Share of those of the stock still inside at the end of the month a year after the first day, "
        "without the amendment.",
    ),
    "share_in_custody_with": Entry(
        "share in custody a year later, with", "share", "The same with the amendment."
    ),
    "left_out": Entry("not eligible", "persons", "Drug prisoners of the reference day who are not eligible."),
    "left_out_mean_term_months": Entry(
        "mean term of those not eligible", "months", "Mean present term; life left out."
    ),
    "left_out_served_years": Entry(
        "time served by those not eligible",
        "years",
        "Mean from the beginning of custody to the release date; life left out.",
    ),
    "everybody_served_before_years": Entry(
        "time served by everybody, before",
        "years",
        "Mean over the whole stock from the beginning of custody to the release date of the present term; "
        "life left out.",
    ),
    "everybody_served_after_years": Entry(
        "time served by everybody, after", "years", "The same if every motion is granted."
    ),
    "new_sentences_affected": Entry(
        "new sentences that get shorter",
        "share",
        "Share of a year's new drug-trafficking sentences that would be shorter under the amendment.",
    ),
    "new_sentences_mean_cut_months": Entry(
        "mean cut of new sentences",
        "months",
        "Mean of the term without less the term with the amendment, of those that get shorter; life left "
        "out.",
    ),
    "convicted_under_minimum_without": Entry(
        "convicted under a minimum, without the policy",
        "share",
        "Share of a year's new drug-trafficking sentences under a mandatory minimum, before the charging "
        "policy.",
    ),
    "convicted_under_minimum_with": Entry(
        "convicted under a minimum, with the policy",
        "share",
        "The same if the policy is applied to everybody who meets its criteria, and to nobody else.",
    ),
    "gain_from_amendment_without_policy": Entry(
        "gain from the amendment, without the policy",
        "share",
        "Share of a year's new sentences that the amendment shortens, minimums charged as before.",
    ),
    "gain_from_amendment_with_policy": Entry(
        "gain from the amendment, with the policy",
        "share",
        "The same where the policy keeps minimums from those who meet its criteria.",
    ),
    "meets_clemency_criteria": Entry(
        "meet the criteria for a commutation",
        "persons",
        "Drug prisoners of the reference day who have served long enough, would get a lower range today and "
        "are within the scenario's limits.",
    ),
    "commutations": Entry(
        "leave by commutation", "persons", "As the scenario says; no court decides about them."
    ),
    "commutations_months_earlier": Entry(
        "months earlier by commutation", "months", "Mean of those who leave by commutation; life left out."
    ),
    "bed_years_saved_by_commutations": Entry(
        "bed-years saved by commutations", "bed-years", "Their time saved in all; life left out."
    ),
    "fewer_in_prison_by_new_sentences": Entry(
        "fewer in prison through new sentences",
        "persons",
        "People sentenced after the amendment who are out at the end of the month and would be inside "
        "without it.",
    ),
    "drug_prisoners_without": Entry(
        "drug prisoners, without",
        "persons",
        "People of the stock and people sentenced later in custody at the end of the month, without the "
        "amendment.",
    ),
    "drug_prisoners_with": Entry("drug prisoners, with", "persons", "The same with the amendment."),
}
"""Quantities of the table of outcomes; its rows name a group and their sources beside these."""
