"""``minustwo memo``: the impact memorandum of a scenario."""

from __future__ import annotations

import click

from sim.commands._options import Whole, jobs_option, people_option, seed_option


@click.command(short_help="The impact memorandum of a scenario: page, Word document, tables.")
@click.argument("scenario")
@click.option("--out", metavar="DIR", required=True, help="Folder to write into.")
@seed_option
@click.option("--worlds", type=Whole(min=0), help="Plausible worlds behind the intervals.  [default: 16]")
@people_option
@click.option(
    "--small-cells", "least", type=Whole(min=0), metavar="N",
    help="Suppress cells of fewer than N people; 0 shows all.  [default: 10 with --people, else 0]",
)  # fmt: skip
@click.option("--no-word", is_flag=True, help="Write no Word document.")
@click.option(
    "--no-backtest", is_flag=True, help="Leave out how the model fared before; saves half a minute."
)
@jobs_option
def command(
    scenario: str, out: str, seed: int, worlds: int | None, people: str | None, least: int | None,
    no_word: bool, no_backtest: bool, jobs: int | None,
) -> None:  # fmt: skip
    """Write what commissioners get before a vote on SCENARIO, a shipped name or a TOML file, into DIR.

    memo.html prints on about ten pages, memo.docx is the same for Word (extra `word`), and tables/ holds each
    table as CSV: what changes, who is eligible and why others are not, the eligible by drug, district,
    category, citizenship, race, sex, age, year of sentence and term, years of release with and without delay,
    prison years, cost, docket load, what is not known, and how earlier forecasts fared.

    Example: minustwo memo justice-department-rule --out memo
    """
    from sim.base.workers import workers
    from sim.commands._inputs import population_of
    from sim.commands._progress import shown
    from sim.ensemble import MEMBERS
    from sim.output.finding import headline
    from sim.output.memo import check, memo_files, write
    from sim.people.stock_cache import users_cache
    from sim.runner import run
    from sim.scenario.scenario import Scenario
    from sim.studies.backtest import backtest

    asked = Scenario.load(scenario)
    check(out)
    with shown("people") as progress, workers(jobs) as executor:
        result = run(
            asked,
            seed,
            population=population_of(people),
            worlds=MEMBERS if worlds is None else worlds,
            executor=executor,
            cache=users_cache(),
            progress=progress.step,
        )
        record = None
        if not no_backtest:
            held = backtest(seed, executor=executor, cache=users_cache(), progress=progress.step)
            record = held.rows
        progress.say("memorandum")
        write(out, memo_files(result, least=least, word=not no_word, record=record))
    click.echo(headline(result))
    click.echo(f"\nWritten to {out.rstrip('/')}/: memo.html{'' if no_word else ', memo.docx'}, tables/")
