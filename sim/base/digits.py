"""Numbers as they are written: what is known of them, and no more."""

from __future__ import annotations

import pandas as pd


def six_digits(value: float) -> float:
    """A number to six significant digits.

    It is rounded to twelve first, so that a number in the middle between two goes the same way wherever it
    was worked out, though its last digits differ.
    """
    return float(f"{float(f'{value:.12g}'):.6g}")


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its floating-point numbers to six significant digits."""
    numbers = table.select_dtypes(float)
    return table.assign(**{str(name): [six_digits(value) for value in numbers[name]] for name in numbers})
