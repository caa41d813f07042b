"""`minustwo fit`: fit the free parameters of the stock and write their tables anew."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Fit the free parameters of the stock and write their tables.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the tables.")
@click.option("--draws", type=click.IntRange(min=10), default=1500, show_default=True, help="Sets drawn from the priors.")
@click.option("--members", type=click.IntRange(min=2), default=64, show_default=True, help="Sets of the ensemble.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes side by side.")
def command(out: Path, draws: int, members: int, seed: int, jobs: int) -> None:
    """Fit the free parameters of the stock to the published inputs and write them as tables.

    Writes stock_parameters.csv and stock_ensemble.csv in the form of tables/reference, and fit.csv with
    every set that was drawn, its quantities, misfit and weight.
    """
    from concurrent.futures import ProcessPoolExecutor

    from tqdm import tqdm

    from sim.fit import fit
    from sim.fit_tables import write_fit

    with tqdm(total=draws, unit="set", disable=None) as bar, ProcessPoolExecutor(jobs) as pool:
        found = fit(seed, draws, members, pool, lambda done, _: bar.update(1))
    write_fit(found, out)
    click.echo(f"{draws} sets, {found.effective_sets:.0f} carry the weight; tables in {out}")
