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
# # One case, from the file to the release date
#
# A made-up client: 1.2 kilograms of heroin, sentenced in May 2011 to 121 months, category III, three levels
# off for acceptance of responsibility. May the court shorten the term, how far, and when would she leave?
# The functions below are the same ones that the command `minustwo case` and the simulation use.

# %%
import guidelines

record = {
    "case_id": "made-up-1",
    "sentenced_on": "2011-05-12",
    "drugs": [{"drug": "heroin", "quantity": 1.2, "unit": "kg"}],
    "acceptance": -3,
    "criminal_history_category": "III",
    "statutory_minimum_months": 60,
    "imposed_term_months": 121,
    "sentence_began_on": "2011-06-01",
    "jail_credit_days": 190,
}
answer = guidelines.analyze_case(record)
answer["code"], answer["floor_months"]

# %% [markdown]
# ## The worksheet
#
# Every line carries its section. The first column of numbers is the Manual she was sentenced under; the
# second is the same Manual with the listed amendment put in its place and nothing else changed, as
# §1B1.10(b)(1) asks.

# %%
import pandas as pd

sheet = pd.DataFrame(answer["worksheet"]).fillna("")
sheet[["section", "step", "original", "amended", "unit", "note"]]

# %% [markdown]
# ## The step that matters
#
# The amendment moved the rows of the Drug Quantity Table. This is the row she is in, before and after.

# %%
before = guidelines.Manual.on("2011-05-12")
after = before.with_amendments("782")
for manual in (before, after):
    level = guidelines.quantity_base_level("Heroin", 1200.0, manual)
    print(manual.label, "- base offense level", int(level))

# %% [markdown]
# ## The dates
#
# From the full term, good conduct time is taken off by the method in force (18 U.S.C. 3624(b)).

# %%
release = pd.DataFrame(answer["release"])
release

# %% [markdown]
# ## What was taken for granted
#
# A file never says everything. What the record left out was filled with the default of the rule it belongs
# to, and is listed; read this list before filing anything.

# %%
for line in answer["assumed"]:
    print("-", line)

# %% [markdown]
# ## Change one fact
#
# With a mandatory minimum of ten years the statute holds the bottom of the range up, so the court may go no
# lower than the minimum. With a government motion for substantial assistance the minimum is no longer in
# the way: §1B1.10(c) leaves it out of the amended range, and the floor is as far below that range as the
# original term was below the original one.

# %%
held_up = record | {"statutory_minimum_months": 120}
assisted = held_up | {"substantial_assistance": True, "imposed_term_months": 90}
for name, changed in {"as it is": record, "minimum of 120": held_up, "and assistance": assisted}.items():
    answered = guidelines.analyze_case(changed)
    original, amended = (answered[side]["guideline_range_months"] for side in ("original", "amended"))
    print(f"{name:<16}{answered['code']:<36}{original} -> {amended}, floor {answered['floor_months']}")
