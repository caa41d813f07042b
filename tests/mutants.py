"""Changes one operator, number or condition of `guidelines` at a time and counts how many the tests notice.

python tests/mutants.py [number of changes, 160] [seed, 1]

The tests run once unchanged, which tells how long each takes and which lines it runs. Then each change gets
a process of its own: the quickest tests that run the changed line. If all pass, another takes the rest of
those, with the oracle and the tables of cases, until one fails; and where few run the line, which may be
because what it makes is kept, every other test. The property tests try few examples. What is left out
can only lower what is counted. The sample and the examples depend on the seed alone.
"""

from __future__ import annotations

import ast
import os
import random
import resource
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import coverage
import hypothesis
import numpy
import pandas
import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("guidelines", "sim", "tables", "scenarios", "tests", "docs", "pyproject.toml", "README.md")
TESTS = ("tests/guidelines", "tests/tables")
SHARED = (numpy, pandas)  # imported here once, for every process that is forked
SECONDS, BYTES = 300, 6 << 30
"""Processor and memory a change may use; a loop without end is noticed by that."""
NEAR = 60
"""Tests that go first; only the files they stand in are read for them. A line that fewer run gets all."""
CASES = tuple(f"tests/guidelines/test_{name}.py" for name in ("oracle", "case_derived", "case_open"))
"""Whole records against the oracle and against answers worked out by hand: what goes next."""
EXAMPLES = 10
"""Most examples of a property test."""
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
WORDS = {"any": "all", "all": "any", "min": "max", "max": "min"}
EQUIVALENT = (
    ("", "@lru_cache(", "", "how many answers are kept changes none of them"),
    ("", "@dataclass(", "", "no code of ours changes a value in place"),
    ("", "listed: int", "", "how many names a message lists changes no answer"),
    ("", "listed=", "", "how many names a message lists changes no answer"),
    ("", ".any(axis=-1)", "+1", "people and drugs are two axes"),
    ("", ".sum(axis=-1)", "+1", "people and drugs are two axes"),
    ("", "strict=True", "False", "both sides have the same length: a reader may rely on it"),
    (
        "guidelines/arrays.py", "array.max() > high", "array.max() >= high",
        "the exact test that follows decides",
    ),
    ("guidelines/tables/__init__.py", "first = edition(name, known[0])", "1", "only its section is told"),
    (
        "guidelines/usc21_841_mandatory_minimum.py", "for p in range(priors, -1, -1)", "2",
        "no line of the statute is for -1 priors",
    ),
    ("guidelines/arrays.py", "astype(np.int32, copy=False)", "True", "a copy holds the same numbers"),
    (
        "guidelines/s5c1_2_safety_valve.py", "most = before[-1]", "+1",
        "two editions of the safety valve came before: the second is the last",
    ),
    (
        "guidelines/case/setting.py", "law.effective_from > old.date", "law.effective_from >= old.date",
        "an amendment in force on the Manual's own day moves no row of it",
    ),
    ("guidelines/errors.py", "get_close_matches(low", "2", "the closest name alone is told"),
    (
        "guidelines/s2d1_1_equivalency.py", "np.argmax(index != NONE, axis=-1)", "+1",
        "people and drugs are two axes",
    ),
    (
        "guidelines/s2d1_1_substances.py", "rate[here] = 0.0", "1.0",
        "the rate is replaced by that of the level the drug has alone",
    ),
    (
        "guidelines/case/statute_choices.py", "0 if plants else quantity", "1",
        "one gram of marihuana reaches no tier of the statute",
    ),
    (
        "guidelines/case/clashes.py", "manual.quantity_levels.ravel() if at >= 0", "at > 0",
        "no row of the Drug Quantity Table has the level 0",
    ),
    (
        "guidelines/case/completions.py", 'read.given.get("imposed_term_months", 0)', "1",
        "only a term that is given is held against the range",
    ),
    (
        "guidelines/usc21_841_mandatory_minimum.py", 'editions("statutory_terms")[0]', "1",
        "the terms without a prior conviction are the same in the first two editions",
    ),
    (
        "guidelines/usc21_841_mandatory_minimum.py", "plants: ArrayLike = 0", "1",
        "one plant reaches no tier of the statute",
    ),
    (
        "guidelines/usc21_841_mandatory_minimum.py", "MOST_PRIORS + 1, 2)", "3",
        "a third line for death that nobody asks for",
    ),
    (
        "guidelines/s1b1_10_retroactivity.py", "& (minimum > 0) & policy", "minimum >= 0",
        "a minimum of 0 restricts no range, whether it is lifted or not",
    ),
    (
        "guidelines/s1b1_10_retroactivity.py", "rounded = np.where(below", "1",
        "what stands there for terms that are not below the range is never taken",
    ),
    (
        "guidelines/case/setting.py", "if len({becomes - was",
        "len({becomes - was for was, becomes in moves}) >= 1",
        "where every row falls alike, the Manual used moves like the one written for (8 pairs, none differs)",
    ),
    (
        "guidelines/s2d1_1_role_cap.py", "table_levels[table_levels >= 0]", "table_levels > 0",
        "no row of the Drug Quantity Table has the level 0",
    ),
    (
        "guidelines/case/lines.py", "governs = override >=", "1",
        "an override is at least 1 where this line is reached",
    ),
    ("", "TYPE_CHECKING", "", "what is imported for types alone"),
    ("", "np.round(", "10", "no fraction of a month has its tenth digit alone"),
    (
        "guidelines/case/statute_choices.py", "0 < low <= reached", "1",
        "no tier of the statute has a minimum of one month",
    ),
    (
        "guidelines/s2d1_1_purity.py", "1 / manual.quantity_cuts[", "2",
        "only the relation of two drugs is asked for, and it is the same in every row",
    ),
    (
        "guidelines/case/record.py", "choice.options[0].columns", "1",
        "all options of a choice fill the same columns",
    ),
    (
        "guidelines/s1b1_10_retroactivity.py", "(new[0] < applied)", "new[0] <= applied",
        "no two ranges of the table have the same minimum",
    ),
    (
        "guidelines/s1b1_1_chapter_four.py", "np.where(one_count > 0", "1",
        "no count has a maximum of one month",
    ),
    (
        "guidelines/case/doubts.py", '"third_level_from_offense_level", 0', "1",
        "without a third level every level less acceptance is above 1",
    ),
    (
        "guidelines/s1b1_10_retroactivity.py", "& (minimum > 0) & policy", "1",
        "no tier of the statute has a minimum of one month",
    ),
    (
        "guidelines/s1b1_10_policy.py", "np.zeros(0, dtype=np.bool_)", "1",
        "one value is as good as none where there is nobody",
    ),
    (
        "guidelines/s2d1_1_base_level.py", '"base_offense_level", np.int32(0)', "1",
        "where no level was found each follows from a quantity",
    ),
    (
        "guidelines/s1b1_10_retroactivity.py", "(new[1] > maximum)", "new[1] >= maximum",
        "no two ranges of the table have the same maximum below life",
    ),
    (
        "guidelines/case/columns.py", "index = np.full((len(cases), width), -1", "2",
        "none of another drug adds nothing",
    ),
    (
        "guidelines/case/columns.py", "np.where(lacking, 0.0, percent)", "1.0",
        "where the share is lacking it is asked for, and what stands for it is not told",
    ),
    (
        "guidelines/amendments/amending.py", "earlier.effective_from > manual.date",
        "earlier.effective_from >= manual.date", "what is in a Manual is not put in again",
    ),
    (
        "guidelines/s1b1_1_chapter_four.py", "np.where(bound, np.int32(rules", "1",
        "every total is 1 at least",
    ),
    (
        "guidelines/s1b1_10_retroactivity.py", "listed = ends[ends >= 0]", "ends > 0",
        "no row of the Drug Quantity Table has the level 0",
    ),
    (
        "guidelines/s1b1_10_retroactivity.py", "(applied > 0)", "1",
        "no tier of the statute has a minimum of one month",
    ),
    (
        "guidelines/case/statute_choices.py", "- {0, *doubtful_minima(read)}", "1",
        "no term is 0 months, and no minimum one",
    ),
    (
        "guidelines/usc18_3624_door.py", "if given > most and shortened", "given >= most",
        "where both are the same either will do",
    ),
    (
        "guidelines/usc18_3624_release.py", "np.where(earns, _length(start, last), 0)", "1",
        "one day earns no whole day",
    ),
    (
        "guidelines/s1b1_10_substitution.py", "highest[highest < 0]", "1",
        "no row of the Drug Quantity Table has the level 0",
    ),
    (
        "guidelines/case/columns.py", '"chapter_three_levels": 0, "cross_reference_level": 0', "1",
        "a cross reference of level 1 governs nothing, and a total as found is not made again",
    ),
    (
        "guidelines/s2d1_1_role_cap.py", "np.arange(greatest + 1", "2",
        "a level above the greatest that nobody asks for",
    ),
    (
        "guidelines/case/choices.py", "for status in (0, 1, 2)", "2",
        "one status point is due only under Manuals whose points no amendment moves",
    ),
    (
        "guidelines/usc18_3624_release.py", "np.where(months >= LIFE, 0, months)", "1",
        "life has no last month: the date made of it is not taken",
    ),
    (
        "guidelines/usc18_3624_release.py", "np.where(months >= LIFE, 0, months)", "months > LIFE",
        "life has no last month: the date made of it is not taken",
    ),
)  # fmt: skip
"""Changes that change no answer: file, part of the line, what the change puts there (empty: any), and why."""


