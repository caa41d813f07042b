"""Rows of a datafile made people: what was found is kept, what is missing is not invented."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from guidelines import LIFE
from sim.base.arrays import BoolArray, FloatArray
from sim.base.fiscal import first_day
from sim.population.rules import projected_release
from sim.population.schema import DRUG_SLOTS
from sim.population.ussc.fields import Fields, Words

MID_MONTH = 15
DAYS_A_MONTH = 30.4375
"""Days the Commission counts to a month in SENTTOT."""
QUARTER_MONTHS = 3
MONTHS_TO_MAY = 7
"""From October, the first month of a fiscal year, to the middle of January to September."""
PURE_RATIO = 20_000
"""Grams of marihuana to a gram of actual methamphetamine or ice; tells them from a mixture (2,000)."""
TOP_LEVEL = 43
ACCEPTANCES, MITIGATING, AGGRAVATING, OBSTRUCTED = (0, -2, -3), (0, -2, -3, -4), (0, 2, 3, 4), 2
EARLIEST_MANUAL = 1987


def people_of(fields: Fields, year: int) -> tuple[pd.DataFrame, Words]:
    """People of rows in scope, and why a row cannot be one.

    The reason is "" for those that can, shape (rows,).
    """
    reason = np.full(fields.rows, "", dtype=object)

    def refuse(rows: BoolArray, why: str) -> None:
        reason[rows & (reason == "")] = why

    total, category = fields.number("total_offense_level"), fields.number("criminal_history_category")
    refuse(np.isnan(total) | (total < 1), "no total offense level (XFOLSOR)")
    refuse(~np.isin(category, np.arange(1, 7)), "no Criminal History Category (XCRHISSR)")
    months, days = _term(fields)
    refuse(np.isnan(months), "length of the prison term not recorded")
    refuse(months < 1, "a term under one month")
    sentenced = _sentenced_on(fields, year)
    refuse(np.isnat(sentenced), "no date of sentence")
    district = fields.word("district")
    refuse(district == "", "no district")
    coded, group = fields.each_word("drug", DRUG_SLOTS), fields.word("drug_group")
    drug, grams = _drugs(fields, coded.copy(), group.copy())
    base = fields.number("base_offense_level")
    base[(base < 1) | (base > TOP_LEVEL)] = np.nan
    equivalent = np.where(np.isnan(grams[:, 0]), _equivalent(fields, coded), np.nan)
    refuse(
        np.isnan(base) & np.isnan(grams[:, 0]) & np.isnan(equivalent),
        "neither base offense level nor weight of the drugs",
    )

    counted = fields.is_yes("career_firearm_table")
    firearm = np.nan_to_num(_sum(fields, "firearm_months"))
    consecutive = np.where(counted, 0, firearm + np.nan_to_num(fields.number("identity_months")))
    longer = (consecutive >= months) & (months < LIFE)
    fields.take("a consecutive term as long as the whole one, left in it", longer)
    consecutive[longer | (months >= LIFE)] = 0
    least = fields.number("statutory_minimum_months")
    career, armed_level = fields.is_yes("career_offender"), fields.number("armed_career_criminal_level")
    armed = fields.is_yes("armed_career_criminal") & (armed_level > 0) & (armed_level <= TOP_LEVEL)
    accepted = fields.number("acceptance")
    on_track = fields.number("career_acceptance")
    accepted = np.where(career & ~np.isnan(on_track), on_track, accepted)
    valve = fields.word("safety_valve")
    override = np.where(career, fields.number("career_offender_level"), np.where(armed, armed_level, np.nan))
    override[(override < 1) | (override > TOP_LEVEL)] = np.nan
    points, status = fields.number("criminal_history_points"), fields.number("status_points")
    citizen, race = fields.word("citizen"), fields.word("race")
    fields.take("citizenship not recorded, taken as US citizen", citizen == "")
    fields.take("race not recorded, counted as Other", race == "")
    fields.take("drug not recorded, counted as Other", (coded[:, 0] == "") & (group == ""))
    position = _positions(fields, np.where(months >= LIFE, LIFE, months))
    whole = np.where(np.isnan(months), 0, np.where(months >= LIFE, LIFE, months)).astype(np.int64)
    no_credit = np.zeros(fields.rows, np.int64)
    release = projected_release(sentenced, whole, no_credit, no_credit) + days.astype("timedelta64[D]")
    age = fields.number("age_at_sentence")
    columns = {
        "drug": drug[:, 0],
        "quantity_grams": grams[:, 0],
        "marihuana_equivalent_grams": equivalent,
        "sentenced_on": sentenced.astype("datetime64[s]"),
        "criminal_history_category": category,
        "imposed_term_months": np.where(months >= LIFE, LIFE, months - consecutive),
        "imposed_term_days": days,
        "district": district,
        "us_citizen": citizen != "no",
        "race": np.where(race == "", "Other", race),
        "weapon": fields.is_yes("weapon"),
        "safety_valve": (valve == "yes") | (valve == "without levels"),
        "mitigating_role": _listed(fields.number("mitigating_role"), MITIGATING),
        "aggravating_role": _listed(fields.number("aggravating_role"), AGGRAVATING),
        "obstruction": fields.number("obstruction") == OBSTRUCTED,
        "acceptance": _listed(accepted, ACCEPTANCES),
        "career_offender": career,
        "statutory_minimum_months": np.nan_to_num(least),
        "statutory_maximum_months": _or_life(fields.number("statutory_maximum_months")),
        "position": position,
        "release_on": release.astype("datetime64[s]"),
        "sex": fields.word("sex"),
        "age_at_sentence": age,
        "manual_edition": _manual(fields.number("manual_year")),
        "base_offense_level": base,
        "total_offense_level": total,
        "table_minimum_months": fields.number("table_minimum_months"),
        "override_offense_level": override,
        "armed_career_criminal": armed & ~career,
        "offense_statutory_maximum_months": fields.greatest("offense_statutory_maximum_months"),
        "firearm_term_months": np.where(counted & (firearm < LIFE), firearm, 0),
        "consecutive_term_months": consecutive,
        "criminal_history_points": points,
        "status_points": np.where(status <= points, status, np.nan),
    }
    for slot in range(1, DRUG_SLOTS):
        columns[f"drug_{slot + 1}"] = drug[:, slot]
        columns[f"quantity_grams_{slot + 1}"] = grams[:, slot]
    return pd.DataFrame(columns), reason


def _listed(values: FloatArray, allowed: tuple[int, ...]) -> NDArray[np.int64]:
    """Levels the Manual knows; the total level, which is kept, makes up for the others."""
    return np.where(np.isin(values, allowed), values, 0).astype(np.int64)


def _or_life(values: FloatArray) -> FloatArray:
    return np.where(np.isnan(values), LIFE, values)


def _sum(fields: Fields, name: str) -> FloatArray:
    """The numbers of all variables of a field together."""
    total = np.zeros(fields.rows)
    for variable in fields.variables(name):
        total += np.nan_to_num(fields.number_of(variable))
    return np.minimum(total, LIFE)


def _term(fields: Fields) -> tuple[FloatArray, NDArray[np.int64]]:
    """Months and days of prison: as ordered, else by the months with decimals."""
    months = fields.number("imposed_term_months")
    days = np.nan_to_num(fields.number("imposed_term_days")).astype(np.int64)
    decimal = fields.number("imposed_term")
    alone = fields.number("sentence_type") == 1
    other = fields.number("imposed_term_with_alternatives")
    decimal = np.where(np.isnan(decimal) & alone, other, decimal)
    gap = np.isnan(months) & ~np.isnan(decimal)
    whole = np.floor(decimal[gap] + 0.5 / DAYS_A_MONTH)
    months[gap] = whole
    days[gap] = np.maximum(np.round((decimal[gap] - whole) * DAYS_A_MONTH), 0)
    days[np.isnan(months) | (months >= LIFE)] = 0
    return months, days


def _sentenced_on(fields: Fields, year: int) -> NDArray[np.datetime64]:
    """Day of sentence: the middle of its month; else of its quarter, or of the year's part in the file."""
    months, years = fields.number("sentence_month"), fields.number("sentence_year")
    known = (months >= 1) & (months <= 12) & (years > EARLIEST_MANUAL) & (years <= year)
    index = np.where(known, 12 * (years - 1970) + months - 1, 0).astype(np.int64)
    quarter = fields.number("quarter")
    by_quarter = ~known & np.isin(quarter, (1, 2, 3, 4))
    start = int(first_day(year).astype("datetime64[M]").astype(np.int64))
    middle = start + QUARTER_MONTHS * (np.where(by_quarter, quarter, 1) - 1) + 1
    index = np.where(by_quarter, middle, index).astype(np.int64)
    by_year = ~known & ~by_quarter & ((years == year) | (years == year - 1))
    of_year = np.where(years == year, start + MONTHS_TO_MAY, start + 1)
    index = np.where(by_year, of_year, index).astype(np.int64)
    day = index.astype("datetime64[M]").astype("datetime64[D]") + (MID_MONTH - 1)
    written = fields.text("sentence_date")
    by_text = ~known & ~by_quarter & ~by_year & (written != "")
    if by_text.any():
        read = pd.to_datetime(pd.Series(written[by_text]), errors="coerce", format="mixed")
        day[by_text] = read.to_numpy().astype("datetime64[D]")
    day[~known & ~by_quarter & ~by_year & ~by_text] = np.datetime64("NaT")
    return day


