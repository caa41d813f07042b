# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Who was left out?
#
# Less than half of the drug prisoners could ask. This notebook counts the others, by the first reason that
# closed the door, and looks at who they are.

# %%
import os

import pandas as pd

import sim
from sim import plots

WORLDS = int(os.environ.get("MINUSTWO_WORLDS", "16"))  # plausible worlds; fewer are quicker

result = sim.run(sim.Scenario.load("drugs-minus-two"), seed=1, worlds=WORLDS)
plots.show(result, "eligibility_waterfall")

# %% [markdown]
# Each person is counted once, at the first reason that applies, in the order of the policy statement's
# test. So a career offender with a term below the amended range stands under "career offender". The codes
# are the closed list of §1B1.10 in `guidelines.CODES`; the same code would stand in the answer of `minustwo
# case`.

# %%
reasons = result.eligibility_waterfall
reasons.assign(share=(reasons["persons"] / reasons["remaining"].iloc[0]).round(3))[
    ["code", "label", "persons", "share", "remaining"]
]

# %% [markdown]
# ## Are they those with short terms?
#
# Some doors close on long terms (the top of the quantity table, career offenders, mandatory minimums),
# others on short ones (terms already below the amended range, or nearly over). The two tables let you
# compare those left out with the eligible before and after the cut.

# %%
left_out = result.outcomes[result.outcomes["quantity"].str.startswith("left_out")]
left_out[["label", "unit", "value", "low_90", "high_90"]].round(1)

# %%
result.headline.loc[
    ["mean_term_before_months", "mean_term_after_months", "served_before_years", "served_after_years"],
    ["label", "unit", "value", "low_90", "high_90"],
].round(1)

# %% [markdown]
# ## By race and by drug
#
# The share that is eligible differs between groups because the facts differ: history, weapons, mandatory
# minimums, and the place in the quantity table.

# %%
groups = result.by_group.pivot_table(index=["dimension", "group"], columns="quantity", values="value")
groups["share eligible"] = groups["eligible"] / groups["persons"]
chosen = groups.loc[["race", "drug", "citizenship", "category"]]
chosen[["persons", "eligible", "share eligible", "mean_cut_months"]].astype(float).round(2)

# %% [markdown]
# ## One fact at a time
#
# Whom a mandatory minimum keeps out can be read off the people themselves: the share of the stock that is
# eligible, with and without one.

# %%
analysis = result.analysis
people = analysis.stock.people.assign(eligible=analysis.dates.eligible)
minimum = people["statutory_minimum_months"].clip(upper=240)
labels = ["none", "up to 5 years", "up to 10 years", "more"]
pd.DataFrame(
    {
        "people": people.groupby(pd.cut(minimum, [-1, 0, 60, 120, 240], labels=labels), observed=True).size(),
        "share eligible": people.groupby(
            pd.cut(minimum, [-1, 0, 60, 120, 240], labels=labels), observed=True
        )["eligible"].mean(),
    }
).round(2)
