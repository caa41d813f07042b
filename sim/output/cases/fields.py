"""The fields of a case record, listed for a person."""

from __future__ import annotations

from textwrap import fill

WIDTH = 79
INDENT = "    "


def listed() -> str:
    """One paragraph a field: name, section, meaning, what is accepted; then the switches."""
    from dataclasses import fields
    from typing import get_args, get_type_hints

    from guidelines.case.fields import FIELDS, cite
    from guidelines.s1b1_10_rules import Rules

    parts = ["Fields of a case record; every one is optional.\n"]
    for field in FIELDS.values():
        parts.append(f"{field.name}  ({cite(field.section)})")
        told = f"{field.meaning}; {field.accepted}"
        parts.append(fill(told, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT))
    parts.append("\nSwitches inside rules, the default first:\n")
    hints = get_type_hints(Rules)
    for rule in fields(Rules):
        choices = get_args(hints[rule.name])
        told = ", ".join(choices) if isinstance(choices[0], str) else "null, or months such as 470"
        parts.append(f"{rule.name}\n    {told}")
    return "\n".join(parts) + "\n"
