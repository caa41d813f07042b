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
# # What happened on 1 November 2015?
#
# In April 2014 the Sentencing Commission took two levels off most drug-trafficking offenses (Amendment
# 782); in July it let people already in prison ask for the shorter term (Amendment 788), with one
# condition: no order was to take effect before 1 November 2015. That day was a Sunday, and over the weekend
# around it some six thousand people walked out of federal prisons. This notebook asks what the law and the
# published statistics, put together, say should have happened.

# %%
import os

import sim
from sim import plots

WORLDS = int(os.environ.get("MINUSTWO_WORLDS", "16"))  # plausible worlds; fewer are quicker

result = sim.run(sim.Scenario.load("drugs-minus-two"), seed=1, worlds=WORLDS)
result

# %% [markdown]
# ## The step
#
# Judges decided motions for a year before any order took effect, so everybody whose reduced term had ended
# by then was to leave on the same day. That makes a step, and afterwards people leave a little earlier than
# they would have.

# %%
plots.show(result, "releases_by_month")

# %% [markdown]
# The step is the whole month of November: those who leave on the first day, those whose shorter term ends
# later in the month, and those whose term would have ended in November anyway.

# %%
november = result.releases_by_month.query("month == '2015-11' and drug == 'all'").set_index("quantity")
november.loc[["releases_with", "releases_without"], ["value", "low_90", "high_90"]].round(0)

# %% [markdown]
# ## Against what was published
#
# The headline holds each quantity beside the figure that was published, if one was. Rows whose role is
# *check* were never used to make the people, so they can fail; the last column says which ones do.

# %%
published = result.headline[result.headline["role"] == "check"]
published[["label", "unit", "value", "low_90", "high_90", "published", "in_published_band"]].round(2)

# %%
missed = published.loc[~published["in_published_band"], "label"]
print(f"Within our tolerance: {len(published) - len(missed)} of {len(published)}.")
print("Outside:", "; ".join(missed) or "none")

# %% [markdown]
# What is outside, and what may explain it, is discussed on the method page of the documentation.
#
# ## Eight years instead of ten
#
# The people of the first wave had served most of their terms. The table gives the mean term that had been
# imposed, what they had served on the day, and what they would have served without the amendment.

# %%
wave = ["wave_mean_term_years", "wave_mean_served_years", "wave_mean_served_without_years"]
result.headline.loc[wave, ["label", "value", "low_90", "high_90"]].round(1)

# %%
plots.show(result, "time_served")

# %% [markdown]
# ## Where they went
#
# Most did not step from a prison gate onto the street: they had been moved to a halfway house before, or
# were handed to the immigration authorities.

# %%
routes = result.outcomes.query("quantity == 'first_wave_route'").set_index("group")
routes[["value", "low_90", "high_90", "source"]].round(0)

# %% [markdown]
# ## Fewer people inside

# %%
plots.show(result, "in_custody")
