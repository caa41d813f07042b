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
# # How sure are we?
#
# A forecast without an interval is a guess with decimals. Here one holds nine in ten *plausible worlds*: in
# each, the numbers that nobody has published (how people's facts hang together, how far courts differ, how
# long a motion takes) have other values that the published figures allow.

# %%
import os

import sim
from sim import plots

WORLDS = int(os.environ.get("MINUSTWO_WORLDS", "16"))  # plausible worlds; fewer are quicker
ONE_IN = int(os.environ.get("MINUSTWO_ONE_IN", "8"))  # of how many people one is made, where many stocks are

result = sim.run(sim.Scenario.load("drugs-minus-two"), seed=1, worlds=WORLDS)

# %% [markdown]
# ## Where the width comes from
#
# For each quantity, the share of the variance by source: single decisions of judges (draws), differences
# between districts, who happens to be inside (people), and the numbers that nobody has published
# (parameters). What the law decides has no judges in it.

# %%
asked = ["eligible", "mean_cut_months", "released_first_wave", "bed_years_saved"]
table = result.uncertainty.loc[asked]
table.index = [result.headline.loc[name, "label"] for name in table.index]
table.astype(float).round(3)

# %% [markdown]
# Luck in single decisions all but vanishes in sums over tens of thousands of people. What counts is what is
# not known about all of them at once.
#
# ## The worlds one by one

# %%
result.worlds[asked].describe().loc[["count", "mean", "std", "min", "max"]].astype(float).round(1)

# %% [markdown]
# ## The scorecard
#
# The picture holds the forecast against the published figures. A cross outside the grey is a miss, and
# a miss stays visible. Some figures were fed in or fitted; only those marked as checks say how good the
# model is.

# %%
plots.show(result, "scorecard")

# %% [markdown]
# A target may hold several numbers; it is met if each lies in its tolerance. Those of the analysis without
# delay, of new sentences and of destinations come on top in `minustwo scorecard`.

# %%
held = result.headline[result.headline["role"].isin(["input", "calibrate", "check"])]
targets = held.groupby("target").agg(role=("role", "first"), met=("in_published_band", "all"))
targets.groupby("role")["met"].agg(["sum", "size"]).rename(columns={"sum": "met", "size": "of"})

# %%
missed = held[(held["role"] == "check") & ~held["in_published_band"]]
missed[["label", "unit", "value", "low_90", "high_90", "published_low", "published_high"]].round(2)

# %% [markdown]
# ## Which assumption matters
#
# Each assumption alone, at its least and at its largest plausible value. To be quick, only one person in
# eight is made here, which leaves more to luck (the grey); `minustwo sensitivity` makes them all.

# %%
moved = sim.one_at_a_time(sim.Scenario.load("drugs-minus-two"), thin=ONE_IN)
plots.show(moved, "tornado_bed_years_saved")

# %% [markdown]
# ## What no interval contains
#
# An interval holds what was varied. These lines were taken for granted in every world.

# %%
for line in result.assumed:
    print("-", line)

# %% [markdown]
# ## Another seed
#
# The seed decides who exactly the synthetic people are. A result that hangs on it would be worthless.

# %%
again = sim.run(sim.Scenario.load("drugs-minus-two"), seed=2, worlds=0)
for name in asked:
    print(f"{result[name]['label']:<30}{result[name]['value']:>12,.1f}{again[name]['value']:>12,.1f}")
