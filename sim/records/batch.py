"""Lines of JSON, or rows of CSV, in; lines of JSON out, in the same order; a bad line stops no other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from guidelines.case import CaseError, analyze_cases
from guidelines.case.fields import FIELDS
from guidelines.errors import nearest

DRUG_COLUMNS = ("drug", "quantity", "unit")
"""Columns of a CSV file for a case with one drug."""
RULE = "rules."
AS_TEXT = {"case_id", "sentenced_on", "manual_edition", "order_effective_on", "sentence_began_on",
           "criminal_history_category"}  # fmt: skip
RANGES = {"table_range_months", "guideline_range_months"}
YES, NO = {"true", "yes"}, {"false", "no"}
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def answer_lines(
    numbered: Iterable[tuple[int, str | Sequence[str]]], columns: Sequence[str] = ()
) -> tuple[list[str], list[int]]:
    """Answers as lines of JSON, and the numbers of the lines with errors.

    Parameters
    ----------
    numbered
        Line number with a line of JSON, or with the cells of a row where `columns` are given.
    columns
        Header of the CSV file; see `unknown_columns`.
    """
    records: list[Any] = []
    numbers = []
    unread: dict[int, CaseError] = {}
    for place, (number, line) in enumerate(numbered):
        numbers.append(number)
        try:
            records.append(parse(line) if isinstance(line, str) else from_cells(columns, line))
        except CaseError as problem:
            unread[place] = problem
            records.append({})
    out, bad = [], []
    for place, answer in enumerate(analyze_cases(records)):
        found = unread.get(place, answer)
        if isinstance(found, CaseError):
            bad.append(numbers[place])
            problems = list(found.problems)
            found = {"case_id": found.case_id, "error": {"line": numbers[place], "problems": problems}}
        out.append(compact(found))
    return out, bad


def parse(text: str) -> Any:
    """One JSON value; every key once, no NaN.

    Raises
    ------
    CaseError
        Text that is not JSON, a key that is there twice, a number that is none.
    """
    try:
        text.encode("utf-8")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except CaseError:
        raise
    except UnicodeEncodeError:
        problem = "the text is not UTF-8; save it as UTF-8"
    except json.JSONDecodeError as broken:
        line = f"line {broken.lineno}, " if broken.lineno > 1 else ""
        problem = f"not JSON: {broken.msg} at {line}column {broken.colno}; an object of fields is accepted"
    except (RecursionError, ValueError) as broken:  # nested too deeply, a number of thousands of digits
        problem = f"not readable: {broken}; an object of fields is accepted"
    raise CaseError([f"case record: {problem}"])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise CaseError([f"case record: {', '.join(twice)} given more than once; once is accepted"])
    return found


def _no_number(name: str) -> Any:
    raise CaseError([f"case record: {name} given; a number is accepted, or null where it is not known"])


def unknown_columns(columns: Sequence[str]) -> list[str]:
    """One line for each column of a CSV file that is no field or is there twice."""
    known = {*FIELDS, *DRUG_COLUMNS}
    problems = [
        f"unknown column {name!r}; {nearest(name, known, listed=50)}"
        for name in columns
        if name not in known and not name.startswith(RULE)
    ]
    return problems + [
        f"column {name!r} is there twice" for name in sorted(set(columns)) if list(columns).count(name) > 1
    ]


def from_cells(columns: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """A record from one row of a CSV file; an empty cell says nothing.

    Lists and objects are JSON, or as in ``782 821A``, ``97-121``, ``1 kg heroin; 20 g cocaine``;
    ``rules.koons`` is a switch; drug, quantity and unit stand for a list of one drug.

    Raises
    ------
    CaseError
        More cells than columns, or a cell that cannot be read.
    """
    record: dict[str, Any] = {}
    drug: dict[str, Any] = {}
    if len(cells) != len(columns):
        name = dict(zip(columns, cells, strict=False)).get("case_id") or None
        raise CaseError([f"case record: {len(cells)} cells under {len(columns)} columns"], name)
    for name, cell in zip(columns, cells, strict=True):
        text = cell.strip()
        if not text:
            continue
        if name in DRUG_COLUMNS:
            drug[name] = _number(text) if name == "quantity" else text
        elif name.startswith(RULE):
            record.setdefault("rules", {})[name.removeprefix(RULE)] = _number(text)
        else:
            record[name] = _cell(name, text)
    if drug:
        record.setdefault("drugs", []).append(drug)
    return record


def _cell(name: str, text: str) -> Any:
    if name in AS_TEXT:
        return int(text) if name == "criminal_history_category" and text.isdecimal() else text
    if text[0] in "[{":
        return parse(text)
    if name == "amendments":
        return text.replace(";", " ").replace(",", " ").split()
    if name in RANGES:
        ends = text.replace("–", "-").split("-")
        return [_number(end.strip()) for end in ends] if len(ends) > 1 else text
    if name == "drugs":
        return [_drug(one) for one in text.split(";") if one.strip()]
    return _number(text)


def _drug(text: str) -> dict[str, Any]:
    """``1 kg heroin`` or ``heroin``."""
    words = text.split(maxsplit=2)
    amount = _number(words[0])
    if len(words) == 3 and not isinstance(amount, str):
        return {"drug": words[2], "quantity": amount, "unit": words[1]}
    return {"drug": text.strip()}


def _number(text: str) -> Any:
    """A number or a truth value where the text is one."""
    low = text.lower()
    if low in YES or low in NO:
        return low in YES
    try:
        return int(text) if text.removeprefix("-").isdecimal() else float(text)
    except ValueError:
        return text