def places(tree: ast.AST) -> list[int]:
    """Where a file can be changed, as places in `ast.walk`; never in a hint of types, which nothing runs."""
    hints = set()
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if (hint := getattr(node, name, None)) is not None:
                hints.update(ast.walk(hint))
    return [place for place, node in enumerate(ast.walk(tree)) if node not in hints and change(node)]


def change(node: ast.AST) -> Callable[[], None] | None:
    """What changes a node; None where nothing does."""
    match node:
        case ast.Compare(ops=[op, *others]) if type(op) in SWAPS:
            return lambda: setattr(node, "ops", [SWAPS[type(op)](), *others])
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPS:
            return lambda: setattr(node, "op", SWAPS[type(op)]())
        case ast.Constant(value=bool(value)):
            return lambda: setattr(node, "value", not value)
        case ast.Constant(value=int(value) | float(value)):
            return lambda: setattr(node, "value", value + 1)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            return lambda: setattr(node, "op", ast.UAdd())
        case ast.Call(func=ast.Name(id=name)) if name in WORDS:
            return lambda: setattr(node.func, "id", WORDS[name])
        case ast.Call(func=ast.Attribute(attr=name)) if name in WORDS:
            return lambda: setattr(node.func, "attr", WORDS[name])
        case (
            ast.If(test=ast.Name() | ast.Call() | ast.Attribute())
            | ast.IfExp(test=ast.Name() | ast.Call() | ast.Attribute())
        ):
            return lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
    return None


