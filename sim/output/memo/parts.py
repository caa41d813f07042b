"""The parts of the memorandum, in the order commissioners know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from guidelines import tables as law
from sim.base.errors import SimulationError
from sim.output import finding
from sim.output.memo import characteristics as by
from sim.output.memo.content import Part, Table
from sim.output.memo.suppression import merged, suppressed
from sim.output.plots.releases import SHORT
from sim.output.plots.words import about, amount, dated, month_name, number, of_persons, quantity
from sim.output.printed import verdict
from sim.output.report import sentences
from sim.output.report.tables import SOURCES, first_day_rows
from sim.results.results import Result
from sim.studies.impact import decisions_by_month, left_out_by_limits, people_of

INTERVAL = {"forecast": "persons", "from": "persons", "to": "persons"}
MOTIONS = "motions decided"
LEFT_OUT = ("left out", "by no other limit")
FEW_MONTHS = 24
"""Months of the docket that get a row of their own."""
FORECASTS = (
    ("Crack 2007 (Amendment 706)", ("precedents", "P01"), ("precedents", "P03")),
    ("Drugs Minus Two (Amendment 782)", ("calibration_targets", "T09"), ("outcome_motions", "O03")),
)
"""Earlier amendments: who was forecast to be eligible, and how many motions were granted in the end."""
OWN_PEOPLE = (
    "These are the people of the file alone. Nothing here can be read as a forecast for other prisoners."
)


def parts(result: Result, least: int, record: pd.DataFrame | None = None) -> list[Part]:
    """All parts.

    Parameters
    ----------
    result
        A fresh run: the tables by characteristic are counted person by person.
    least
        Smallest count that is shown; 0 shows all.
    record
        Rows of `sim.studies.backtest.backtest`, to tell how the model fared; None leaves them out.

    Raises
    ------
    SimulationError
        A result without its people, an amendment that is not retroactive, or too few eligible people to show.
    """
    if result.analysis is None:
        raise SimulationError("a memorandum is made of a fresh run, not of a stored result")
    scenario = result.scenario
    if not (scenario.amendment.retroactive or scenario.without_motion):
        raise SimulationError(
            f"scenario {scenario.name}: the amendment is not retroactive, so nobody in prison is affected; a "
            "memorandum needs retroactive = true under [amendment]"
        )
    eligible = result["eligible"]["value"]
    if eligible < 0.5:
        raise SimulationError(
            f"scenario {scenario.name}: nobody is eligible, so there is nothing to write about; minustwo run "
            "shows at which step of the law everybody falls out"
        )
    if eligible < least:
        raise SimulationError(
            f"{number(eligible)} people are eligible, fewer than the {least} a cell must have to be shown; "
            "--small-cells 0 shows every number"
        )
    people = people_of(result.analysis)
    found = [
        _summary(result),
        _change(result),
        _eligible(result, least),
        _characteristics(result, people),
        _terms(result, people),
        _prison_years(result),
        *([] if scenario.without_motion else [_docket(result, people)]),
        _unknown(result),
        _fared(result, record),
        _method(result),
        _origin(result),
    ]
    return [replace(part, tables=tuple(_shown(each, least) for each in part.tables)) for part in found]


def _shown(table: Table, least: int) -> Table:
    return suppressed(table, (*by.COUNTS, *LEFT_OUT, MOTIONS, "as things are", "every motion granted"), least)


def _summary(result: Result) -> Part:
    told = [finding.headline(result), finding.further(result)]
    if result.provenance.get("people"):
        told.append(OWN_PEOPLE)
    names = ["eligible", "mean_cut_months", "eligible_day_one", "released_first_wave", "bed_years_saved"]
    known = result.headline.to_dict("index")
    rows = [known[name] for name in names if name in known]
    frame = pd.DataFrame(
        [[row["label"], amount(row["value"], row["unit"]), finding.band(row)] for row in rows],
        columns=["quantity", "forecast", "90 % interval"],
    )
    pictures = () if result.provenance.get("people") else ("releases_by_month",)
    tables = [Table("summary", "Main figures", frame, {})]
    if counted := first_day_rows(result):
        heads = ["what is counted", "people", "90 % interval", "what it means"]
        first = pd.DataFrame(counted, columns=heads)
        tables.append(Table("first_day", "Numbers of the first day, and how they differ", first, {}))
    return Part("summary", "Summary", tuple(filter(None, told)), tuple(tables), pictures)


def _change(result: Result) -> Part:
    """What the change is: the cells of the Drug Quantity Table that move."""
    held = result.drug_ladder[result.drug_ladder["simulated"]]
    moved: dict[tuple[int, int], dict[str, str]] = {}
    for drug, bands in held.groupby("drug", sort=False):
        unit = str(bands["unit"].iloc[0])
        for least in sorted(set(bands["at_least"])):
            before, after = (_level(bands, side, least) for side in ("before", "after"))
            if before != after:
                name = SHORT.get(str(drug), str(drug))
                cell = quantity(least, unit) if least else "any quantity"
                moved.setdefault((before, after), {}).setdefault(name, cell)
    rows = [
        {"level before": str(b), "level after": str(a), **cells} for (b, a), cells in sorted(moved.items())
    ]
    measured = finding.day(result.scenario.amendment.manual_before)
    text = (
        f"{result.scenario.description} The Guidelines Manual before is that in force on {measured}; after "
        "is the same Manual with the change alone."
    )
    table = Table(
        "drug_quantity_table",
        "Cells of the Drug Quantity Table that move (§2D1.1(c)): the least quantity of each",
        pd.DataFrame(rows).fillna(""),
        {},
    )
    nothing = ("No cell of the Drug Quantity Table moves.",) if not rows else ()
    return Part(
        "change", "What the change is", (text.strip(), *nothing), (table,) if rows else (), ("drug_ladder",)
    )


def _level(bands: pd.DataFrame, edition: str, least: float) -> int:
    reached = bands[(bands["edition"] == edition) & (bands["at_least"] <= least)]
    return int(reached["base_offense_level"].max()) if len(reached) else 0


def _eligible(result: Result, least: int) -> Part:
    steps = merged(result.eligibility_waterfall, least)
    own = bool(result.provenance.get("people"))
    last = steps.index == len(steps) - 1
    frame = pd.DataFrame(
        {
            "step": steps["label"],
            "leave": np.where(last | (steps.index == 0), np.nan, steps["persons"]),
            "remain": steps["remaining"],
            "from": np.nan if own else steps["low_90"],
            "to": np.nan if own else steps["high_90"],
            "code": steps["code"],
        }
    )
    frame.loc[0, ["from", "to"]] = np.nan
    units = dict.fromkeys(("leave", "remain", "from", "to"), "persons")
    note = "Everyone is counted once, at the first reason that applies."
    frame.loc[frame["from"] == frame["to"], ["from", "to"]] = np.nan  # an interval without worlds is none
    if frame["from"].isna().all():
        frame = frame.drop(columns=["from", "to"])
    else:
        note += " From and to: the 90 % interval of those who leave; in the last row, of the eligible."
    heads = tuple(name for name in frame.columns if name != "code")
    table = Table("eligibility", "From all drug prisoners to the eligible", frame, units, note, heads)
    published = result["eligible"]["published"]
    told = f"Published before the vote: {number(published)} eligible." if published == published else ""
    pictures = () if own else ("eligibility_waterfall",)
    tables = [table]
    if len(limits := left_out_by_limits(result)):
        frame = limits.rename_axis("limit").reset_index()
        frame.columns = ["limit", *LEFT_OUT]
        tables.append(
            Table(
                "limits",
                "Of those eligible under the law, whom each limit of the scenario leaves out",
                frame,
                dict.fromkeys(LEFT_OUT, "persons"),
                "Who falls under several limits is counted under each.",
            )
        )
    return Part("eligible", "Who is eligible", tuple(filter(None, [told])), tuple(tables), pictures)


def _characteristics(result: Result, people: pd.DataFrame) -> Part:
    tables = tuple(by.tables_by_characteristic(people, bool(result.provenance.get("people"))))
    return Part("characteristics", "The eligible by characteristic", (by.NO_LIFE,), tables)


def _terms(result: Result, people: pd.DataFrame) -> Part:
    years = by.years_of_release(result, people)
    return Part("terms", "Terms and years of release", (), (by.cut_quartiles(people), years), ("terms",))


def _outcome(result: Result, *names: str) -> pd.DataFrame:
    held = result.outcomes
    return held[held["quantity"].isin(names)] if len(held) else held


def _prison_years(result: Result) -> Part:
    tables = []
    saved = result["bed_years_saved"].to_dict()
    years = _outcome(result, "bed_years_saved_by_year")
    if len(years):
        later = {"group": "later", "value": saved["value"] - years["value"].sum()}
        years = pd.concat([years, pd.DataFrame([later])], ignore_index=True)
        frame = pd.DataFrame(
            {
                "year": [dated(group) if group != "later" else group for group in years["group"]],
                "forecast": years["value"],
                "from": years["low_90"],
                "to": years["high_90"],
            }
        )
        tables.append(Table("prison_years", "Prison years saved, by calendar year", frame, INTERVAL))
    told = []
    told.append(f"{finding.rounded(saved)} prison years are saved in all{finding.told_interval(saved)}.")
    costs = _outcome(result, "cost_saved_average", "cost_saved_marginal")
    costs = costs[costs["group"].str.startswith("already")] if len(costs) else costs
    if len(costs):
        row = costs.iloc[0]
        cost = finding.with_band({**row, "unit": "persons"})
        _, _, until = str(row["group"]).partition("to ")
        text = (
            f"At the average cost of imprisonment those up to {month_name(until)} come to {cost} "
            f"{row['unit']} ({row['source']}). "
        )
        if motions := result["motions"]["value"]:
            text += (
                "What courts, probation officers and counsel spend on a motion is not published; up to then "
                "the change costs more than it saves only if a motion, the refused among them, costs more "
                f"than {about(1e6 * row['value'] / motions)} dollars. "
            )
        told.append(f"{text}Average cost overstates what empty beds save at once.")
    return Part("prison_years", "Prison years and cost", tuple(told), tuple(tables), ())


def _docket(result: Result, people: pd.DataFrame) -> Part:
    """Orders courts can expect by month, and eligible people by district."""
    own = bool(result.provenance.get("people"))
    decisions = decisions_by_month(result)
    months = decisions.iloc[:-1][decisions.iloc[:-1] >= 0.5]
    rows = [[month_name(str(month)), value] for month, value in months.iloc[:FEW_MONTHS].items()]
    if (later := months.iloc[FEW_MONTHS:].sum() + decisions["later"]) >= 0.5:
        rows.append(["later", later])
    by_month = Table(
        "docket_by_month",
        "Decisions courts can expect, by month",
        pd.DataFrame(rows, columns=["month", MOTIONS]),
        {MOTIONS: "motions"},
        "Motions of people the law leaves out are among them.",
        halves=True,
    )
    found = [by_month]
    districts = by.by_district(people)
    if districts is not None:
        found.append(districts)
    return Part("docket", "Docket load", (), tuple(found), () if own else ("docket",))


def _unknown(result: Result) -> Part:
    held = result.headline.loc[[name for name in finding.TOLD if name in result.headline.index]]
    spread = result.uncertainty.reindex(held.index)
    frame = pd.DataFrame(
        {
            "quantity": held["label"],
            "forecast": [amount(row["value"], row["unit"]) for row in held.to_dict("records")],
            "90 % interval": [finding.band(row) for row in held.to_dict("records")],
            "mostly from": [
                SOURCES.get(str(row.idxmax()), str(row.idxmax()))
                if row.notna().any() and row.max() > 0
                else ""
                for _, row in spread.iterrows()
            ],
        }
    )
    told = [sentences.intervals(result)]
    sources = set(frame["mostly from"]) - {""}
    if len(sources) == 1:
        told.append(f"Every interval comes mostly from {sources.pop()}.")
        frame = frame.drop(columns="mostly from")
    if result.assumed:
        told.append(f"Taken for granted: {'; '.join(result.assumed)}.")
    return Part(
        "unknown",
        "What is not known",
        tuple(told),
        (Table("intervals", "Forecasts with their intervals", frame, {}),),
    )


def _fared(result: Result, record: pd.DataFrame | None) -> Part:
    """What this forecast can be held against, and what became of earlier ones."""
    rows = []
    for name, (table, row), (later, other) in FORECASTS:
        forecast = law.reference(table).row(id=row)["value"]
        counted = law.reference(later).row(id=other)["value"]
        rows.append([name, float(forecast), float(counted), float(counted) / float(forecast)])
    heads = ["amendment", "forecast to be eligible", "motions granted in the end", "ratio"]
    units = {heads[1]: "persons", heads[2]: "motions", heads[3]: "share"}
    rows_of = "; ".join(f"{name} {row}" for _, *both in FORECASTS for name, row in both)
    note = f"Sources, by table and row of tables/reference: {rows_of}."
    earlier = Table(
        "earlier_forecasts",
        "What the Commission forecast, and what courts did",
        pd.DataFrame(rows, columns=heads),
        units,
        note,
    )
    told = [verdict(result)]
    found = [earlier]
    if record is not None:
        held, figures = int(record["held"].sum()), len(record)
        told.append(
            "The same model, put through earlier amendments and asked what was counted, held "
            f"{held} of {figures} published figures in its 90 % intervals; the median error was "
            f"{number(record['error'].abs().median(), 'share')}. Intervals are too narrow where fewer than "
            "nine in ten are held."
        )
        found.append(_record(record[record["quantity"].isin(result.headline.index)]))
    return Part("fared", "How such forecasts fared before", tuple(told), tuple(found))


def _record(record: pd.DataFrame) -> Table:
    """The rows of the backtest as a reader needs them."""
    rows = [
        [
            f"{row['about']}: {finding.spelled_out(row['label'])}",
            of_persons(row["published"], row["unit"]),
            number(row["forecast"], row["unit"]),
            " to ".join(number(row[end], row["unit"]) for end in ("low_90", "high_90")),
            f"{100 * row['error']:+.0f} %",
            "yes" if row["held"] else "no",
        ]
        for row in record.to_dict("records")
    ]
    heads = ["figure", "published", "forecast", "90 % interval", "error", "held"]
    note = "Quantities of this memorandum; minustwo backtest prints every figure."
    frame = pd.DataFrame(rows, columns=heads)
    return Table("backtest", "This model against what was published", frame, {}, note)


def _method(result: Result) -> Part:
    return Part("method", "Method", (sentences.method(result), sentences.limits(result)))


def _origin(result: Result) -> Part:
    known, scenario = result.provenance, result.scenario
    facts = {
        "version": known.get("version"), "scenario": scenario.name, 
        "hash of the scenario": known.get("scenario_hash"), "seed": result.seed,
        "plausible worlds": len(result.worlds),
        "Manual before": f"in force on {finding.day(scenario.amendment.manual_before)}",
        "hash of all tables": known.get("tables_sha256"),
    }  # fmt: skip
    if isinstance(own := known.get("people"), Mapping):
        facts["people, SHA-256"] = own.get("people_sha256")
    rows = [[name, str(value)] for name, value in facts.items() if value not in ("", None)]
    frame = pd.DataFrame(rows, columns=["what", "value"])
    return Part(
        "origin",
        "Text of the scenario, versions and hashes",
        (),
        (Table("origin", "What makes the same memorandum again", frame, {}),),
        text=scenario.text,
    )
