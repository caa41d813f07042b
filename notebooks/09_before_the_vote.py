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
# # A proposed amendment before the vote
#
# Commissioners get a memorandum before they vote on making an amendment retroactive: whom it reaches, how far
# terms fall, when people leave, what courts have to do. Nobody outside can make one. Here an amendment that
# does not exist is put in: methamphetamine mixtures get the quantities of powder cocaine.

# %%
import os
from tempfile import TemporaryDirectory

import sim
from sim import plots

WORLDS = int(os.environ.get("MINUSTWO_WORLDS", "8"))  # plausible worlds behind the intervals

proposal = """
based_on = "drugs-minus-two"
name = "methamphetamine-as-cocaine"
title = "Methamphetamine with the quantities of powder cocaine"

[amendment]
name = "methamphetamine-as-cocaine"
like = "782"
change = [{kind = "thresholds", drug = "Methamphetamine", thresholds_of = "Cocaine"}]
"""
scenario = sim.Scenario.from_toml(proposal)
plots.show(sim.run(scenario, worlds=0), "drug_ladder")

# %% [markdown]
# ## The forecast
#
# One run makes the people, puts both Manuals and §1B1.10 through each of them, and asks the courts.

# %%
result = sim.run(scenario, seed=1, worlds=WORLDS)
asked = ["eligible", "mean_cut_months", "eligible_day_one", "released_first_wave", "bed_years_saved"]
result.headline.loc[asked, ["label", "unit", "value", "low_90", "high_90"]].round(1)

# %%
plots.show(result, "eligibility_waterfall")

# %% [markdown]
# ## The memorandum
#
# The same tables as a page that prints on ten pages, with every table as CSV. From the command line it is
# `minustwo memo proposal.toml --out memo`, which adds how the model fared on earlier amendments.

# %%
from pathlib import Path

from sim.output.memo import memo_files, write

files = memo_files(result, word=False)
with TemporaryDirectory() as folder:
    write(Path(folder) / "memo", files)
    written = sorted(path.name for path in (Path(folder) / "memo" / "tables").iterdir())
print(f"{len(written)} tables: {', '.join(written)}")

# %% [markdown]
# ## What if another text had been proposed?
#
# Before a vote the question is rarely yes or no. Two proposals are put through the same people, so that the
# difference is one of rules and not of luck.

# %%
both = sim.compare([result, sim.run("drugs-minus-two", seed=1, worlds=WORLDS)])
totals = both.totals.set_index("quantity")
totals.loc[asked, ["label", "first", "other", "difference"]].round(1)

# %% [markdown]
# What such a forecast is worth is told by the backtest: `minustwo backtest` puts the model through earlier
# amendments and holds it against what was counted. Its intervals were too narrow; read them as the least
# that is not known.