def changed(text: str, place: int) -> tuple[int, str, str]:
    """Line of a change, what stands there afterwards, and the file's text after it."""
    tree = ast.parse(text)
    node = list(ast.walk(tree))[place]
    change(node)()
    return node.lineno, ast.unparse(node).splitlines()[0], ast.unparse(tree)


def equivalent(name: str, line: str, there: str) -> str:
    """Why a change changes no answer; empty where it may."""
    return next(
        (
            why
            for file, part, put, why in EQUIVALENT
            if file in (name, "") and part in line and put in (there, "")
        ),
        "",
    )


class Order:
    """Takes the tests that are wanted: cases and those that run the line, then others; the quickest first."""

    def __init__(self, wanted: Callable[[str], bool], lines: set[str], seconds: dict[str, float]):
        self.wanted, self.lines, self.seconds = wanted, lines, seconds

    def pytest_collection(self) -> None:
        phases = [phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.shrink]
        hypothesis.settings.register_profile(
            "mutants", deadline=None, derandomize=True, database=None, phases=phases
        )
        hypothesis.settings.load_profile("mutants")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if self.wanted(item.nodeid)]
        items.sort(key=lambda item: self.place(item.nodeid))
        for item in items:
            test = getattr(item, "obj", None)
            if hypothesis.is_hypothesis_test(test):
                given = test._hypothesis_internal_use_settings
                test._hypothesis_internal_use_settings = hypothesis.settings(
                    given, max_examples=min(given.max_examples, EXAMPLES)
                )

    def place(self, name: str) -> tuple[bool, float]:
        early = name in self.lines or name.startswith(CASES)
        return not early, self.seconds.get(name, 0.0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration


def run(copy: Path, order: Order, tests: Iterable[str], *more: str) -> int:
    """Run tests in a copy, in this process."""
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    quiet = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
    quiet += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # Hypothesis is here before pytest
    return int(pytest.main([*quiet, *more, *tests], plugins=[order]))


def unnoticed(copy: Path, lines: set[str], seconds: dict[str, float]) -> bool:
    """Whether all tests pass in a copy, given those that run the changed line."""
    lines = lines & set(seconds)
    near = set(sorted(lines, key=seconds.__getitem__)[:NEAR])
    rest = {name for name in seconds if len(lines) < NEAR or name in lines or name.startswith(CASES)} - near

    def all_pass(tests: set[str]) -> bool:
        files = sorted({name.partition("::")[0] for name in tests})
        order = Order(tests.__contains__, lines, seconds)
        return not tests or in_a_fork(lambda: run(copy, order, files))

    return all_pass(near) and all_pass(rest)


def in_a_fork(work: Callable[[], int]) -> bool:
    """Whether some work ends in time, with 0, in a process of its own."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    code = 1
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
        code = work()
    finally:
        os._exit(code)


def measured(copy: Path) -> tuple[coverage.CoverageData, dict[str, float]]:
    """Lines and seconds of each test."""

    def work() -> int:
        order = Order(lambda name: True, set(), {})
        (copy / "coveragerc").write_text("[run]\nbranch = false", encoding="utf-8")
        cover = ("--cov=guidelines", "--cov-context=test", "--cov-report=", "--cov-config=coveragerc")
        code = run(copy, order, TESTS, *cover)
        lines = (f"{seconds} {name}" for name, seconds in order.seconds.items())
        (copy / "seconds").write_text("\n".join(lines), encoding="utf-8")
        return code

    if not in_a_fork(work):
        sys.exit("the tests fail without any change; run: make test-fast")
    lines = (copy / "seconds").read_text(encoding="utf-8").split("\n")
    seconds = {name: float(number) for number, name in (line.split(" ", 1) for line in lines)}
    data = coverage.CoverageData(str(copy / ".coverage"))
    data.read()
    return data, seconds


def main() -> None:
    """Try a random sample, and name the changes nobody noticed."""
    number, seed = (int(given) for given in (*sys.argv[1:3], *("160", "1")[len(sys.argv) - 1 :]))
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "guidelines").rglob("*.py"))}
    possible = [(path, place) for path, text in texts.items() for place in places(ast.parse(text))]
    survived = passed_over = 0
    with TemporaryDirectory() as folder:
        copy = Path(folder).resolve()
        for part in PARTS:
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, copy / part)
        data, seconds = measured(copy)
        sys.dont_write_bytecode = True
        print(f"{number} of {len(possible)} possible changes", flush=True)
        for path, place in random.Random(seed).sample(possible, number):
            name, began = str(path.relative_to(ROOT)), monotonic()
            line, there, text = changed(texts[path], place)
            if reason := equivalent(name, texts[path].splitlines()[line - 1], there):
                passed_over += 1
                print(f"EQUIVALENT {name}:{line}: {there}: {reason}", flush=True)
                continue
            contexts = data.contexts_by_lineno(str(copy / name)).get(line, [])
            kept = (copy / name).rename(copy / "kept")
            (copy / name).write_text(text, encoding="utf-8")
            left = unnoticed(copy, {context.rpartition("|")[0] for context in contexts}, seconds)
            kept.replace(copy / name)
            survived += left
            told = f"{'SURVIVED' if left else 'noticed'} {name}:{line}: {there}"
            print(f"{told} ({monotonic() - began:.0f} s, {len(contexts)} tests run it)", flush=True)
    noticed = number - survived - passed_over
    print(
        f"{noticed} of {number} changes were noticed ({100 * noticed / number:.0f} percent), "
        f"{100 * noticed / (number - passed_over):.0f} percent of those that change an answer"
    )


if __name__ == "__main__":
    main()
