"""One law, two speeds: the compiled table against the readable rules, on every cell and at every edge."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import LIFE, Amendment, Manual, Rules, amended_worksheet, reduction, worksheet
from guidelines import compiled as module
from guidelines.compiled import COLUMNS, ROLES, StatuteClass, compile_ranges
from guidelines.errors import ImpossibleValue

STATUTES = (
    StatuteClass(),
    StatuteClass(60, 480),
    StatuteClass(120),
    StatuteClass(0, 240),
    StatuteClass(120, LIFE, True),
)
FEW = (-4, 6)
OLD = Manual.on("2013-11-01")


def slow(columns, statutes, manual, amendment, **more):
    """The readable rules on the columns of the fast path."""
    drug, quantity, adjustment, category, statute, role = columns
    adjustments = np.array(ROLES)[role]
    kinds = [
        np.array([getattr(s, name) for s in statutes])[statute] for name in StatuteClass.__dataclass_fields__
    ]
    facts = {
        "drug": drug.astype(int),
        "quantity": quantity,
        "mitigating_role": adjustments,
        "chapter_three_levels": adjustment.astype(int) - adjustments,
        "criminal_history_category": category,
        "statutory_minimum_months": kinds[0],
        "statutory_maximum_months": kinds[1],
        "substantial_assistance": kinds[2],
        "imposed_term_months": LIFE,
        **more,
    }
    before = worksheet(facts, manual)
    cut = reduction(before, amended_worksheet(before, amendment), amendment)
    months = [before[f"guideline_range_{end}_months"] for end in ("minimum", "maximum")]
    months += [cut[f"amended_range_{end}_months"] for end in ("minimum", "maximum")]
    return np.stack(months, axis=-1), cut["code"]


def edges(manual, amendment):
    """Every cut point of every drug before and after, the floats beside it, and the extremes."""
    new = manual.with_amendments(amendment)
    drugs, quantities = [], []
    for name in manual.listed_drugs:
        index = manual.drugs.index(name)
        cuts = np.unique(np.concatenate([manual.quantity_cuts[index], new.quantity_cuts[index]]))
        cuts = cuts[np.isfinite(cuts)]
        around = np.unique(np.concatenate([cuts, np.nextafter(cuts[1:], 0), np.nextafter(cuts, np.inf)]))
        around = np.concatenate([around, [5e-324, 1e-12, 1e12, np.finfo(float).max, -0.0]])
        drugs.append(np.full(len(around), index))
        quantities.append(around)
    return np.concatenate(drugs).astype(np.uint8), np.concatenate(quantities)


@pytest.mark.parametrize(
    ("day", "amendment"),
    [
        ("2013-11-01", "782"),
        ("2009-11-01", "750"),
        ("2013-11-01", Amendment.from_toml('number = "minus-three"\nlike = "782"\nlevels = -3')),
    ],
    ids=["782", "750", "minus-three"],
)
def test_every_edge_of_every_drug_in_every_role_and_category(day, amendment):
    manual = Manual.on(day)
    drug, quantity = edges(manual, amendment)
    table = compile_ranges(manual, amendment, STATUTES, adjustments=FEW)
    grid = np.indices((len(drug), len(ROLES), 6, len(STATUTES))).reshape(4, -1)
    adjustment = (FEW[0] + grid[0] % (FEW[1] - FEW[0] + 1)).astype(np.int8)
    columns = (
        drug[grid[0]],
        quantity[grid[0]],
        adjustment,
        (grid[2] + 1).astype(np.uint8),
        grid[3].astype(np.uint8),
        grid[1].astype(np.uint8),
    )
    codes = np.empty(len(adjustment), dtype=np.int8)
    got = table.lookup(*columns, codes=codes)
    months, expected = slow(columns, STATUTES, manual, amendment)
    np.testing.assert_array_equal(got, months)
    np.testing.assert_array_equal(codes, expected)


def test_every_cell_of_the_table():
    table = compile_ranges(OLD, "782", STATUTES)
    shape = table.codes.shape
    assert table.outcomes.shape == (*shape, len(COLUMNS))
    assert shape[0] == table.bands.count
    step, level, category, statute = (axis.ravel() for axis in np.indices(shape))
    columns = (
        table.bands.sample_drug[step].astype(np.uint8),
        table.bands.sample_quantity[step],
        (level + table.adjustments[0]).astype(np.int8),
        (category + 1).astype(np.uint8),
        statute.astype(np.uint8),
        table.bands.sample_role[step].astype(np.uint8),
    )
    months, codes = slow(columns, STATUTES, OLD, "782")
    np.testing.assert_array_equal(table.lookup(*columns), months)
    np.testing.assert_array_equal(table.codes.ravel(), codes)


def some(people, seed=7):
    draw = np.random.default_rng(seed)
    return (
        draw.integers(0, 20, people).astype(np.uint8),
        10 ** draw.uniform(-3, 7, people),
        draw.integers(FEW[0], FEW[1] + 1, people).astype(np.int8),
        draw.integers(1, 7, people).astype(np.uint8),
        draw.integers(0, len(STATUTES), people).astype(np.uint8),
        draw.integers(0, len(ROLES), people).astype(np.uint8),
    )


@pytest.mark.parametrize("chunk", [1, 7, 100, 1_000, 10_000])
def test_the_size_of_the_chunks_changes_nothing(monkeypatch, chunk):
    table = compile_ranges(OLD, "782", STATUTES, adjustments=FEW)
    columns = some(1_000)
    whole = table.lookup(*columns)
    monkeypatch.setattr(module, "CHUNK", chunk)
    np.testing.assert_array_equal(table.lookup(*columns), whole)


def test_without_roles_nobody_has_one():
    table = compile_ranges(OLD, "782", STATUTES, adjustments=FEW)
    columns = some(500)
    nobody = (*columns[:5], np.zeros(500, dtype=np.uint8))
    np.testing.assert_array_equal(table.lookup(*columns[:5]), table.lookup(*nobody))


def test_out_is_written_in_place_and_nobody_is_no_error():
    table = compile_ranges(OLD, "782", STATUTES, adjustments=FEW)
    columns = some(40)
    out = np.empty((40, 4), dtype=np.int16)
    assert table.lookup(*columns, out=out) is out
    assert table.lookup(*some(0)).shape == (0, 4)
    assert repr(table).startswith("<CompiledRanges: ")


def test_rules_and_the_day_of_the_order_are_compiled_in():
    below = [
        np.array([value], kind) for value, kind in ((0, "u1"), (100.0, "f8"), (2, "i1"), (1, "u1"), (4, "u1"))
    ]
    codes = np.empty(1, dtype=np.int8)
    for day, rules, eligible in (
        ("2016-01-01", None, True),
        ("2018-06-04", None, False),
        ("2018-06-04", Rules(koons="never"), True),
    ):
        table = compile_ranges(OLD, "782", STATUTES, adjustments=FEW, order_effective_on=day, rules=rules)
        table.lookup(*below, codes=codes)
        assert (codes[0] <= 1) == eligible


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        (0, 200, "drug: row 3 is 200; 0 to 23"),
        (0, 23, "Converted Drug Weight has no rows in the Manual compiled from"),
        (1, np.nan, "quantity: row 3 is nan"),
        (1, np.inf, "quantity: row 3 is inf"),
        (1, -1.0, r"quantity: row 3 is -1\.0"),
        (2, -5, "adjustment: row 3 is -5; -4 to 6 is compiled"),
        (2, 7, "adjustment: row 3 is 7"),
        (3, 0, "category: row 3 is 0; 1 to 6"),
        (3, 7, "category: row 3 is 7"),
        (4, 5, "statute class: row 3 is 5; 0 to 4"),
        (5, 3, "role: row 3 is 3; 0 to 2"),
    ],
)
def test_what_was_not_compiled_is_refused(column, value, says):
    table = compile_ranges(OLD, "782", STATUTES, adjustments=FEW)
    columns = some(10)
    columns[column][3] = value
    with pytest.raises(ImpossibleValue, match=says):
        table.lookup(*columns)


def test_a_drug_that_lost_its_rows_is_refused_and_a_later_one_is_not():
    manual = Manual.on("2018-11-01")  # without hydrocodone, with converted drug weight
    table = compile_ranges(manual, Amendment("none"), STATUTES, adjustments=FEW)
    columns = some(10)
    columns[0][:] = manual.drugs.index("Converted Drug Weight")
    columns[1][:] = 100_000.0
    columns[2][:] = 0
    columns[3][:] = 1
    columns[4][:] = 0
    assert (table.lookup(*columns[:5]) == [51, 63, 51, 63]).all()
    columns[0][3] = manual.drugs.index("Schedule III Hydrocodone")
    with pytest.raises(ImpossibleValue, match="Schedule III Hydrocodone has no rows"):
        table.lookup(*columns)


def test_columns_of_another_type_or_length_are_refused():
    table = compile_ranges(OLD, "782", STATUTES, adjustments=FEW)
    drug, *others = some(10)
    with pytest.raises(ImpossibleValue, match=r"drug is int64 of shape \(10,\); uint8"):
        table.lookup(drug.astype(np.int64), *others)
    with pytest.raises(ImpossibleValue, match=r"drug is uint8 of shape \(9,\)"):
        table.lookup(drug[:9], *others)
    with pytest.raises(ImpossibleValue, match="out is int32"):
        table.lookup(drug, *others, out=np.empty((10, 4), dtype=np.int32))


def test_a_table_that_would_be_none():
    with pytest.raises(ImpossibleValue, match="0 statute classes"):
        compile_ranges(OLD, "782", ())
    with pytest.raises(ImpossibleValue, match="adjustments 5 to 4"):
        compile_ranges(OLD, "782", adjustments=(5, 4))


def test_cut_points_too_close_to_tell_apart_are_refused():
    rows = tuple(
        {
            "drug": "Heroin",
            "unit": "g",
            "at_least": cut,
            "base_offense_level": level,
            "certainty": "read",
            "source": "-",
        }
        for cut, level in (("0", "12"), ("100", "14"), ("100.5", "16"))
    )
    toy = OLD.amended([OLD.table("drug_quantity").replaced(rows)], "toy")
    with pytest.raises(ImpossibleValue, match="too close together"):
        compile_ranges(toy, Amendment("none"))
