"""Datafiles of the Commission's shape, written for tests: real names, made-up people."""

from __future__ import annotations

import csv
import io
import lzma
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.population.ussc.variables import variables

FILLERS = [f"REAS{number}" for number in range(1, 60)] + ["DESCRIP1", "TIMESERV", "MONRACE"]
PERSON = {
    "SOURCES": 1, "PRISDUM": 1, "SENTIMP": 1, "GDLINEHI": "2D1.1", "XFOLSOR": 27, "XCRHISSR": 3,
    "XMINSOR": 87, "XMAXSOR": 108, "GLMIN": 87, "GLMAX": 108, "STATMIN": 60, "STATMAX": 480, "SMAX1": 480,
    "TOTPRISN": 87, "TOTDAYS": 0, "BASEHI": 30, "ACCTRESP": -3, "CIRCDIST": 41, "NEWCIT": 0, "NEWRACE": 3,
    "MONSEX": 0, "AGE": 34, "DRUGTYP1": 3, "WGT1": 800, "MWGT1": 800000, "MWEIGHT": 800000, "WEAPSOC": 0,
    "SAFE": 0, "TOTCHPTS": 5, "SENTPTS": 2, "CAROFFAP": 0, "ACCAP": 0, "ONLY924C": 0, "DRUGPROB": 0,
}  # fmt: skip
"""800 g of heroin: level 30 before Amendment 782, 28 after; 87 to 108 months at level 27 and category III."""
SLOTTED = {"SMAX*": 8, "DRUGTYP*": 5, "WGT*": 5, "MWGT*": 5, "DAFROM*": 5, "DATO*": 5}


def columns_of(year: int) -> list[str]:
    """Names of a year's columns: what the importer knows, and many it does not want."""
    names: dict[str, None] = dict.fromkeys(FILLERS[:20])
    for each in variables(year):
        if each.name.startswith("("):
            continue
        head = each.name.removesuffix("*")
        slots = SLOTTED.get(each.name, 0)
        names.update(dict.fromkeys([f"{head}{n}" for n in range(1, slots + 1)] if slots else [each.name]))
    names.update(dict.fromkeys(FILLERS))
    return list(names)


def person(year: int, number: int, **changed: object) -> dict[str, object]:
    """One row of a year."""
    row = dict(PERSON, USSCIDN=1_000_000 + number, AMENDYR=year - 1)
    row |= {"SENTMON": 3, "SENTYR": year, "QUARTER": 2, "SENTDATE": f"{year}-03-15"}
    row |= {"SENTRNGE": 0, "BOOKERCD": 0, "DEPART": 0, "NODRUG": 1}
    return row | changed


def table(year: int, rows: Iterable[Mapping[str, object]]) -> tuple[list[str], list[list[str]]]:
    names = columns_of(year)
    return names, [[str(row.get(name, "")) for name in names] for row in rows]


def as_csv(
    year: int, rows: Iterable[Mapping[str, object]], *, ends: str = "\r\n", lower: bool = False
) -> bytes:
    names, cells = table(year, rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=ends)
    writer.writerow([name.lower() if lower else name for name in names])
    writer.writerows(cells)
    return text.getvalue().encode("latin-1")


def as_fixed_width(
    year: int, rows: Iterable[Mapping[str, object]], *, ends: str = "\r\n"
) -> tuple[bytes, bytes]:
    """The .dat and its .sas."""
    names, cells = table(year, rows)
    widths = [max(7, *(len(row[place]) for row in cells)) for place in range(len(names))]
    program, start = ["data opafy; /* a comment; with END-1 */", "infile 'x' lrecl=99999;", "INPUT"], 1
    for name, width in zip(names, widths, strict=True):
        text = " $" if name in ("GDLINEHI", "GDREFHI", "SENTDATE") else ""
        program.append(f"  {name}{text} {start}-{start + width - 1}")
        start += width
    lines = ["".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    data = "".join(f"{line}{ends}" for line in lines).encode("latin-1")
    return data, "\n".join([*program, ";", "run;"]).encode("latin-1")


def as_laid_out(
    layout: Iterable[Mapping[str, str]], rows: Iterable[Mapping[str, object]]
) -> tuple[bytes, bytes]:
    """The .dat and its .sas where every variable of a year stands in its own columns."""
    places = {
        row["variable"]: (int(row["first_column"]), int(row["last_column"]), row["is_text"] == "1")
        for row in layout
    }
    length = max(last for _, last, _ in places.values())
    program = ["INPUT"] + [
        f"  {name}{' $' if text else ''} {first}-{last}" for name, (first, last, text) in places.items()
    ]
    lines = []
    for row in rows:
        line = bytearray(b" " * length)
        for name, value in row.items():
            if name in places:
                first, last, _ = places[name]
                line[first - 1 : last] = str(value).rjust(last - first + 1).encode()
        lines.append(bytes(line[:length]) + b"\r\n")
    return b"".join(lines), "\n".join([*program, ";"]).encode()


def written(folder: Path, year: int, rows: list[dict[str, object]], form: str) -> Path:
    """A file of one format, named as the Commission's are."""
    stem = f"opafy{year % 100:02d}nid"
    if form == "dat":
        data, layout = as_fixed_width(year, rows)
        (folder / f"{stem}.sas").write_bytes(layout)
        return _file(folder / f"{stem}.dat", data)
    if form == "zip of dat":
        data, layout = as_fixed_width(year, rows, ends="\n")
        with zipfile.ZipFile(folder / f"{stem}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{stem}.dat", data)
            archive.writestr(f"{stem}.sas", layout)
        return folder / f"{stem}.zip"
    if form == "zip of csv":
        with zipfile.ZipFile(folder / f"{stem}_csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{stem}.csv", as_csv(year, rows))
        return folder / f"{stem}_csv.zip"
    if form == "csv.xz":
        return _file(folder / f"{stem}.csv.xz", lzma.compress(as_csv(year, rows, ends="\n")))
    if form == "sav":
        import pandas as pd
        import pyreadstat

        names, cells = table(year, rows)
        frame = pd.DataFrame(cells, columns=names)
        for name in names:
            numbers = pd.to_numeric(frame[name], errors="coerce")
            if name not in ("GDLINEHI", "GDREFHI", "SENTDATE", "DESCRIP1"):
                frame[name] = numbers
        pyreadstat.write_sav(frame, str(folder / f"{stem}.sav"))
        return folder / f"{stem}.sav"
    return _file(folder / f"{stem}.csv", as_csv(year, rows, lower=form == "lower-case csv"))


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
