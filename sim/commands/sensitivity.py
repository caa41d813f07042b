"""``minustwo sensitivity``: which assumptions a result depends on."""

from __future__ import annotations

import click

from sim.commands._options import Whole, jobs_option, people_option, seed_option

STANDARD = ("bed_years_saved", "more_released_by_a_year_later")


@click.command(short_help="Which assumptions a result depends on, and how much.")
@click.argument("scenario", default="drugs-minus-two")
@click.option("--out", metavar="DIR", help="Write tables and pictures into this folder.")
@click.option(
    "--quantity",
    "quantities",
    multiple=True,
    metavar="NAME",
    help="A quantity of the headline; repeatable.  [default: bed-years saved, more released by a year later]",
)
@click.option("--sobol", "samples", type=Whole(), metavar="N", help="Sobol indices too, from N base samples.")
@click.option(
    "--one-in",
    "thin",
    type=Whole(min=1),
    metavar="N",
    help="Make one person in N: quicker, with more luck in small differences.  [default: 1; 8 for --sobol]",
)
@seed_option
@people_option
@jobs_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    scenario: str, out: str | None, quantities: tuple[str, ...], samples: int | None, thin: int | None,
    seed: int, people: str | None, jobs: int, as_json: bool,
) -> None:  # fmt: skip
    """Move every assumption behind SCENARIO low and high, one at a time, and show what that does.

    Assumptions are the parameters of the stock, the judges, and the doubtful points of law, with the bounds
    of their tables; what SCENARIO sets itself is its question and stays. Takes two or three minutes on one
    core.

    --sobol moves all of them together and tells which share of the variance each explains. It needs the
    extra "sensitivity"; N is a power of two, such as 64, and takes about six seconds a sample on one core.

    Example: minustwo sensitivity --out sensitivity --jobs 2
    """
    from dataclasses import replace

    from sim.base.workers import workers
    from sim.commands._inputs import population_of
    from sim.commands._progress import shown
    from sim.output import store, store_sensitivity
    from sim.output.printed_sensitivity import sensitivity_text
    from sim.scenario.scenario import Scenario
    from sim.studies.sensitivity import one_at_a_time
    from sim.studies.sobol import check_samples, require_salib, sobol

    if people is not None and (samples is not None or thin is not None):
        raise click.UsageError(
            "--sobol and --one-in are about synthetic people; leave them out with --people"
        )
    asked = Scenario.load(scenario)
    chosen = _known(quantities) if quantities else STANDARD
    if samples is not None:
        check_samples(samples)
        require_salib()
    if out is not None:
        store.check(out, store_sensitivity.FORMAT)
    with shown("assumptions") as progress, workers(jobs) as executor:
        given = {} if thin is None else {"thin": thin}
        own = population_of(people)
        found = one_at_a_time(asked, seed, **given, population=own, executor=executor, progress=progress.step)
        if samples is not None:
            indices = sobol(
                asked, samples, seed, **given, quantities=chosen, executor=executor, progress=progress.step
            )
            found = replace(found, indices=indices)
        if out is not None:
            store_sensitivity.write(found, out, chosen)
    if as_json:
        click.echo(store.as_json(store_sensitivity.summary(found, chosen)), nl=False)
        return
    click.echo(sensitivity_text(found, chosen))
    if out is not None:
        click.echo(f"\nWritten to {out}{'/' if not out.endswith('/') else ''}")


def _known(quantities: tuple[str, ...]) -> tuple[str, ...]:
    """The quantities, each once."""
    from guidelines.errors import nearest
    from sim.studies.sensitivity import QUANTITIES

    for name in quantities:
        if name not in QUANTITIES:
            raise click.UsageError(f"no quantity {name!r} of the headline; {nearest(name, QUANTITIES)}")
    return tuple(dict.fromkeys(quantities))
