"""`minustwo fit`: fit the free parameters of the stock and write their tables anew."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from sim.commands._options import Whole, jobs_option, seed_option

FOLDER = click.Path(file_okay=False, path_type=Path)
FROM_ZERO, FROM_ONE, FROM_TWO = (Whole(min=least) for least in (0, 1, 2))


@click.command(short_help="Fit the free parameters of the stock and write their tables.")
@click.option("--out", type=FOLDER, required=True, help="Folder for the tables.")
@click.option("--draws", type=FROM_TWO, default=160, show_default=True, help="Sets drawn from the priors.")
@click.option("--members", type=FROM_TWO, default=64, show_default=True, help="Sets of the ensemble.")
@click.option(
    "--errors",
    is_flag=True,
    help="Fit nothing; write structural_errors.csv: how far the fits in use are off for what they left out.",
)
@click.option(
    "--courts",
    is_flag=True,
    help="Fit what courts do with motions instead, to the stock in use; write courts.csv.",
)
@click.option(
    "--counting",
    is_flag=True,
    help="Fit nothing; write counting.csv: how each counting rule stands to the Commission's own figures.",
)
@seed_option
@jobs_option
def command(
    out: Path,
    draws: int,
    members: int,
    seed: int,
    errors: bool,
    courts: bool,
    counting: bool,
    jobs: int | None,
) -> None:
    """Fit the free parameters of the stock to the published inputs and write them as tables.

    Writes stock_parameters.csv, stock_ensemble.csv and stock_fit_draws.csv (every set that was worked out,
    and its quantities) as they stand in tables/reference, for the fit in use, for one as of July 2014 and for
    those without what was published about one amendment. What is worked out is kept in the folder as it goes:
    a fit that was stopped goes on where it was when it is begun again.
    """
    from tqdm import tqdm

    from sim.base.workers import workers
    from sim.studies.fit import LIKELY, REFITTED, compare_rules, fit
    from sim.studies.fit_tables import (
        PART,
        kept_draws,
        read_part,
        write_counting,
        write_errors,
        write_fit,
        write_part,
    )
    from sim.studies.structural import structural_errors

    if errors + courts + counting > 1:
        raise click.UsageError("--errors, --courts and --counting are three commands: give one of them")
    if courts:
        _fit_courts(out, seed)
        return
    if errors:
        with workers(jobs) as pool:
            write_errors(structural_errors(seed, pool), out)
        click.echo(f"structural_errors.csv in {out}")
        return
    if counting:
        with workers(jobs) as pool:
            write_counting(compare_rules(kept_draws(), seed, pool), out)
        click.echo(f"counting.csv in {out}")
        return
    with tqdm(total=draws + len(REFITTED) * LIKELY, unit="set", disable=None) as bar, workers(jobs) as pool:

        def show(done: int, _: int) -> None:
            bar.update(done - bar.n)

        part = out / PART
        kept = read_part(part) if part.exists() else None
        found = fit(seed, draws, members, pool, show, kept, partial(write_part, part))
    write_fit(found, out)
    part.unlink()
    least = min(found.explained, key=found.explained.__getitem__)
    click.echo(
        f"{len(found.draws)} sets worked out, {found.effective_sets:.0f} of those weighed carry the weight; "
        f"the polynomial follows {100 * found.explained[least]:.0f} percent or more of each quantity "
        f"({least} least). Tables in {out}"
    )


def _fit_courts(out: Path, seed: int) -> None:
    from tqdm import tqdm

    from sim.base.courts_kept import AS_OF
    from sim.studies.courts_fit import DRAWS, fit_courts, stock_of
    from sim.studies.fit_tables import write_courts

    stock, found = stock_of(seed), []
    with tqdm(total=len(AS_OF) * DRAWS, unit="draw", disable=None) as bar:
        for number, as_of in enumerate(AS_OF):

            def show(done: int, _: int, before: int = number * DRAWS) -> None:
                bar.update(before + done - bar.n)

            found.append(fit_courts(as_of, stock, seed=seed, progress=show))
    write_courts(found, out)
    for fit in found:
        carried = f"{fit.effective_draws:.0f} draws carry the weight"
        click.echo(f"as of {fit.as_of}: {len(fit.read)} rows read, {carried}")
    click.echo(f"courts.csv in {out}")
