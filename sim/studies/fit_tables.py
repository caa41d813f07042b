"""A fit written in the form of the reference tables it becomes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import pandas as pd

from guidelines import tables
from sim.base.courts_kept import TABLE as COURTS
from sim.base.files import write_file
from sim.people.parameters import TABLE, Parameters
from sim.results.evidence import IN_USE
from sim.studies.courts_fit import CourtsFit
from sim.studies.fit import DIGITS, FITTED_TO, REFITTED, WEIGHED, Fit, fit_again, fitted_on, parameter_rows

ENSEMBLE, DRAWS = "stock_ensemble", "stock_fit_draws"
PART = "sets_so_far.csv"
"""File of a fit that is not done yet."""


def write_fit(found: Fit, folder: Path) -> None:
    """Write the parameters, the ensemble and all draws into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    old = tables.reference(TABLE)
    _write(folder / f"{TABLE}.csv", old.meta, parameter_rows(found.best))
    names = [field.name for field in fields(Parameters)]
    fitted = {
        name: [FITTED_TO[quantity][0] for quantity in fitted_on(each)] for name, each in REFITTED.items()
    }
    head: dict[str, str | tuple[str, ...]] = {
        "title": "Plausible sets of the parameters of the stock",
        "section": "assumptions of the simulation",
        "unit": "as in stock_parameters.csv",
        "source": f"minustwo fit: {len(found.draws)} sets worked out, {WEIGHED} weighed by the polynomial "
        f"learned from them; {found.effective_sets:.0f} carry the weight of the fit in use",
        "certainty": "assumed",
        "note": tuple(f"fit {name}: {', '.join(rows)}" for name, rows in fitted.items()),
    }
    number = found.ensemble.groupby("fit").cumcount()
    rows = [
        {
            "fit": row["fit"],
            "member": str(k),
            "counted_as": row["counted_as"],
            **{name: f"{row[name]:.4g}" for name in names},
        }
        for k, row in zip(number, found.ensemble.to_dict("records"), strict=True)
    ]
    _write(folder / f"{ENSEMBLE}.csv", head, rows)
    head |= {
        "title": "Sets of parameters that a fit of the stock worked out, and their quantities",
        "unit": "parameters as in stock_parameters.csv, quantities as in the headline of a run",
        "source": "minustwo fit",
        "note": ("fit is empty for sets drawn from the priors, else the fit whose first look chose the set",),
    }
    draws = found.draws[["fit", *(name for name in found.draws if name != "fit")]]
    kept = draws.to_csv(index=False, float_format=f"%.{DIGITS}g", lineterminator="\n")
    write_file(folder / f"{DRAWS}.csv", (_head(head) + kept).encode())


def write_errors(rows: pd.DataFrame, folder: Path) -> None:
    """Write the structural errors into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    meta = tables.reference("structural_errors").meta
    _write(
        folder / "structural_errors.csv",
        meta,
        [{str(k): str(v) for k, v in row.items()} for row in rows.to_dict("records")],
    )


def write_counting(compared: pd.DataFrame, folder: Path) -> None:
    """Write what `compare_rules` gives into a folder, for a reader: three digits, rules by their names."""
    names = {row["id"]: f"{row['id']} {row['name']}" for row in tables.reference("counting_rules")}
    table = compared.rename(columns=names).map("{:.3g}".format).replace("nan", "")
    table.loc["weight"] = compared.loc["weight"].map("{:.2f}".format).replace("nan", "").to_numpy()
    table.index = table.index.str.replace("_", " ").rename("figure")
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / "counting.csv", table.to_csv(lineterminator="\n").encode())


def write_part(path: Path, draws: pd.DataFrame) -> None:
    """Keep the sets of a fit that is not done yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, draws.to_csv(index=False, float_format=f"%.{DIGITS}g", lineterminator="\n").encode())


def read_part(path: Path) -> pd.DataFrame:
    """What `write_part` kept."""
    return pd.read_csv(path).assign(fit=lambda table: table["fit"].fillna("").astype(str))


def kept_draws() -> pd.DataFrame:
    """The sets that are kept in ``tables/reference``, as `Fit.draws`."""
    draws = pd.DataFrame([dict(row) for row in tables.reference(DRAWS)])
    return draws.astype({name: float for name in draws if name != "fit"})


def kept_fit(seed: int = 1) -> Fit:
    """The fit again from the sets that are kept."""
    return fit_again(kept_draws(), seed, len(tables.reference(ENSEMBLE).select(fit=IN_USE)))


def _head(head: Mapping[str, str | tuple[str, ...]]) -> str:
    """The ``# key: value`` lines of a table."""
    return "".join(
        f"# {key}: {line}\n"
        for key, value in head.items()
        for line in ((value,) if isinstance(value, str) else value)
    )


def _write(path: Path, head: Mapping[str, str | tuple[str, ...]], rows: Iterable[Mapping[str, str]]) -> None:
    listed = list(rows)
    with io.StringIO(newline="") as file:
        file.write(_head(head))
        writer = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
        write_file(path, file.getvalue().encode())


def write_courts(found: Sequence[CourtsFit], folder: Path) -> None:
    """Write the fits of courts, one after the other, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    carried = " and ".join(f"{fit.effective_draws:.0f} as of {fit.as_of}" for fit in found)
    head = {
        "title": "What courts do with motions: plausible worlds",
        "section": "assumptions of the simulation",
        "unit": "as in courts_parameters.csv",
        "source": f"minustwo fit --courts: draws from the priors of courts_parameters.csv, weighed by the "
        f"rows of courts_evidence.csv published by the day; so many carry the weight: {carried}",
        "certainty": "assumed",
        "note": "world centre is the weighted median of each column, the others are drawn by their weight; "
        "amendments that are not told are taken to be like 782",
    }
    rows = [
        {str(name): value if isinstance(value, str) else f"{value:.4g}" for name, value in row.items()}
        for fit in found
        for row in fit.rows.to_dict("records")
    ]
    _write(folder / f"{COURTS}.csv", head, rows)
