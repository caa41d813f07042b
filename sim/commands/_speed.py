"""What makes a command faster and changes no digit: people kept from earlier runs, and helper processes."""

from __future__ import annotations

from typing import Any


def means(jobs: int | None = None, *, keep: bool = True, alone: bool = False) -> dict[str, Any]:
    """Arguments ``cache`` and ``jobs`` of `sim.run`.

    Parameters
    ----------
    jobs
        Processes; as many as there are processors, at most four, if left out.
    keep
        Whether stocks may be kept and read.
    alone
        Whether only one scenario is run. Others meet the same people, whom a single process has at hand even
        where none are kept.
    """
    from sim.people.stock_cache import users_cache

    cache = users_cache() if keep else None
    several = processes(jobs)
    return {"cache": cache, "jobs": several if alone or cache is not None else 1}


def processes(jobs: int | None = None) -> int:
    """How many processes are asked for; as many as there are processors, at most four, where nobody said."""
    from sim.base.side_by_side import MOST_JOBS, processors

    return jobs or min(processors(), MOST_JOBS)
