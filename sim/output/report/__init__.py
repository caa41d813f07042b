"""A result as one page: a single HTML file that asks nothing of anybody.

>>> from sim.output.report import page
>>> page.__name__
'page'
"""

from __future__ import annotations

from sim.output.report.assembly import page

__all__ = ["page"]
