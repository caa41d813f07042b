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
# # What did the year's delay cost?
#
# The Commission made the amendment retroactive from 1 November 2014 but let no order take effect for a
# year, so that courts and probation officers could prepare. People whose shorter term had ended in that
# year stayed inside until its end; many left on their old date and gained nothing. The scenario `no-delay`
# is the same law without that condition.

# %%
import os

import sim
from sim import plots

WORLDS = int(os.environ.get("MINUSTWO_WORLDS", "16"))  # plausible worlds; fewer are quicker

law = sim.run(sim.Scenario.load("drugs-minus-two"), seed=1, worlds=WORLDS)
no_delay = sim.run(sim.Scenario.load("no-delay"), seed=1, worlds=WORLDS)

# %% [markdown]
# Both runs draw the same people, the same judges and the same plausible worlds, so a difference between
# them is one of rules and not of luck. The intervals below are intervals of the difference.

# %%
both = sim.compare([law, no_delay])
asked = ["eligible", "eligible_day_one", "bed_years_if_all_granted", "bed_years_saved"]
totals = both.totals.set_index("quantity")
totals.loc[asked, ["label", "unit", "first", "other", "difference", "low_90", "high_90"]].round(0)

# %% [markdown]
# The first line counts people for whom the delay was everything: without it they would have been eligible,
# with it their old release date came first. The last line is what the delay cost all of them together, in
# years behind bars.

# %%
plots.show(both, "difference_in_custody")

# %% [markdown]
# ## In money
#
# The average cost of a year in federal prison is published; it contains walls and staff that stay when a
# bed is empty, so the amount is an upper bound.

# %%
cost = {}
for result in (law, no_delay):
    rows = result.outcomes.query("quantity == 'cost_saved_average'")
    already = rows[rows["group"].str.contains("already sentenced")].iloc[0]
    cost[result.scenario.name], unit = already["value"], already["unit"]
print({name: round(value) for name, value in cost.items()}, unit)
print(f"the delay: {cost['no-delay'] - cost['drugs-minus-two']:.0f} {unit}")

# %% [markdown]
# ## What the delay bought
#
# Not nothing: without it the courts could not have decided the motions of those who were due at once. The
# model makes this visible in the first months, where people wait for the decision instead of for the date.

# %%
plots.show(no_delay, "releases_by_month")
