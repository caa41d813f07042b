"""Small pieces of Markdown and HTML that the generated pages share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path


def page(title: str, *parts: str) -> str:
    """A page: its title and its parts, apart by empty lines."""
    return "\n\n".join([f"# {title}", *parts]) + "\n"


def fence(text: str, language: str = "text") -> str:
    """Text as it stands."""
    ticks = "````" if "```" in text else "```"
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def html_table(columns: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A table that may be long: plain HTML, so that a build takes seconds and not minutes."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    lines = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    table = (
        f'<div class="table-wrapper"><table class="docutils"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
    return f"```{{raw}} html\n{table}\n```"


def folded(summary: str, table: str) -> str:
    """A table that opens when its line is chosen."""
    inside = table.removeprefix("```{raw} html\n").removesuffix("\n```")
    return f"```{{raw}} html\n<details><summary>{escape(summary)}</summary>{inside}</details>\n```"


def facts(known: Mapping[str, str]) -> str:
    """Name and value, one line each; what is empty is left out."""
    return "\n".join(f"- **{name}:** {plain(value)}" for name, value in known.items() if value)


def plain(text: str) -> str:
    """Text in which nothing is markup but code in backticks."""
    parts = text.split("`")
    if len(parts) % 2:
        parts[::2] = [_escaped(part) for part in parts[::2]]
        return "`".join(parts)
    return _escaped(text).replace("`", "\\`")


def _escaped(text: str) -> str:
    for sign in "\\*_[]{}<>#|$":
        text = text.replace(sign, f"\\{sign}")
    return text


def write(folder: Path, pages: Mapping[str, str]) -> None:
    """Write the pages, those that changed alone, and take away the ones that are no more."""
    for name, text in pages.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.relative_to(folder).as_posix() not in pages:
            file.unlink()
