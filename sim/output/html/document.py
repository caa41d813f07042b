"""A whole page: one frame and one style, and a policy that lets it load nothing from anywhere."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from string import Template

from sim._version import __version__
from sim.output.html.markup import safe


def document(
    *,
    title: str,
    header: str,
    main: str,
    footer: str,
    description: str = "",
    style: str = "",
    scripts: Sequence[str] = (),
    data: str = "",
    at_home: bool = False,
) -> str:
    """A self-contained page.

    Parameters
    ----------
    title, description
        Text; escaped here.
    header, main, footer
        Markup.
    style
        Rules for this page, after those all pages share.
    scripts, data
        Scripts after the one all pages share, and elements of data they read.
    at_home
        Whether the page may talk to the program on this machine that served it (`minustwo desk`).
    """
    rules = _file("page.css") + style
    scripts = [_file("page.js"), *scripts]
    return Template(_file("page.html")).substitute(
        policy=policy(rules, scripts, at_home=at_home),
        description=safe(description),
        generator=safe(f"Drugs Minus Two {__version__}"),
        title=safe(title),
        style=rules,
        header=header,
        main=main,
        footer=footer,
        scripts=data + "\n".join(f"<script>{script}</script>" for script in scripts),
    )


def policy(style: str, scripts: Sequence[str], *, at_home: bool = False) -> str:
    """What a browser may load or run: this style and these scripts, nothing from anywhere else."""
    allowed = " ".join(_hash(script) for script in scripts)
    home = "'self'" if at_home else "'none'"
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {allowed}; img-src data:; "
        f"connect-src {home}; base-uri 'none'; form-action {home}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _file(name: str) -> str:
    """A file of this package."""
    return files("sim.output.html").joinpath(name).read_text(encoding="utf-8")
