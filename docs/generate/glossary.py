"""The quantities that are reported, and the outcomes of §1B1.10, with what they mean."""

from __future__ import annotations

from generate.text import page, plain
from guidelines import CODES
from guidelines.s1b1_10_rules import UNDECIDED
from sim.results.glossary import GLOSSARY
from sim.results.glossary_outcomes import OUTCOMES
from sim.results.waterfall import LABELS

ELIGIBLE = {
    "eligible": "the range was lowered, and the term may be",
    "eligible_substantial_assistance": "the same, below the amended range after substantial assistance",
}


def pages() -> dict[str, str]:
    """File names and texts."""
    headline = [name for name in GLOSSARY if name not in OUTCOMES]
    codes = []
    for code in CODES:
        told = ELIGIBLE.get(code, LABELS.get(code, ""))
        decided = "not decided" if code in UNDECIDED else "yes" if code in ELIGIBLE else "no"
        codes.append(f"| `{code}` | {decided} | {plain(told)} |")
    also = [f"| `{name}` | {plain(told)} |" for name, told in LABELS.items() if name not in CODES]
    return {
        "glossary.md": page(
            "Glossary",
            "One list serves the printed headline, the tables, the report and these pages. A *stock* is who "
            "is inside on a day; a *flow* is who enters in a year. A band of 90 percent holds the quantity "
            "in nine of ten plausible worlds.",
            "## Quantities of the headline",
            _quantities(headline),
            "## Outcomes",
            "Rows of `outcomes.csv`; each names its group and its sources.",
            _quantities(list(OUTCOMES)),
            "## Codes of eligibility",
            "The closed list of answers under §1B1.10, in the order in which the first that applies is "
            "reported. They are the same at the desk and in the simulation.",
            "\n".join(["| Code | Eligible | Meaning |", "|---|---|---|", *codes]),
            "The waterfall of a simulation has these too:",
            "\n".join(["| Code | Meaning |", "|---|---|", *also]),
        )
    }


def _quantities(names: list[str]) -> str:
    rows = [
        f"| `{name}` | {plain(GLOSSARY[name].label)} | {plain(GLOSSARY[name].unit)} "
        f"| {plain(GLOSSARY[name].definition)} |"
        for name in names
    ]
    return "\n".join(["| Name | Label | Unit | Definition |", "|---|---|---|---|", *rows])
