"""Amendments as data: the listed ones, hypothetical ones, and R3: nothing else changes."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines import (
    Amendment,
    CaseError,
    Manual,
    amended_worksheet,
    analyze_case,
    guideline_range,
    tables,
    worksheet,
)
from guidelines.amendments import CHANGE_FIELDS, FIELDS, encoded
from guidelines.amendments.amending import KEYS, LIMITS
from guidelines.errors import AmendmentDoesNotApply, GuidelineError, ImpossibleValue, UnknownAmendment
from guidelines.s2d1_1_drug_quantity import quantity_base_level
from guidelines.s2d1_1_equivalency import combined_base_level
from guidelines.s2d1_1_units import own_quantity
from guidelines.s3_adjustments import acceptance_of_responsibility

OLD = Manual.on("2013-11-01")
MINUS = 'number = "minus"\nlike = "782"\nlevels = {levels}'
RATIO = """
number = "powder"
like = "782"
[[change]]
table = "drug_quantity"
kind = "thresholds"
drug = "crack"
thresholds_of = "cocaine"
"""


def bands(manual):
    return {
        (row["drug"], row["at_least"]): int(row["base_offense_level"])
        for row in manual.table("drug_quantity")
    }


@pytest.mark.parametrize(
    ("number", "listed", "order"),
    [
        ("706", "2008-03-03", "2008-03-03"),
        ("715", "2008-05-01", "2008-05-01"),
        ("750", "2011-11-01", "2011-11-01"),
        ("782", "2014-11-01", "2015-11-01"),
        ("821A", "2023-11-01", "2024-02-01"),
        ("821B", "2023-11-01", "2024-02-01"),
    ],
)
def test_dates_and_limits(number, listed, order):
    amendment = Amendment.load(number)
    assert amendment.listed
    assert (amendment.retroactive_from, amendment.order_effective_from) == (listed, order)
    assert amendment.source


def test_every_encoded_amendment_is_listed_and_the_files_say_where_they_come_from():
    listed = set(tables.law("retroactive_amendments", "2023-11-01").column("amendment"))
    assert set(encoded()) <= listed
    assert encoded() == (
        "126", "130", "499", "505", "516", "706", "715", "750", "782", "821A", "821B",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "number", "after", "drugs"),
    [
        ("2006-11-01", "706", "2007-11-01", ["Cocaine Base"]),
        ("2009-11-01", "750", "2010-11-01", None),
        ("2010-11-01", "782", "2014-11-01", None),
    ],
)
def test_an_amendment_turns_its_edition_into_the_next(before, number, after, drugs):
    amended, target = bands(Manual.on(before).with_amendments(number)), bands(Manual.on(after))
    if drugs:
        amended = {key: level for key, level in amended.items() if key[0] in drugs}
        target = {key: level for key, level in target.items() if key[0] in drugs}
    assert amended == target


def test_only_what_the_amendment_lists_changes():
    new = OLD.with_amendments("782")
    for name in OLD.editions:
        same = OLD.table(name).rows == new.table(name).rows
        assert same == (name not in ("drug_quantity", "drug_equivalency_limits")), name
    status = OLD.with_amendments("821A")
    changed = [name for name in OLD.editions if OLD.table(name).rows != status.table(name).rows]
    assert changed == ["criminal_history_points"]
    assert not OLD.has("zero_point_offender")
    assert OLD.with_amendments("821B").has("zero_point_offender")


def test_older_editions_are_brought_forward_first():
    new = Manual.on("2007-12-01").with_amendments("782")
    assert new.amendments == ("715", "750", "782")
    crack = new.drugs.index("Cocaine Base")
    np.testing.assert_array_equal(new.quantity_cuts[crack], Manual.on("2014-11-01").quantity_cuts[crack])
    assert Manual.on("2006-11-01").with_amendments("782").amendments == ("706", "715", "750", "782")


def test_what_an_edition_already_holds_is_not_put_in_twice():
    held = Manual.on("2014-11-01")
    assert bands(held.with_amendments("782")) == bands(held)
    assert OLD.with_amendments("782", "782").amendments == ("782",)
    assert OLD.with_amendments("782") is OLD.with_amendments("782")


def test_a_manual_with_the_same_changes_is_made_once_and_other_changes_are_not_mixed_up():
    one, three = (Amendment.from_toml(MINUS.format(levels=levels)) for levels in (-1, -3))
    assert OLD.with_amendments(one) is OLD.with_amendments(one.but(order_effective_from="2020-01-01"))
    assert bands(OLD.with_amendments(one)) != bands(OLD.with_amendments(three))


def test_an_amendment_is_in_every_later_manual_though_its_rows_were_changed_again():
    for number, on in (("750", "2014-11-01"), ("706", "2010-11-01"), ("505", "2018-11-01")):
        held = Manual.on(on)
        assert bands(held.with_amendments(number)) == bands(held)


def test_an_amendment_whose_rows_do_not_stand_is_refused():
    early = Amendment.from_toml(
        'number = "early"\n[[change]]\ntable = "drug_quantity"\nkind = "edition"\n'
        'from_edition = "2009-11-01"\nto_edition = "2010-11-01"\nkeys = ["Cocaine Base"]'
    )
    with pytest.raises(
        AmendmentDoesNotApply, match=r"2014-11-01: Cocaine Base is not as in 2009-11-01, .* amendment early"
    ):
        Manual.on("2014-11-01").with_amendments(early)


def test_minus_two_by_numbers_is_782():
    assert bands(OLD.with_amendments(Amendment.from_toml(MINUS.format(levels=-2)))) == bands(
        OLD.with_amendments("782")
    )


@pytest.mark.parametrize("levels", [0, -1, -3, -5])
def test_minus_n_lowers_exactly_the_cells_that_782_lowered(levels):
    new = OLD.with_amendments(Amendment.from_toml(MINUS.format(levels=levels)))
    model = OLD.with_amendments("782")
    for drug in OLD.listed_drugs:
        index = OLD.drugs.index(drug)
        cuts = np.unique(np.concatenate([m.quantity_cuts[index] for m in (OLD, model, new)]))
        cuts = cuts[np.isfinite(cuts)]
        was, as_782, now = (quantity_base_level(index, cuts, m) for m in (OLD, model, new))
        expected = np.where(as_782 < was, np.maximum(was + levels, was.min()), was)
        np.testing.assert_array_equal(now, expected, err_msg=drug)


def test_crack_at_the_powder_ratio():
    new = OLD.with_amendments(Amendment.from_toml(RATIO))
    quantities = [0, 28, 280, 500, 5_000, 200_000]
    np.testing.assert_array_equal(
        quantity_base_level("crack", quantities, new), quantity_base_level("cocaine", quantities, OLD)
    )
    assert quantity_base_level("heroin", 1_000, new) == 32
    on_top = OLD.with_amendments("782", Amendment.from_toml(RATIO))
    assert quantity_base_level("crack", 5_000, on_top) == 30


def test_another_effective_date():
    early = Amendment.from_toml('number = "no-delay"\nlike = "782"\norder_effective_from = 2014-11-01')
    assert early.order_effective_from == "2014-11-01"
    assert early.changes == Amendment.load("782").changes
    assert Amendment.load("782").but(order_effective_from="2016-01-01").order_effective_from == "2016-01-01"


def test_some_drugs_only():
    text = (
        'number = "x"\n[[change]]\ntable = "drug_quantity"\nkind = "lower"\n'
        'like = "782"\nlevels = -4\ndrugs = ["Heroin"]'
    )
    new = OLD.with_amendments(Amendment.from_toml(text))
    assert quantity_base_level(["heroin", "cocaine"], [1_000, 5_000], new).tolist() == [28, 32]
    assert not Amendment.from_toml(text).listed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("number = ", "not valid TOML"),
        ('numer = "x"', "unknown key 'numer'; did you mean number"),
        ('like = "782"', "number is missing"),
        ('number = "x"\nlevels = -1', "levels needs like"),
        ('number = "x"\nlike = "782"\nlevels = 1', "whole number of zero or less"),
        ('number = "x"\nlike = "782"\nlevels = -1.5', "whole number of zero or less"),
        ('number = "x"\n[[change]]\nkind = "lowr"', "did you mean lower"),
        ('number = "x"\n[[change]]\nkind = "add"\ntable = "t"', "edition is missing"),
        ('number = "x"\n[[change]]\nkind = "add"\ntabel = "t"', "unknown key 'tabel'; did you mean table"),
        (
            'number = "x"\nlike = "782"\nlevels = -1\n[[change]]\nkind = "add"\ntable = "t"\nedition = "e"',
            "not both",
        ),
        ('number = "x"\nlike = "782"\neffective_from = "soon"', "not a date"),
    ],
)
def test_bad_amendments(text, says):
    with pytest.raises(ImpossibleValue, match=says):
        Amendment.from_toml(text)


def test_unknown_and_unlisted_numbers():
    assert not Amendment.load("794").listed
    assert not Amendment.load(794).changes
    for number, why in (
        ("657", "the weight of the actual oxycodone must be found"),
        ("506", "LaBonte, 520 U.S. 751 .1997., held it invalid"),
        ("379", "changes 2S1.3, which no drug case meets"),
        ("484", "a court must find the weight"),
    ):
        with pytest.raises(UnknownAmendment, match=f"amendment {number}: .*{why}"):
            Amendment.load(number)
        assert Amendment.described(number).listed
    with pytest.raises(UnknownAmendment, match=r"unknown amendment .821X.; did you mean 821"):
        Amendment.load("821X")
    with pytest.raises(GuidelineError, match="unknown drug 'tea'"):
        OLD.with_amendments(Amendment.from_toml(RATIO.replace('"crack"', '"tea"')))


@pytest.mark.parametrize(
    ("number", "level"),
    [("505", 38), ("706", 38), ("750", 38), ("782", 36)],
    ids=["505", "706", "750", "782"],
)
def test_twenty_kilograms_of_crack_in_1990(number, level):
    """42 when sentenced; 505 ends the table at 38, which 706 and 750 leave and 782 lowers."""
    before = worksheet(
        {"drug": "crack", "quantity": 20_000.0, "imposed_term_months": 360}, Manual.on("1990-06-01")
    )
    assert before["base_offense_level"].tolist() == [42]
    assert amended_worksheet(before, number)["base_offense_level"].tolist() == [level]


@pytest.mark.parametrize(
    ("number", "drug", "unit", "quantity", "on", "before", "after"),
    [
        ("516", "marijuana", "plants", 100, "1994-06-01", 26, 16),  # 1 kg a plant from 50 on, then 100 g
        ("516", "marijuana", "plants", 49, "1994-06-01", 12, 12),
        ("499", "Phenylcyclohexamine (PCE)", "g", 100, "1993-01-01", 28, 26),  # 579 kg, then 100 kg
        ("126", "Alpha-Methylfentanyl", "g", 100, "1988-06-01", 36, 32),  # 10,000 kg, then 1,000 kg
        ("130", "Paregoric", "g", 10_000, "1988-06-01", 18, 12),  # 20 kg, then 2.5 kg
    ],
)
def test_early_amendments_of_conversions(number, drug, unit, quantity, on, before, after):
    manual = Manual.on(on)
    name, amount = own_quantity(drug, quantity, unit, manual)
    levels = [
        int(combined_base_level([[name]], [[amount]], edition)[0])
        for edition in (manual, manual.with_amendments(number))
    ]
    assert levels == [before, after]


def test_a_drug_whose_rows_an_amendment_did_not_find_is_refused_alone():
    """Methamphetamine before 1997 had other quantities than those that 782 lowered; heroin had not."""
    manual = Manual.on("1990-06-01").with_amendments("782")
    assert int(quantity_base_level("heroin", 700, manual)) == 28
    with pytest.raises(AmendmentDoesNotApply, match="Methamphetamine is not as in 2010-11-01"):
        quantity_base_level("methamphetamine", 700, manual)


@pytest.mark.parametrize(
    ("day", "numbers"),
    [
        ("1989-11-01", {"126", "130", "156", "176", "269"}),
        ("1995-11-01", {"505", "516"}),
        ("2007-11-01", {"657", "702"}),
    ],
)
def test_the_list_grew_by_its_dates(day, numbers):
    """The list printed in Amendment 712 is that of November 2007."""
    listed = set(tables.law("retroactive_amendments", day).column("amendment"))
    assert numbers <= listed
    of_2007 = {
        "126", "130", "156", "176", "269", "329", "341", "371", "379", "380", "433", "454", "461", "484",
        "488", "490", "499", "505", "506", "516", "591", "599", "606", "657", "702",
    }  # fmt: skip
    assert (listed == of_2007) is (day == "2007-11-01")


@pytest.mark.parametrize(
    ("on", "acceptance", "taken"), [("1990-06-01", -2, -2), ("1993-06-01", -3, -3), ("2004-06-01", -3, -3)]
)
def test_acceptance_by_its_dates(on, acceptance, taken):
    assert int(acceptance_of_responsibility(30, acceptance, Manual.on(on))) == taken


def test_there_was_no_third_level_before_november_1992():
    with pytest.raises(ImpossibleValue, match="no third level yet"):
        acceptance_of_responsibility(30, -3, Manual.on("1992-10-31"))


@pytest.mark.parametrize(("on", "total"), [("1988-06-01", 34), ("1988-01-10", 34), ("1990-06-01", 32)])
def test_career_offenders_get_acceptance_from_november_1989(on, total):
    facts = {
        "base_offense_level": 20, "career_offender": True, "statutory_maximum_months": 300, "acceptance": -2,
        "imposed_term_months": 262,
    }  # fmt: skip
    assert int(worksheet(facts, Manual.on(on))["total_offense_level"][0]) == total


def test_depressants_and_schedule_three_share_a_line_until_1995():
    two = [["Schedule I or II Depressants", "Schedule III substances"]]
    assert int(combined_base_level(two, [[10_000, 10_000]], Manual.on("1990-06-01"))[0]) == 20
    assert int(combined_base_level(two, [[10_000, 0]], Manual.on("1990-06-01"))[0]) == 18


def test_a_cell_of_1987_that_could_not_be_verified_is_refused():
    with pytest.raises(ImpossibleValue, match="could not be verified"):
        guideline_range(2, 1, Manual.on("1988-01-01"))
    assert [int(m) for m in guideline_range(26, 1, Manual.on("1988-01-01"))] == [63, 78]


ODD = [None, True, 0, -1, 2.0, 10**30, "", "x", "782", "9999-01-01", "heroin", [], ["a"], [["a"]], {"a": 1}]
"""What no key of an amendment takes, or some do."""
RIGHT = {
    "table": [*KEYS, LIMITS], "kind": [*CHANGE_FIELDS], "from_edition": ["2010-11-01"],
    "edition": ["2014-11-01"], "to_edition": ["2014-11-01"], "like": ["782"], "levels": [-2, -(10**30)],
    "drug": ["Heroin"],
    "thresholds_of": ["Cocaine"], "rate_of": ["Cocaine"], "column": ["drug"], "values": [["Heroin"]],
    "keys": [["Heroin"], ["nobody"]], "drugs": [["heroin"], ["nobody"]], "builds_on": [["750"]],
}  # fmt: skip


@given(st.randoms(use_true_random=False))
def test_a_hypothetical_amendment_of_any_make_is_answered_or_refused(random):
    def value(key):
        return random.choice(RIGHT[key]) if key in RIGHT and random.random() < 0.8 else random.choice(ODD)

    def change():
        kind = random.choice([*CHANGE_FIELDS])
        return {key: value(key) for key in CHANGE_FIELDS[kind] if random.random() < 0.95} | {"kind": kind}

    asked = {"number": "x"} | {key: value(key) for key in random.sample(sorted(FIELDS), 1)}
    asked["change"] = [change() if random.random() < 0.9 else random.choice(ODD)]
    record = {"drugs": [{"drug": "heroin", "quantity": 1, "unit": "kg"}], "imposed_term_months": 140}
    record["sentenced_on"] = random.choice(["1990-01-01", "2005-03-01", "2012-03-01"])
    with suppress(CaseError):
        analyze_case({**record, "criminal_history_category": "II", "amendments": [asked]})


NEXT = {"table": "drug_quantity", "kind": "edition", "from_edition": "2010-11-01", "to_edition": "2014-11-01"}
LOWER = {"table": "drug_quantity", "kind": "lower", "like": "782", "levels": -1}


@pytest.mark.parametrize(
    "change, told",
    [
        ("a", "change"),
        ({**LOWER, "drugs": ["nobody"]}, "nobody"),
        ({**LOWER, "levels": False}, "levels False"),
        ({**LOWER, "table": "criminal_history_points"}, "drug_quantity is accepted"),
        ({**NEXT, "keys": ["herion"]}, "did you mean Heroin"),
    ],
)
def test_a_change_that_would_do_nothing_is_refused_and_named(change, told):
    with pytest.raises(GuidelineError, match=told):
        Manual.on("2013-11-01").with_amendments(Amendment.from_mapping({"number": "x", "change": [change]}))


def test_a_name_in_any_spelling_is_lowered():
    tables_of = [
        list(Manual.on("2013-11-01").with_amendments(asked).table("drug_quantity"))
        for asked in (
            Amendment.from_mapping({"number": "x", "change": [{**LOWER, "drugs": [name]}]})
            for name in ("Heroin", "heroin")
        )
    ]
    assert tables_of[0] == tables_of[1] != list(Manual.on("2013-11-01").table("drug_quantity"))
