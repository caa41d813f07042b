"""The command ``minustwo``: finds what is asked for, and turns what goes wrong into a line and an exit code.

=====  =============================================================
 code  meaning
=====  =============================================================
    0  done
    1  failed: a full disk or quota, no memory, a closed stream
    2  bad usage, bad file, or a place that may not be written to
    3  done, but some records had errors or a strict check missed
  130  stopped with Ctrl-C
=====  =============================================================
"""

from __future__ import annotations

import errno
import io
import os
import sys
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any, TextIO

PAUSE = 0.05
"""Seconds until a Ctrl-C that was lost is sent again."""
DONE, FAILED, BAD_USAGE, STOPPED = 0, 1, 2, 130
PROGRAM, COMPLETION = "minustwo", "_MINUSTWO_COMPLETE"
MOST_LINES = 100
"""Problems that are told at once: nobody reads more before mending these."""
NO_ROOM = "failed to map segment"
"""What the system says of a library for which there is no memory."""
NO_PLACE = {
    getattr(errno, name)
    for name in ("EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST")
    if hasattr(errno, name)
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _open_closed()
    if sys.stdout is None:
        _say("standard output is closed; give it a place, such as > /dev/null")
        return FAILED
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without § shows \xa7
    try:
        with _harmless(sys.stdout), _heard():
            code = _run(arguments)
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        return _stop_writing(DONE)  # the reader has seen enough
    except KeyboardInterrupt:
        return STOPPED
    except ValueError as problem:
        return _refused(problem)
    except (MemoryError, ImportError) as problem:
        if isinstance(problem, ImportError) and NO_ROOM not in str(problem):
            raise
        _say("not enough memory for this; ask for less at once, or use a machine with more")
        return FAILED
    except OSError as problem:
        code = BAD_USAGE if problem.errno in NO_PLACE else FAILED
        told = problem.strerror or str(problem)
        _say(f"{problem.filename}: {told}" if problem.filename else told)
        return _stop_writing(code) if problem.filename is None else code


@contextmanager
def _harmless(stream: TextIO) -> Iterator[None]:
    """Show escaped whatever a terminal would obey, whichever command prints it."""
    write = stream.write

    def write_visible(text: str) -> int:
        from sim.base.text import visible

        return write(text if text.isascii() and text.isprintable() else visible(text, lines=True))

    stream.write = write_visible  # type: ignore[method-assign]
    try:
        yield
    finally:
        stream.write = write  # type: ignore[method-assign]


@contextmanager
def _heard() -> Iterator[None]:
    """Send Ctrl-C again where it fell into a callback of Python, which would say so and go on."""
    before = sys.unraisablehook

    def again(ignored: Any) -> None:
        if ignored.exc_type is KeyboardInterrupt:
            Timer(PAUSE, interrupt_main).start()  # not from in here, where it would be ignored too
        else:
            before(ignored)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = before


class _Closed(io.RawIOBase):
    """Standard input where there is none."""

    def readable(self) -> bool:
        return True

    def readinto(self, _: object) -> int:
        raise OSError(errno.EBADF, "standard input is closed; give a file, or something to read")


def _open_closed() -> None:
    """Put something harmless in place of closed streams, lest a file opened later gets their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BufferedReader(_Closed()))
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115  it stays open to the end


def _run(arguments: list[str]) -> int:
    import click
    from click.shell_completion import shell_complete

    from sim.commands._group import group

    completion = os.environ.get(COMPLETION)
    if completion:
        return shell_complete(group, {}, PROGRAM, COMPLETION, completion)
    try:
        # Not group.main(): it would answer a closed pipe and Ctrl-C in its own way.
        with group.make_context(PROGRAM, list(arguments) or ["--help"]) as context:
            group.invoke(context)
        return DONE
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.exceptions.Abort:
        return STOPPED
    except click.UsageError as problem:
        _say(problem.format_message())
        if problem.ctx is not None:
            sys.stderr.write(f"{problem.ctx.get_usage()}\n")
        return BAD_USAGE
    except click.ClickException as problem:
        _say(problem.format_message())
        return BAD_USAGE


def _refused(problem: ValueError) -> int:
    """Say what was wrong with the question; another ValueError is a fault of ours and keeps its traceback."""
    from guidelines.errors import GuidelineError
    from sim.base.errors import SimulationError

    if not isinstance(problem, (GuidelineError, SimulationError)):
        raise problem
    lines = getattr(problem, "problems", None) or str(problem).split("\n")
    for line in lines[:MOST_LINES]:
        _say(line)
    if len(lines) > MOST_LINES:
        _say(f"and {len(lines) - MOST_LINES:,} more problems")
    return BAD_USAGE


def _say(line: str) -> None:
    from guidelines.errors import shortened
    from sim.base.text import visible

    sys.stderr.write(f"minustwo: error: {shortened(visible(line))}\n")


def _stop_writing(code: int) -> int:
    """Send what is still to be written nowhere, so that the interpreter's last flush says nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
