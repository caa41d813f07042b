"""``minustwo checklist``: the questions of a drug case in the order of §1B1.1."""

from __future__ import annotations

import click

FLAGS = {
    "sentenced_on": "Day of sentencing.",
    "base_offense_level": "Base offense level as found.",
    "total_offense_level": "Total offense level as found.",
    "mitigating_role": "0, -2, -3 or -4.",
    "acceptance": "0, -2 or -3.",
    "criminal_history_points": "Criminal history points.",
    "criminal_history_category": "I to VI.",
    "career_offender": "yes or no.",
    "statutory_minimum_months": "Statutory minimum in months.",
    "statutory_maximum_months": "Statutory maximum in months.",
    "safety_valve": "yes or no.",
    "substantial_assistance": "yes or no.",
    "imposed_term_months": "Term imposed, in months.",
}


@click.command(short_help="The questions of a drug case, and what the open ones leave open.")
@click.argument("file", metavar="[FILE|-]", required=False)
@click.option("--drug", "drugs", multiple=True, metavar="TEXT", help='Such as "1 kg heroin"; repeatable.')
@click.option("--adjustment", "adjustments", multiple=True, metavar="SECTION", help="Such as 2D1.1(b)(1).")
@click.option("--set", "more", multiple=True, metavar="FIELD=VALUE", help="Any field of a case record.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    file: str | None,
    drugs: tuple[str, ...],
    adjustments: tuple[str, ...],
    more: tuple[str, ...],
    as_json: bool,
    **flags: str | None,
) -> None:
    """Ask the questions of §1B1.1(a) in their order; answer any of them by flags or by a case record in FILE.

    An unanswered question shows the answers that were tried, the range of outcomes they leave open, and
    whether eligibility hangs on it.

    Example: minustwo checklist --drug "1 kg heroin" --acceptance -3 --criminal-history-category II
    """
    from guidelines.case.checklist import checklist
    from sim.commands._inputs import read_one, tell
    from sim.output.cases.checklist import as_json_text, as_text
    from sim.records.record import from_object

    record = read_one(file).facts if file else {}
    given = {name: value for name, value in flags.items() if value is not None}
    for pair in more:
        name, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--set {pair}: FIELD=VALUE is accepted")
        given[name.strip()] = value
    if drugs:
        given["drugs"] = "; ".join(drugs)
    typed = from_object(given)
    if typed.extra:
        raise click.UsageError(f"--set {next(iter(typed.extra))}: no such field; see minustwo case --fields")
    tell(typed, "typed in")
    record = {**record, **typed.facts}
    if adjustments:
        record["adjustments"] = [{"section": section} for section in adjustments]
    found = checklist(record)
    click.echo(as_json_text(*found) if as_json else as_text(*found), nl=False)


for _name, _help in FLAGS.items():
    command = click.option(f"--{_name.replace('_', '-')}", _name, metavar="TEXT", help=_help)(command)
