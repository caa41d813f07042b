"""People, judges and time: what an amendment does to the people in prison.

Names are resolved on first use, so that ``import sim`` costs nothing.
"""

from __future__ import annotations

from sim._version import __version__

__all__ = ["__version__"]
