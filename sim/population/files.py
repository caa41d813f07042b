"""Tables of people as files: CSV always, Parquet with pyarrow; where they come from stands inside."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from guidelines import LIFE
from sim.base.errors import PopulationError, SimulationError
from sim.base.files import STANDARD, check_file, written
from sim.population.as_written import SHEETS, read_sheet
from sim.population.schema import CATEGORIES, INDEX, schema
from sim.records.source import DELIMITERS, HEAD

FORMATS = (".csv", ".parquet")
KEY = b"minustwo"
"""Where Parquet files keep what CSV files have in their ``# key: value`` lines."""


def write_people(frame: pd.DataFrame, provenance: Mapping[str, str], path: Path) -> None:
    """Write people to a file, whole or not at all; the end of its name says how.

    After an OSError what was there before still is.
    """
    write = _write_csv if format_of(path) == ".csv" else _write_parquet
    with written(path) as file:
        write(frame, provenance, file)


def read_people(path: Path) -> tuple[pd.DataFrame, dict[str, str], int]:
    """Columns of a file as they stand there, where they come from, and the line before the first row."""
    if path.suffix.lower() == ".parquet":
        return _read_parquet(path)
    if path.suffix.lower() not in SHEETS:
        raise SimulationError(f"{path}: people are read from files ending in {', '.join(SHEETS)} or .parquet")
    if path.suffix.lower() == ".csv" and not _as_offices_write(path):
        return _read_csv(path)
    frame, notices, head = read_sheet(path)
    return frame, {"read": "; ".join(notices)} if notices else {}, head


def check_place(path: str | Path) -> None:
    """Refuse a place that `write_people` could not write to, before work is put into what it would write."""
    place = Path(path)
    if format_of(place) == ".parquet":
        _arrow(place)
    if place.is_dir():
        raise SimulationError(f"{place} is a folder; give a file ending in {' or '.join(FORMATS)}")
    check_file(place)


def format_of(path: Path) -> str:
    """The ending of a file's name, if it is one of `FORMATS`; standard output takes CSV."""
    if str(path) == STANDARD:
        return ".csv"
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise SimulationError(f"{path}: people are kept in files ending in {' or '.join(FORMATS)}")
    return ending


def _write_csv(frame: pd.DataFrame, provenance: Mapping[str, str], file: BinaryIO) -> None:
    columns: dict[str, Any] = {}
    for each in schema():
        if each.name in frame.columns:
            values = frame[each.name]
            if each.kind == "yes_no":
                columns[each.name] = np.where(values.to_numpy(), "true", "false")
            elif each.kind == "months":
                columns[each.name] = values.astype(object).where(values != LIFE, "life")
            elif each.kind == "category":
                columns[each.name] = np.array(CATEGORIES)[values.to_numpy() - 1]
            else:
                columns[each.name] = values.array
    for key, value in provenance.items():
        file.write(f"# {key}: {value}\n".encode())
    pd.DataFrame(columns, index=frame.index).to_csv(file, lineterminator="\n", date_format="%Y-%m-%d")


def _read_csv(path: Path) -> tuple[pd.DataFrame, dict[str, str], int]:
    provenance: dict[str, str] = {}
    head = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in file:
                if not line.startswith("#"):
                    break
                key, _, value = line.lstrip("# ").rstrip("\r\n").partition(": ")
                provenance[key] = value
                head += 1
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # rows with more cells than the header
            frame = pd.read_csv(
                path, skiprows=head, dtype=str, keep_default_na=False, na_filter=False, index_col=False,
                encoding="utf-8-sig", skip_blank_lines=False, on_bad_lines="error",
            )  # fmt: skip
    except UnicodeDecodeError as broken:
        raise PopulationError([f"{path}: not UTF-8 text ({broken.reason}, byte {broken.start})"]) from None
    except pd.errors.EmptyDataError:
        raise PopulationError([f"{path}: no header line and no rows"]) from None
    except pd.errors.ParserWarning:
        raise PopulationError([f"{path}: the rows have more cells than the header line"]) from None
    except pd.errors.ParserError as broken:
        told = " ".join(str(broken).replace("Error tokenizing data. C error: ", "").split())
        raise PopulationError([f"{path}: not a table ({told}); lines counted after the # lines"]) from None
    return frame, provenance, head + 1


def _as_offices_write(path: Path) -> bool:
    """Whether a CSV file is of another kind than those the project writes: other text, other delimiters."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        first = next((line for line in head.decode("utf-8-sig").splitlines() if not line.startswith("#")), "")
    except UnicodeDecodeError as broken:
        return broken.end < len(head)
    return "," not in first and any(delimiter in first for delimiter in DELIMITERS)


def _write_parquet(frame: pd.DataFrame, provenance: Mapping[str, str], file: BinaryIO) -> None:
    arrow, parquet = _arrow(file.name)
    table = arrow.Table.from_pandas(frame)
    told = {**(table.schema.metadata or {}), KEY: json.dumps(dict(provenance), ensure_ascii=False).encode()}
    parquet.write_table(table.replace_schema_metadata(told), file)


def _read_parquet(path: Path) -> tuple[pd.DataFrame, dict[str, str], int]:
    arrow, parquet = _arrow(path)
    with _told(path, arrow):
        table = parquet.read_table(path)
    _check_kinds(path, table.schema, arrow)
    try:
        frame = table.to_pandas()
    except (arrow.ArrowException, ValueError, LookupError, TypeError, AttributeError) as broken:
        raise PopulationError(
            [f"{path}: the note of pandas in the file is broken ({type(broken).__name__}); write it again"]
        ) from None
    try:
        told = json.loads((table.schema.metadata or {}).get(KEY, b"{}"))
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise PopulationError([f"{path}: the note on where the people come from is broken; write it again"])
    if frame.index.name != INDEX and INDEX in frame.columns:
        frame = frame.set_index(INDEX)
    return frame, told, 0


def _check_kinds(path: Path, schema: Any, arrow: Any) -> None:
    """Refuse columns that hold no facts: lists, structures, bytes, times of day."""
    kinds = arrow.types
    wrong = [
        f"{path}: {field.name}: {field.type} is none of text, numbers, days, true or false"
        for field in schema
        if kinds.is_nested(field.type)
        or any(is_kind(field.type) for is_kind in (kinds.is_binary, kinds.is_large_binary,
               kinds.is_fixed_size_binary, kinds.is_time, kinds.is_duration))
    ]  # fmt: skip
    if wrong:
        raise PopulationError(wrong)


@contextmanager
def parquet_file(path: Path) -> Iterator[Any]:
    """An open Parquet file, to be read in pieces."""
    arrow, parquet = _arrow(path)
    with _told(path, arrow):
        file = parquet.ParquetFile(path)
    with file:
        _check_kinds(path, file.schema_arrow, arrow)
        yield file


@contextmanager
def _told(path: Path, arrow: Any) -> Iterator[None]:
    """Say which file it is that is missing or no Parquet; an OSError of Arrow's own has no number."""
    try:
        yield
    except FileNotFoundError:
        raise PopulationError([f"{path}: no such file"]) from None
    except (arrow.ArrowException, OSError) as broken:
        if getattr(broken, "errno", None):
            raise
        raise PopulationError([f"{path}: not a Parquet file ({str(broken).splitlines()[0]})"]) from None


def _arrow(path: Path | str) -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise SimulationError(
            f"{path}: Parquet needs pyarrow (pip install 'drugs-minus-two[io]'); a .csv file does not"
        ) from None
    return pyarrow, pyarrow.parquet
