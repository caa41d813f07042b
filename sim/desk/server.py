"""The desk on a port of this machine, until somebody ends it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from datetime import date
from secrets import token_urlsafe

from sim.base.errors import SimulationError

HOST = "127.0.0.1"
LISTENING = 16


def serve(port: int, began: Callable[[str], None]) -> None:
    """Serve the desk until the process is told to stop.

    Parameters
    ----------
    port
        On this machine alone; 0 for any that is free.
    began
        Is told the address.

    Raises
    ------
    SimulationError
        Flask is not installed, or the port is taken.
    """
    try:
        from werkzeug.serving import WSGIRequestHandler, make_server
    except ImportError:
        raise SimulationError("minustwo desk needs Flask: pip install 'drugs-minus-two[desk]'") from None
    from sim.desk.app import create_app

    class Quiet(WSGIRequestHandler):
        """Says nothing of what was asked: addresses hold the token."""

        def log(self, type: str, message: str, *args: object) -> None:
            """Nothing."""

    with _bound(port) as taken:
        number = taken.getsockname()[1]
        token = token_urlsafe(24)
        app = create_app(token, [f"{name}:{number}" for name in (HOST, "localhost")], date.today)
        server = make_server(HOST, number, app, threaded=True, request_handler=Quiet, fd=taken.fileno())
        try:
            began(f"http://{HOST}:{number}/{token}/")
            server.serve_forever()
        finally:
            server.server_close()


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen(LISTENING)
    except OSError as problem:
        made.close()
        if problem.errno == errno.EADDRINUSE:
            told = f"port {port} is taken by another program; leave --port out, or give another"
        elif problem.errno == errno.EACCES:
            told = f"port {port} may not be used; give one from 1024"
        else:
            raise
        raise SimulationError(told) from None
    return made
