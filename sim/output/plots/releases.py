"""Releases by month with and without the amendment, for everybody and drug by drug."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import (
    BLUE,
    INK,
    VERMILLION,
    WITH,
    WITHOUT,
    Sheet,
    aside,
    columns_in,
    thousands,
    years,
)  # fmt: skip
from sim.output.plots.words import about, interval, month_name, number

FAINT, FULL = 0.18, 0.32
SHORT = {"Cocaine": "Powder cocaine", "Cocaine Base": "Crack cocaine"}
"""What readers call the drugs that the Manual calls otherwise."""
HEAD = 0.24
"""Inches for the names of the lines."""


def plot_releases(table: pd.DataFrame, ax: Axes) -> Axes:
    """Steps by month with bands of 50 and 90 percent around the forecast with the amendment.

    Parameters
    ----------
    table
        Columns month, with, with_low_90, with_low_50, with_high_50, with_high_90, without.
    ax
        Where to draw.
    """
    place = range(len(table))
    for low, high, alpha in (("low_90", "high_90", FAINT), ("low_50", "high_50", FULL)):
        band = table[f"with_{low}"], table[f"with_{high}"]
        ax.fill_between(place, *band, step="mid", color=BLUE, alpha=alpha, linewidth=0)
    ax.plot(place, table["without"], drawstyle="steps-mid", **WITHOUT)
    ax.plot(place, table["with"], drawstyle="steps-mid", **WITH)
    years(ax, table["month"].tolist())
    ax.set_ylim(0, top_of(table))
    ax.grid(axis="y")
    thousands(ax)
    return ax


def top_of(table: pd.DataFrame) -> float:
    """Upper end of the scale; 1 where there is nothing."""
    return 1.04 * float(table[["with", "with_high_90", "without"]].max().max()) or 1.0


def peak(table: pd.DataFrame) -> int:
    """Row of the month with most releases."""
    return int(table["with"].to_numpy().argmax())


def name_the_step(table: pd.DataFrame, ax: Axes) -> None:
    """Write the month with most releases beside its step, and what was reported of its first day."""
    top = peak(table)
    row = table.iloc[top]
    lines = [
        f"{month_name(row['month'])}: {number(row['with'])} released",
        *([f"(90 % interval {span})"] if (span := interval(row["with_low_90"], row["with_high_90"])) else []),
    ]
    early = top < len(table) / 2
    reported = row.get("first_day_reported", float("nan"))
    if reported == reported:
        lines += [
            "",
            f"of them on the first day {number(row['first_day'])};",
            f"reported: {number(reported)}",
        ]
        ax.plot(top, reported, marker="D", markersize=5, color=INK, markeredgecolor="white", zorder=4)
    edge = top + (0.5 if early else -0.5)
    aside(ax, "\n".join(lines), (edge, ax.get_ylim()[1]), right=early, va="top")


def draw_releases(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area for everybody."""
    left = 0.55
    ax = plot_releases(table, sheet.axes(left=left, right=0.2, top=HEAD))
    name_the_step(table, ax)
    sheet.with_and_without(left)


def find_releases(table: pd.DataFrame) -> str:
    """The month with most releases, against what it would have been."""
    row = table.iloc[peak(table)]
    with_, without = about(row["with"]), about(row["without"])
    if with_ == without:
        return f"At most {with_} drug prisoners leave in a month, with the amendment or without"
    return f"{with_} drug prisoners leave in {month_name(row['month'])}, {without} without the amendment"


def tell_releases(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    row = table.iloc[peak(table)]
    first, last = table.iloc[0], table.iloc[-1]
    reported = row.get("first_day_reported", float("nan"))
    told = (
        f" On the first day {number(row['first_day'])} of them leave; {number(reported)} were reported."
        if reported == reported
        else ""
    )
    return (
        f"Step chart of releases a month from {month_name(first['month'])} to {month_name(last['month'])}. "
        f"Most people leave in {month_name(row['month'])}: {number(row['with'])} with"
        f"{interval(row['with_low_90'], row['with_high_90'], ', 90 percent interval ')}, against "
        f"{number(row['without'])} without.{told} In the last month it is {number(last['with'])} with and "
        f"{number(last['without'])} without."
    )


def draw_by_drug(table: pd.DataFrame, sheet: Sheet) -> None:
    """One small area a drug, all on one scale."""
    drugs = list(dict.fromkeys(table["drug"]))
    across = columns_in(sheet.width, 3)
    rows = -(-len(drugs) // across)
    areas = sheet.grid(rows, across, left=0.5, right=0.2, top=0.25 + HEAD, between=(0.22, 0.55))
    top = top_of(table)
    for place, (drug, ax) in enumerate(zip(drugs, areas, strict=False)):
        part = table[table["drug"] == drug]
        plot_releases(part, ax)
        ax.set_ylim(0, top)
        ax.set_title(SHORT.get(drug, drug), loc="left", fontsize=8.5, fontweight="bold", pad=5)
        row = part.iloc[peak(part)]
        for line, column, color in ((0, "with", BLUE), (1, "without", VERMILLION)):
            ax.annotate(
                number(row[column]), (1, 0.97), xycoords="axes fraction", ha="right", va="top",
                xytext=(0, -11 * line), textcoords="offset points", color=color,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )  # fmt: skip
        if place % across:
            ax.tick_params(labelleft=False)
    for ax in areas[len(drugs) :]:
        ax.set_axis_off()
    sheet.with_and_without(0.5)


def height_by_drug(table: pd.DataFrame, width: float) -> float:
    """Inches the areas need."""
    return 1.75 * -(-table["drug"].nunique() // columns_in(width, 3)) + 0.2 + HEAD


def find_by_drug(table: pd.DataFrame) -> str:
    """The drug with most additional releases in one month."""
    more = table["with"] - table["without"]
    row = table.iloc[int(more.to_numpy().argmax())]
    if (count := about(row["with"] - row["without"])) == "0":
        return "No drug has more releases with the amendment in any month"
    drug = SHORT.get(row["drug"], row["drug"])
    return f"{drug}: {count} more releases in {month_name(row['month'])}, the most of any drug"


def tell_by_drug(table: pd.DataFrame) -> str:
    """What the picture shows."""
    parts = []
    for drug in dict.fromkeys(table["drug"]):
        part = table[table["drug"] == drug]
        row = part.iloc[peak(part)]
        parts.append(
            f"{SHORT.get(drug, drug)} {number(row['with'])} in {month_name(row['month'])}, "
            f"{number(row['without'])} without"
        )
    told = "; ".join(parts)
    return f"One step chart of releases a month for each primary drug. Most releases in one month: {told}."
