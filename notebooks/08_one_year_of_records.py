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
# # One year of records
#
# Whom would a reform reach? With one of the Commission's datafiles that is one command. Set
# `MINUSTWO_DATAFILE` to a file such as `opafy13nid.zip` and this notebook runs on it. Without one it makes up
# a small file of the same shape from the synthetic people, so that every step can be seen; the figures then
# mean nothing.

# %%
import os
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import sim
from guidelines import LIFE
from sim.studies.reach import reach

given = os.environ.get("MINUSTWO_DATAFILE")

# %% [markdown]
# ## A made-up file, where there is no real one
#
# Some thirty of the Commission's variables are enough; a real file has many thousands.

# %%
CODES = {"Cocaine": 1, "Cocaine Base": 2, "Heroin": 3, "Marihuana": 4, "Methamphetamine": 6, "Other": 77}


def made_up(path: Path) -> Path:
    """A file of FY2013 with the synthetic people sentenced in it."""
    thin = int(os.environ.get("MINUSTWO_ONE_IN", "8"))
    stock = sim.Population.synthesize("drugs-minus-two", seed=1, thin=thin).frame
    year = stock[stock["sentenced_on"].between("2012-10-01", "2013-09-30")]
    # The law of the day gives each person's level and range.
    sheet = sim.run("drugs-minus-two", population=sim.Population.from_frame(year), worlds=0).analysis.before
    months = {name: year[name].where(year[name] < LIFE, 9996) for name in year if name.endswith("_months")}
    pd.DataFrame(
        {
            "USSCIDN": 1_000_000 + np.arange(len(year)),
            "SENTMON": year["sentenced_on"].dt.month,
            "SENTYR": year["sentenced_on"].dt.year,
            "SOURCES": 1,
            "GDLINEHI": "2D1.1",
            "PRISDUM": 1,
            "XFOLSOR": sheet["total_offense_level"],
            "XCRHISSR": sheet["criminal_history_category"],
            "XMINSOR": np.where(
                sheet["table_range_minimum_months"] < LIFE, sheet["table_range_minimum_months"], 9996
            ),
            "XMAXSOR": np.where(
                sheet["table_range_maximum_months"] < LIFE, sheet["table_range_maximum_months"], 9996
            ),
            "BASEHI": sheet["base_offense_level"],
            "STATMIN": months["statutory_minimum_months"],
            "STATMAX": months["statutory_maximum_months"],
            "TOTPRISN": months["first_term_months"],
            "ACCTRESP": year["acceptance"],
            "SAFE": year["safety_valve"].astype(int),
            "CAROFFAP": year["career_offender"].astype(int),
            "WEAPSOC": year["weapon"].astype(int),
            "MITROLHI": year["mitigating_role"],
            "AGGROLHI": year["aggravating_role"],
            "BOOKERCD": year["position"]
            .astype(str)
            .map({"within": 0, "above": 3, "substantial assistance": 5, "court": 10})
            .fillna(7)
            .astype(int),
            "AMENDYR": 2012,
            "DRUGTYP1": year["drug"].astype(str).map(CODES),
            "WGT1": year["quantity_grams"].round(2),
            "MWGT1": year["quantity_grams"].round(2),
            "CIRCDIST": 1 + year["district"].cat.codes,
            "NEWCIT": 1 - year["us_citizen"].astype(int),
            "NEWRACE": year["race"].astype(str).map({"White": 1, "Black": 2, "Hispanic": 3, "Other": 6}),
        }
    ).to_csv(path, index=False)
    return path


data = sim.read_ussc(given or made_up(Path(tempfile.mkdtemp()) / "opafy13nid.csv"))
print(data.report)

# %% [markdown]
# Every row is accounted for. Rows that cannot be used have a reason:

# %%
data.set_aside["reason"].value_counts()

# %% [markdown]
# ## Whom the amendment would have reached
#
# Everybody is measured under the Manual before and with the amendment, in prison or not.

# %%
found = reach(data.people, "drugs-minus-two")
print(found)

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharex=True, layout="constrained")
for ax, (dimension, part) in zip(axes, found.by_group.groupby("dimension", sort=False), strict=True):
    ax.barh(part["group"], 100 * part["lowered"], color="#4c72b0")
    ax.set_title(f"by {dimension}", loc="left")
    ax.set_xlabel("percent with a lower range")
    ax.invert_yaxis()
fig.suptitle(f"Amendment 782 lowers the range of {100 * found.lowered:.0f} percent of this year's people")
fig

# %% [markdown]
# The same question about a smaller cut:

# %%
pd.Series(
    {
        name: 100 * reach(data.people, name).lowered
        for name in ("minus-one", "drugs-minus-two", "minus-three")
    },
    name="percent with a lower range",
).round(1)

# %% [markdown]
# ## Person by person
#
# On the reference day of a scenario, whoever is inside gets a code, a reason and dates.

# %%
result = sim.run("drugs-minus-two", population=data.people, worlds=0)
people = result.people
people.head()

# %%
people.groupby("reason").size().sort_values(ascending=False)

# %%
eligible = people[people["eligible"] == "yes"]
half = eligible["cut_months"].median()
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.hist(eligible["cut_months"], bins=range(0, 85, 6), color="#4c72b0")
ax.set_xlabel("months cut, if granted")
ax.set_ylabel("people")
ax.set_title(f"Half of the {len(eligible):,} eligible would be cut by {half:.0f} months or more", loc="left")
fig

# %% [markdown]
# A sentencing year is a flow. For the people in prison on a day take several years: `minustwo people stock`.
