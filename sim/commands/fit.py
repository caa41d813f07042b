"""`minustwo fit`: fit the free parameters of the stock and write their tables anew."""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands._options import jobs_option, seed_option

FOLDER = click.Path(file_okay=False, path_type=Path)
FROM_ZERO, FROM_ONE, FROM_TWO = (click.IntRange(min=least) for least in (0, 1, 2))


@click.command(short_help="Fit the free parameters of the stock and write their tables.")
@click.option("--out", type=FOLDER, required=True, help="Folder for the tables.")
@click.option("--draws", type=FROM_TWO, default=480, show_default=True, help="Sets drawn from the priors.")
@click.option("--members", type=FROM_TWO, default=64, show_default=True, help="Sets of the ensemble.")
@seed_option
@jobs_option
def command(out: Path, draws: int, members: int, seed: int, jobs: int | None) -> None:
    """Fit the free parameters of the stock to the published inputs and write them as tables.

    Writes stock_parameters.csv and stock_ensemble.csv in the form of tables/reference, and fit.csv with
    every set that was worked out, its quantities and misfit.
    """
    from tqdm import tqdm

    from sim.base.workers import workers
    from sim.studies.fit import fit
    from sim.studies.fit_tables import write_fit

    with tqdm(total=draws + members, unit="set", disable=None) as bar, workers(jobs) as pool:

        def show(done: int, _: int) -> None:
            bar.update(done - bar.n)

        found = fit(seed, draws, members, pool, show)
    write_fit(found, out)
    least = min(found.explained, key=found.explained.__getitem__)
    click.echo(
        f"{len(found.draws)} sets worked out, {found.effective_sets:.0f} of those weighed carry the weight; "
        f"the polynomial follows {100 * found.explained[least]:.0f} percent or more of each quantity "
        f"({least} least). Tables in {out}"
    )
