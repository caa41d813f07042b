"""Releases by month with and without the amendment, for everybody and drug by drug."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.output.plots.style import BLUE, VERMILLION, WITH, WITHOUT, Sheet, end_labels, thousands, years
from sim.output.plots.words import month_name, number

FAINT, FULL = 0.18, 0.32
SHORT = {"Cocaine": "Powder cocaine", "Cocaine Base": "Crack cocaine"}
"""What readers call the drugs that the Manual calls otherwise."""


def plot_releases(table: pd.DataFrame, ax: Axes, label: bool = True) -> Axes:
    """Steps by month with bands of 50 and 90 percent around the forecast with the amendment.

    Parameters
    ----------
    table
        Columns month, with, with_low_90, with_low_50, with_high_50, with_high_90, without.
    ax
        Where to draw.
    label
        Whether the lines get their names at the right end.
    """
    place = range(len(table))
    for low, high, alpha in (("low_90", "high_90", FAINT), ("low_50", "high_50", FULL)):
        band = table[f"with_{low}"], table[f"with_{high}"]
        ax.fill_between(place, *band, step="mid", color=BLUE, alpha=alpha, linewidth=0)
    ax.plot(place, table["without"], drawstyle="steps-mid", **WITHOUT)
    ax.plot(place, table["with"], drawstyle="steps-mid", **WITH)
    years(ax, table["month"].tolist(), every=1 if label else 3)
    ax.set_ylim(0, top_of(table))
    ax.grid(axis="y")
    thousands(ax)
    if label:
        last = table.iloc[-1]
        names = [(last["with"], "with", BLUE), (last["without"], "without", VERMILLION)]
        end_labels(ax, names, gap=ax.get_ylim()[1] / 18)
        name_the_step(table, ax)
    return ax


def top_of(table: pd.DataFrame) -> float:
    """Upper end of the scale; 1 where there is nothing."""
    return 1.04 * float(table[["with", "with_high_90", "without"]].max().max()) or 1.0


def name_the_step(table: pd.DataFrame, ax: Axes) -> None:
    """Write the month with most releases beside its step."""
    top = int(table["with"].to_numpy().argmax())
    row = table.iloc[top]
    text = (
        f"{month_name(row['month'])}: {number(row['with'])}\n"
        f"90 % band {number(row['with_low_90'])} to {number(row['with_high_90'])}\n"
        f"without {number(row['without'])}"
    )
    early = top < len(table) / 2
    ax.annotate(
        text, (top + (0.5 if early else -0.5), row["with"]), xytext=(8 if early else -8, 0),
        textcoords="offset points", ha="left" if early else "right", va="center", linespacing=1.35,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def draw_releases(table: pd.DataFrame, sheet: Sheet) -> None:
    """One area for everybody."""
    plot_releases(table, sheet.axes(left=0.55, right=0.62))


def tell_releases(table: pd.DataFrame) -> str:
    """What the picture shows, for those who do not see it."""
    row = table.iloc[int(table["with"].to_numpy().argmax())]
    first, last = table.iloc[0], table.iloc[-1]
    return (
        f"Step chart of releases a month from {month_name(first['month'])} to {month_name(last['month'])}. "
        f"Most people leave in {month_name(row['month'])}: {number(row['with'])} with, 90 percent band "
        f"{number(row['with_low_90'])} to {number(row['with_high_90'])}, against "
        f"{number(row['without'])} without. In the last month it is {number(last['with'])} with and "
        f"{number(last['without'])} without."
    )


def draw_by_drug(table: pd.DataFrame, sheet: Sheet) -> None:
    """One small area a drug, all on one scale."""
    drugs = list(dict.fromkeys(table["drug"]))
    rows = -(-len(drugs) // 3)
    areas = sheet.grid(rows, 3, left=0.5, right=0.2, top=0.25, between=(0.22, 0.55))
    top = top_of(table)
    for place, (drug, ax) in enumerate(zip(drugs, areas, strict=False)):
        part = table[table["drug"] == drug]
        plot_releases(part, ax, label=False)
        ax.set_ylim(0, top)
        ax.set_title(SHORT.get(drug, drug), loc="left", fontsize=8.5, fontweight="bold", pad=5)
        row = part.iloc[int(part["with"].to_numpy().argmax())]
        for line, column, color in ((0, "with", BLUE), (1, "without", VERMILLION)):
            ax.annotate(
                f"{column} {number(row[column])}", (1, 0.97), xycoords="axes fraction", ha="right", va="top",
                xytext=(0, -11 * line), textcoords="offset points", color=color,
            )  # fmt: skip
        if place % 3:
            ax.tick_params(labelleft=False)
    for ax in areas[len(drugs) :]:
        ax.set_axis_off()


def tell_by_drug(table: pd.DataFrame) -> str:
    """What the picture shows."""
    parts = []
    for drug in dict.fromkeys(table["drug"]):
        part = table[table["drug"] == drug]
        row = part.iloc[int(part["with"].to_numpy().argmax())]
        parts.append(
            f"{SHORT.get(drug, drug)} {number(row['with'])} in {month_name(row['month'])}, "
            f"{number(row['without'])} without"
        )
    told = "; ".join(parts)
    return f"One step chart of releases a month for each primary drug. Most releases in one month: {told}."
