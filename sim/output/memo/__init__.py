"""The open impact memorandum: what commissioners get before a vote, for any scenario.

>>> from sim.output.memo import LEAST
>>> LEAST
10
"""

from __future__ import annotations

from sim.output.memo.files import check, memo_files, write
from sim.output.memo.suppression import LEAST

__all__ = ["LEAST", "check", "memo_files", "write"]
