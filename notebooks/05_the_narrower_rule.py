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
# # What if the Justice Department's rule had been adopted?
#
# In June 2014 the Justice Department asked the Commission for a narrower rule: only Criminal History
# Categories I and II, and nobody with a weapon, violence, an aggravating role or obstruction of justice.
# The Commission did not follow. The rule is a scenario of a few lines.

# %%
import os

import guidelines
import sim
from sim import plots

WORLDS = int(os.environ.get("MINUSTWO_WORLDS", "16"))  # plausible worlds; fewer are quicker

narrower = sim.Scenario.load("justice-department-rule")
print(narrower.text)

# %%
law = sim.run(sim.Scenario.load("drugs-minus-two"), seed=1, worlds=WORLDS)
rule = sim.run(narrower, seed=1, worlds=WORLDS)
both = sim.compare([law, rule])
asked = ["eligible", "mean_cut_months", "released_first_wave", "bed_years_saved"]
totals = both.totals.set_index("quantity")
totals.loc[asked, ["label", "unit", "first", "other", "difference", "low_90", "high_90"]].round(1)

# %%
share = rule["eligible"]["value"] / law["eligible"]["value"]
print(f"The narrower rule keeps {share:.0%} of those whom the law made eligible.")

# %% [markdown]
# Each condition is a row among the published statistics, with its source.

# %%
for row in guidelines.reference("exante_impact"):
    if "Justice Department" in row["metric"]:
        print(f"{row['id']}  {row['subgroup']:<48} {row['source']}")

# %% [markdown]
# ## Which condition does it
#
# Each condition closes the door on somebody. The waterfall counts everybody once, at the first reason.

# %%
plots.show(rule, "eligibility_waterfall")

# %% [markdown]
# ## Who would have been left out
#
# The conditions do not fall on all alike. The table gives eligible people under both rules.

# %%
groups = both.by_group.query("quantity == 'eligible' and dimension in ['race', 'citizenship', 'drug']")
groups = groups.assign(kept=groups["other"] / groups["first"])
groups.set_index(["dimension", "group"])[["first", "other", "kept"]].astype(float).round(2)

# %%
plots.show(both, "difference_in_custody")

# %% [markdown]
# The same from the command line, in one line: `minustwo compare drugs-minus-two justice-department-rule`.
