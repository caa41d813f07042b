"""Earlier reductions as a list, and what a comparable reduction is a share of."""

from __future__ import annotations

import pytest

from guidelines import CaseAnswer, CaseError, analyze_case

HEROIN = {
    "sentenced_on": "2009-02-02", "total_offense_level": 34, "criminal_history_category": "III",
    "imposed_term_months": 188, "statutory_minimum_months": 0, "substantial_assistance": False,
}  # fmt: skip


def test_a_motion_under_rule_35b_carries_its_share_over():
    """188 at the bottom of 188-235, cut in half; half of 151 is 75.5."""
    answer = analyze_case(
        {**HEROIN, "earlier_reductions": [{"amendment": "35(b)", "on": "2011-05-02", "term_months": 94}]}
    )
    assert answer["code"] == "eligible_substantial_assistance"
    assert (answer["comparable_term_months"], answer["floor_months"]) == (75.5, 76)
    assert answer["reduction_months"] == 94 - 76


def test_an_earlier_amendment_stays_applied_and_gives_no_share():
    """Crack, 200 g, 2009: 32 and then 28 under 750; 26 with 782. The present term is what 750 left."""
    record = {
        "sentenced_on": "2009-02-02", "drugs": [{"drug": "crack", "quantity": 200, "unit": "g"}],
        "acceptance": -3, "criminal_history_category": "III", "imposed_term_months": 135,
        "statutory_minimum_months": 0, "substantial_assistance": False,
    }  # fmt: skip
    before = analyze_case(record)
    after = analyze_case(
        {**record, "earlier_reductions": [{"amendment": 750, "on": "2012-03-01", "term_months": 87}]}
    )
    assert after["amended"] == before["amended"] and after["floor_months"] == before["floor_months"]
    assert after["reduction_months"] == before["reduction_months"] - (135 - 87)
    assert after["comparable_term_months"] is None


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ([{"amendment": 750, "term_months": 200}], "200 months given after 188; a shorter term"),
        ([{"amendment": 750}], "term_months None given"),
        ([{"amendmnt": 750, "term_months": 150}], "did you mean amendment"),
        ([750], "750 given; {amendment, on, term_months, term_days}"),
        (
            [{"amendment": 750, "on": "2014-01-01", "term_months": 150},
             {"amendment": "35(b)", "on": "2012-01-01", "term_months": 120}],
            "the order in which they were made",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(made, says):
    with pytest.raises(CaseError, match=says.replace("(", r"\(").replace("{", r"\{")):
        analyze_case({**HEROIN, "earlier_reductions": made})


def test_a_comparable_reduction_over_the_whole_term():
    """54 of 108-135 with 60 consecutive: half of 87, or 114/168 of 147 less the 60 that stay."""
    record = {
        "total_offense_level": 31, "criminal_history_category": "I", "substantial_assistance": True,
        "imposed_term_months": 54, "consecutive_term_months": 60, "statutory_minimum_months": 0,
    }  # fmt: skip
    answer = analyze_case(record)
    assert (answer["comparable_term_months"], answer["floor_months"]) == (43.5, 44)
    assert answer["total_term_months"] == {"imposed": 114, "lowest": 104, "consecutive": 60}
    whole = analyze_case({**record, "rules": {"comparable_over": "whole_term"}})
    assert whole["comparable_term_months"] == pytest.approx(114 / 168 * 147 - 60)
    assert whole["floor_months"] == 40


def test_the_type_names_every_key():
    assert set(analyze_case(HEROIN)) == set(CaseAnswer.__annotations__)