def _drugs(fields: Fields, drug: Words, group: Words) -> tuple[Words, FloatArray]:
    """Names and grams of the drugs, shape (rows, slots); no grams at all where one drug lacks its own."""
    grams, equivalent = (fields.each(name, DRUG_SLOTS) for name in ("drug_grams", "drug_marihuana_grams"))
    by_group = drug[:, 0] == ""
    ratio = np.divide(equivalent[:, 0], grams[:, 0], out=np.zeros(fields.rows), where=grams[:, 0] > 0)
    pure = (group == "Methamphetamine") & (np.abs(ratio - PURE_RATIO) < 1)
    group[pure] = "Methamphetamine (actual)"
    drug[by_group, 0] = group[by_group]
    several = fields.number("drugs")
    named = (drug != "").sum(axis=1)
    grams = np.where(drug == "Other", equivalent, grams)
    grams[(drug == "") | ~(grams > 0)] = np.nan
    incomplete = ((drug != "") & np.isnan(grams)).any(axis=1) | (several > named)
    incomplete |= fields.is_yes("quantity_doubtful")
    grams[incomplete] = np.nan
    drug[incomplete, 1:] = ""
    drug[drug[:, 0] == "", 0] = "Other"
    return drug, grams


def _equivalent(fields: Fields, drug: Words) -> FloatArray:
    """Marihuana equivalent of all drugs together, unless one is coded without a weight or doubtful."""
    total = fields.number("marihuana_grams")
    named = (drug != "").sum(axis=1)
    weighed = (fields.each("drug_marihuana_grams", DRUG_SLOTS) > 0).sum(axis=1)
    total[(weighed < named) | fields.is_yes("quantity_doubtful") | ~(total > 0)] = np.nan
    return total


def _positions(fields: Fields, months: FloatArray) -> Words:
    """Where the term lies relative to the range: as coded, else by the months."""
    position = fields.word("position")
    low, high = fields.number("guideline_minimum_months"), fields.number("guideline_maximum_months")
    low = np.where(np.isnan(low), fields.number("table_minimum_months"), low)
    high = np.where(np.isnan(high), fields.number("table_maximum_months"), high)
    worked_out = np.select([months < low, months > high], ["court", "above"], "within").astype(object)
    return np.where(position == "", worked_out, position)


def _manual(years: FloatArray) -> NDArray[np.datetime64]:
    known = years >= EARLIEST_MANUAL
    day = first_day(np.where(known, years, 1970).astype(np.int64) + 1) + 31  # 1 November
    return np.where(known, day, np.datetime64("NaT")).astype("datetime64[s]")
