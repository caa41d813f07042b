"""A fit written in the form of the reference tables it becomes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from guidelines import tables
from sim.base.courts_kept import TABLE as COURTS
from sim.base.files import write_file
from sim.people.parameters import TABLE, Parameters
from sim.studies.courts_fit import CourtsFit
from sim.studies.fit import FITTED_TO, WEIGHED, Fit, parameter_rows

ENSEMBLE = "stock_ensemble"


def write_fit(found: Fit, folder: Path) -> None:
    """Write the parameters, the ensemble and all draws into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    old = tables.reference(TABLE)
    _write(folder / f"{TABLE}.csv", old.meta, parameter_rows(found.best))
    names = [field.name for field in fields(Parameters)]
    fitted = ", ".join(row for row, _ in FITTED_TO.values())
    head = {
        "title": "Plausible sets of the parameters of the stock",
        "section": "assumptions of the simulation",
        "unit": "as in stock_parameters.csv",
        "source": f"minustwo fit: {len(found.draws)} sets worked out, {WEIGHED} weighed by the polynomial "
        f"learned from them and {fitted}; {found.effective_sets:.0f} carry the weight",
        "certainty": "assumed",
    }
    rows = [
        {"member": str(k), **{name: f"{row[name]:.4g}" for name in names}}
        for k, row in found.ensemble.iterrows()
    ]
    _write(folder / f"{ENSEMBLE}.csv", head, rows)
    draws = found.draws.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    write_file(folder / "fit.csv", draws.encode())


def _write(path: Path, head: Mapping[str, str | tuple[str, ...]], rows: Iterable[Mapping[str, str]]) -> None:
    listed = list(rows)
    with io.StringIO(newline="") as file:
        for key, value in head.items():
            for line in (value,) if isinstance(value, str) else value:
                file.write(f"# {key}: {line}\n")
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
