"""Changes one operator, constant or condition of `guidelines` at a time and counts how many the tests notice.

python tests/mutants.py [number of changes, 160] [seed, 1]
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("guidelines", "sim", "tables", "scenarios", "tests", "docs", "pyproject.toml", "README.md")
SECONDS = 900
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def mutants(path: Path) -> Iterator[tuple[int, str]]:
    """Line of each possible change of a file, with the file's text after it."""
    count = len(list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    for place in range(count):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        node = list(ast.walk(tree))[place]
        if any(node in ast.walk(hint) for hint in hints(tree)):
            continue  # nothing evaluates it
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            node.ops[0] = SWAPS[type(node.ops[0])]()
        elif isinstance(node, (ast.BoolOp, ast.BinOp)) and type(node.op) in SWAPS:
            node.op = SWAPS[type(node.op)]()
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            node.value += 1
        elif isinstance(node, ast.Constant) and type(node.value) is bool:
            node.value = not node.value
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.op = ast.UAdd()
        else:
            continue
        yield node.lineno, ast.unparse(tree)


def hints(tree: ast.AST) -> Iterator[ast.AST]:
    """Hints of types."""
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if (hint := getattr(node, name, None)) is not None:
                yield hint


def main() -> None:
    """Try a random sample, and name the changes nobody noticed."""
    number, seed = (int(given) for given in (*sys.argv[1:3], *("160", "1")[len(sys.argv) - 1 :]))
    files = sorted((ROOT / "guidelines").rglob("*.py"))
    chosen = random.Random(seed).choices(files, [path.stat().st_size for path in files], k=number)
    survived = 0
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in PARTS:
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / part)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", "2"]
        command += ["tests/guidelines", "tests/tables"]
        for turn, path in enumerate(chosen):
            possible = list(mutants(path))
            if not possible:
                continue
            line, text = random.Random(f"{seed} {turn}").choice(possible)
            target = copy / path.relative_to(ROOT)
            target.write_text(text, encoding="utf-8")
            try:
                done = subprocess.run(
                    command,
                    cwd=copy,
                    capture_output=True,
                    timeout=SECONDS,
                    env={**os.environ, "PYTHONPATH": folder},
                )
                noticed = done.returncode != 0
            except subprocess.TimeoutExpired:
                noticed = True
            shutil.copy(path, target)
            survived += not noticed
            print(f"{'noticed' if noticed else 'SURVIVED'} {path.relative_to(ROOT)}:{line}", flush=True)
    print(
        f"{number - survived} of {number} changes were noticed ({100 * (1 - survived / number):.0f} percent)"
    )


if __name__ == "__main__":
    main()
