from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import html5lib
import pandas as pd
import pytest

from sim.base.digits import rounded
from sim.cli import main
from sim.commands.report import MOST_BYTES
from sim.output import store
from sim.output.finding import AS_COUNTED, TOLD, further, headline, tellable
from sim.output.html.markup import safe, tied
from sim.output.plots.catalogue import pictures
from sim.output.plots.words import about, amount, number
from sim.output.printed import headline_text
from sim.output.report import page
from sim.output.report.drawing import Drawings
from sim.output.report.explorer import data, sentence
from sim.output.report.sentences import limits, method, misses
from sim.results.results import Result
from sim.scenario.scenario import Scenario
from sim.studies.comparison import Comparison, compare
from sim.studies.explorer import Explorer, explore

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</style></script><img src=x onerror="alert(1)">&amp; $\\frac{1}$ \u0001'


@pytest.fixture(scope="module")
def grid(grid: Explorer) -> Explorer:
    """To as many digits as a page has."""
    return replace(grid, table=rounded(grid.table))


@pytest.fixture(scope="module")
def text(small: Result, small_no_delay: Result, grid: Explorer) -> str:
    return page(small, compare([small, small_no_delay]), grid)


@pytest.fixture(scope="module")
def tree(text: str) -> ET.Element:
    """The page as a strict parser reads it: any mistake in the markup is an error."""
    return html5lib.HTMLParser(strict=True).parse(text)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without pictures, for tests of everything else."""
    monkeypatch.setattr("sim.output.report.assembly.pictures", lambda result: [])
    monkeypatch.setattr("sim.output.report.assembly.difference.files", lambda comparison, look=None: {})


def words(element: ET.Element) -> str:
    """All text of an element, with single spaces."""
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").split())


def visible(tree: ET.Element) -> str:
    body = tree.find(f"{HTML}body")
    assert body is not None
    hidden = [words(script) for script in body.iter(f"{HTML}script")]
    shown = words(body)
    for script in hidden:
        shown = shown.replace(script, "")
    return shown


def test_the_page_is_valid_and_loads_nothing(tree):
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            assert not name.startswith("on") and name != "style"
            if name in ("href", "src", "action", "data", "srcset", "{http://www.w3.org/1999/xlink}href"):
                assert value.startswith("#") or value == "data:,", (element.tag, name, value)
    tags = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert not tags & {f"{HTML}{name}" for name in ("img", "iframe", "object", "embed", "audio", "video")}
    (style,) = tree.iter(f"{HTML}style")
    assert not re.findall(r"@import|url\((?!#)", style.text or "")


def test_a_link_inside_the_page_leads_somewhere_and_no_id_is_there_twice(tree):
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for name in ("href", "{http://www.w3.org/1999/xlink}href"):
            if element.get(name, "").startswith("#"):
                assert element.get(name)[1:] in ids
        for name in ("for", "aria-labelledby", "aria-describedby"):
            for wanted in element.get(name, "").split():
                assert wanted in ids
        for wanted in re.findall(r"url\(#([^)]+)\)", " ".join(element.attrib.values())):
            assert wanted in ids
    (style,) = tree.iter(f"{HTML}style")
    assert set(re.findall(r"url\(#([^)]+)\)", style.text)) <= set(ids)


def test_the_policy_allows_this_style_and_these_scripts_and_no_others(tree):
    (policy,) = [
        each.get("content")
        for each in tree.iter(f"{HTML}meta")
        if each.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none';")
    written = [each.text for each in tree.iter(f"{HTML}style")]
    written += [each.text for each in tree.iter(f"{HTML}script") if each.get("type") is None]
    hashes = {
        base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in written
    }  # fmt: skip
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == hashes and len(hashes) == 3


def test_the_headline_is_a_rounded_forecast_with_its_interval(small, tree):
    (lead,) = [each for each in tree.iter(f"{HTML}p") if each.get("class") == "lead"]
    assert words(lead) == headline(small)
    many = replace(small, worlds=pd.concat([small.worlds] * 4))
    row = small["released_first_wave"]
    low, value, high = (about(row[name]) for name in ("low_90", "value", "high_90"))
    assert headline(many) == (
        f"About {value} people would leave prison on the first day, 1 November 2015 "
        f"(90 % interval {low} to {high})."
    )
    assert f"of {about(small['stock']['value'])} drug prisoners would be eligible" in further(many)


def test_two_worlds_are_too_few_for_an_interval(small):
    assert "interval (" not in headline(small) + further(small) and "interval)" not in further(small)
    assert not re.search(r"eligible for a shorter term +[\d,]+  [\d,]+ to", headline_text(small))
    assert "2 plausible worlds are too few" in headline_text(small)


def test_without_worlds_and_spread_an_interval_is_left_out(small):
    sure = small.headline.copy()
    for column in ("low_90", "low_50", "high_50", "high_90"):
        sure[column] = sure["value"]
    many = replace(small, headline=sure, worlds=pd.concat([small.worlds] * 4))
    assert "(" not in headline(many)


def table_of(tree: ET.Element, caption: str) -> list[list[str]]:
    """Rows of the table with a caption."""
    (found,) = [
        table for table in tree.iter(f"{HTML}table") if words(table.find(f"{HTML}caption")) == caption
    ]
    return [
        [words(cell) for cell in row if cell.tag in (f"{HTML}td", f"{HTML}th")]
        for row in found.iter(f"{HTML}tr")
    ]


def test_what_is_told_or_published_stands_in_the_table_with_its_number(small, tree):
    rows = table_of(tree, "The forecast beside the published figures")
    shown = [(row[0], row[1]) for row in rows[1:] if len(row) > 1]
    told = small.headline[small.headline.index.isin(TOLD) | small.headline["published"].notna()]
    for row in told.to_dict("records"):
        value = number(row["value"]) if row["unit"] == "persons" else amount(row["value"], row["unit"])
        assert (row["label"].removesuffix(AS_COUNTED), value) in shown
    assert len(shown) == len(told) >= len(TOLD)


@pytest.mark.usefixtures("plain")
def test_marks_say_in_words_whether_a_published_figure_is_met(small):
    table = small.headline.copy()
    table.loc[["eligible", "mean_cut_months"], "role"] = "check"
    for name, factor in (("eligible", 1.0), ("mean_cut_months", 2.0)):
        for column, size in (("published", 1.0), ("published_low", 0.9), ("published_high", 1.1)):
            table.loc[name, column] = table.loc[name, "value"] * factor * size
    table["in_published_band"] = table["in_published_band"].astype("boolean")
    table.loc["eligible", "in_published_band"] = True
    table.loc["mean_cut_months", "in_published_band"] = False
    made = replace(small, headline=table)
    tree = html5lib.HTMLParser(strict=True).parse(page(made))
    rows = [row for row in table_of(tree, "The forecast beside the published figures") if row[1:]]
    marked = {(row[0], row[-1]) for row in rows if row[-2] == "check"}
    assert marked == {("eligible for a shorter term", "inside"), ("mean cut of the eligible", "OUTSIDE")}
    (miss,) = [each for each in misses(made) if each.startswith("mean cut of the eligible")]
    assert "44.4 % below the lower end" in miss  # 1 against a band that begins at 0.9 times 2
    low, close = table.loc["mean_cut_months", "published_low"], table.copy()
    close.loc["mean_cut_months", "value"] = low * (1 - 1e-4)
    (near,) = [each for each in misses(replace(small, headline=close)) if each.startswith("mean cut of")]
    assert "; just below the lower end" in near and f": {number(low, 'months')} months" not in near
    assert tied(miss).replace("\u00a0", " ") in visible(tree)


@pytest.mark.parametrize(
    "caption, count",
    [
        ("From all drug prisoners to the eligible", lambda result: len(result.eligibility_waterfall)),
        (
            "Drug prisoners already sentenced, with and without the amendment",
            lambda result: result.releases_by_month["month"].nunique(),
        ),
        ("By district", lambda result: result.by_group.query("dimension == 'district'")["group"].nunique()),
        ("Tables of law, by the day their edition begins", lambda r: len(r.provenance["editions"])),
        ("no-delay: differences by group", None),
        ("no-delay less drugs-minus-two", None),
        ("By group", None),
        ("Share of the variance by source", None),
    ],
)
def test_tables_are_tables(tree, small, caption, count):
    rows = [row for row in table_of(tree, caption)[1:] if len(row) > 1]
    assert rows if count is None else len(rows) == count(small)


def test_every_outcome_is_on_the_page(small, tree):
    shown = visible(tree)
    table = " ".join(cell for row in table_of(tree, "What follows from it") for cell in row)
    assert not re.search(r"\b\d{4}-\d\d\b", table)  # months and days in words
    assert len(small.outcomes)
    for row in small.outcomes.to_dict("records"):
        assert row["label"] in shown.replace(row["label"][:1].upper() + row["label"][1:], row["label"])
        assert number(row["value"], row["unit"]) in shown


def test_every_picture_is_there_with_its_title_and_description(small, tree):
    drawn = [each for each in tree.iter(f"{SVG}svg")]
    titles = {words(each.find(f"{SVG}title")) for each in drawn}
    assert {picture.title(picture.numbers(small)) for picture in pictures(small)} < titles
    assert any(title.startswith("no-delay: ") and " in custody in " in title for title in titles)
    for picture in pictures(small):
        both = [
            each for each in drawn if words(each.find(f"{SVG}title")) == picture.title(picture.numbers(small))
        ]
        assert len(both) == 2, "one for wide windows, one for a phone"
        for svg in both:
            assert svg.get("role") == "img"
            told = picture.tell(picture.numbers(tellable(small)))
            assert words(svg.find(f"{SVG}desc")) == " ".join(told.split())


def test_what_is_needed_to_make_it_again_is_there(small, tree):
    shown = visible(tree)
    assert " ".join(small.scenario.text.split()) in shown
    for fact in ("version", "scenario_hash", "tables_sha256"):
        assert str(small.provenance[fact]) in shown
    assert all(html.unescape(line) in shown for line in small.assumed)


def test_a_page_is_small(text):
    assert len(text.encode()) < 700_000


@pytest.mark.slow
def test_a_whole_page_with_comparisons_is_not_refused():
    from sim.runner import run

    results = [
        run(Scenario.load(name)) for name in ("drugs-minus-two", "no-delay", "minus-one", "minus-three")
    ]
    made = page(results[0], compare(results), explore(results[0]))
    assert 300_000 < len(made.encode()) <= MOST_BYTES


@pytest.mark.parametrize("field", ["description", "source", "title"])
def test_text_of_a_scenario_cannot_break_the_page(small, field, request):
    bad = HOSTILE if field != "title" else HOSTILE.replace("\u0001", "")
    if field != "title":  # the only one that stands in pictures
        request.getfixturevalue("plain")
    scenario = small.scenario.model_copy(update={field: bad})
    scenario._text = f'# {bad}\nname = "x"\n'
    made = page(replace(small, scenario=scenario, assumed=(bad,)))
    tree = html5lib.HTMLParser(strict=True).parse(made)
    assert not [*tree.iter(f"{HTML}img")]
    assert "\u0001" not in made
    assert '<img src=x onerror="alert(1)">&amp; $\\frac{1}$' in visible(tree)


def test_the_method_is_that_of_the_scenario_and_of_its_people(small):
    told = method(small)
    rules = small.scenario.judges
    shares = [f"{100 * share:.1f} %" for share in (rules.filing_rate, rules.approval_rate)]
    assert f"{shares[0]} of the eligible ask; {shares[1]} of their motions are granted" in told
    assert "2 plausible worlds" in told and told.startswith("Synthetic prisoners, ")
    mine = replace(
        small, provenance=dict(small.provenance) | {"people": {"title": "mine"}}, worlds=small.worlds[:0]
    )
    assert limits(mine).startswith("Published figures are about all federal drug prisoners, not about these")
    assert "synthetic" not in method(mine).lower() and "plausible" not in method(mine)
    for name, words in (
        ("prospective-only", "only new sentences change"),
        ("first-step-act-good-time", "no court decides anything"),
    ):
        told = method(replace(small, scenario=Scenario.load(name), worlds=pd.concat([small.worlds] * 4)))
        assert words in told and "are granted" not in told
    assert "between districts" not in told and "single decisions" not in told
    assert "no court has a part" in told
    statute = Scenario.load("first-step-act-good-time")
    alone = method(replace(small, scenario=statute, worlds=small.worlds[:0]))
    assert "There are no intervals" in alone


def test_text_is_escaped_once():
    assert safe("<b> & 3 %") == "&lt;b&gt; &amp; 3\u00a0%"


# ---- the explorer ----------------------------------------------------------------------------------


def held(tree: ET.Element) -> dict:
    (script,) = [each for each in tree.iter(f"{HTML}script") if each.get("id") == "grid"]
    return json.loads(script.text)


def test_the_grid_on_the_page_is_the_grid_of_the_library(grid, tree):
    told = held(tree)
    assert [axis["name"] for axis in told["axes"]] == [axis.name for axis in grid.axes]
    assert [axis["own"] for axis in told["axes"]] == [axis.own for axis in grid.axes]
    sizes = [len(axis["labels"]) for axis in told["axes"]]
    names = [axis.name for axis in grid.axes]
    seen = 0
    for chosen, part in grid.table.groupby(names):
        place = 0
        for size, choice in zip(sizes, chosen, strict=True):
            place = place * size + choice
        for row in part.to_dict("records"):
            bare, full, band = told["cells"][place][told["quantities"].index(row["quantity"])]
            unit = row["unit"]
            assert (bare, full) == (tied(number(row["value"], unit)), tied(amount(row["value"], unit)))
            ends = f"{number(row['low_90'], unit)} to {number(row['high_90'], unit)}"
            assert band in ("", tied(ends)) and (
                band or row["low_90"] == pytest.approx(row["high_90"], abs=1)
            )
            seen += 1
    assert seen == len(grid.table)


def test_the_first_sentence_and_the_controls_are_those_of_the_result(grid, small, tree):
    own = [axis.own for axis in grid.axes]
    (answer,) = [each for each in tree.iter(f"{HTML}p") if each.get("id") == "answer"]
    assert answer.get("aria-live") == "polite"
    assert words(answer) == sentence(grid, own)
    assert number(small["bed_years_saved"]["value"]) in words(answer)
    checked = [each.get("value") for each in tree.iter(f"{HTML}input") if each.get("checked") is not None]
    assert checked == [str(axis.own) for axis in grid.axes[:-2]]
    sliders = [each for each in tree.iter(f"{HTML}input") if each.get("type") == "range"]
    for axis, slider in zip(grid.axes[-2:], sliders, strict=True):
        assert slider.get("value") == str(axis.own)
        assert slider.get("aria-valuetext") == tied(axis.choices[axis.own].label)


def test_every_combination_stands_in_a_table_too(grid, tree):
    filed, granted = (axis.choices[axis.own].told for axis in grid.axes[-2:])
    rows = table_of(tree, f"Every combination with {filed} and {granted}, with its 90 % interval")[1:]
    assert len(rows) == 12
    labels = [[choice.label for choice in axis.choices] for axis in grid.axes[:-2]]
    for row in rows:
        chosen = [names.index(cell) for names, cell in zip(labels, row, strict=False)]
        here = grid.at(*chosen, *(axis.own for axis in grid.axes[-2:]))
        assert row[5].startswith(number(here.loc["bed_years_saved", "value"]))


def test_words_cannot_end_the_script_they_stand_in(grid):
    levels, *others = grid.axes
    hostile = replace(levels.choices[0], told="</script><b>")
    made = data(Explorer((replace(levels, choices=(hostile, *levels.choices[1:])), *others), grid.table))
    assert "<" not in made and json.loads(made)["axes"][0]["told"][0] == "</script><b>"


@pytest.mark.usefixtures("plain")
def test_without_a_grid_the_page_says_why_and_has_no_controls(small):
    made = page(small, None, None, "the result was made long ago")
    tree = html5lib.HTMLParser(strict=True).parse(made)
    assert "No choices here: the result was made long ago." in visible(tree)
    assert not [*tree.iter(f"{HTML}form")]


# ---- drawings ---------------------------------------------------------------------------------------


def shapes(svg: bytes) -> list[str]:
    return [
        each.tag
        for each in ET.fromstring(svg).iter()
        if each.tag in (f"{SVG}path", f"{SVG}text", f"{SVG}use")
    ]


@pytest.mark.parametrize("place", range(8))
def test_a_drawing_loses_no_shape_no_text_and_no_style(small, place):
    picture = pictures(small)[place]
    original = picture.svg(small)
    drawings = Drawings()
    made = drawings.inline("one", original)
    inline = made.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    assert len(made) < 0.75 * len(original)
    before, after = ET.fromstring(original), ET.fromstring(inline)
    assert shapes(inline.encode()) == shapes(original)
    kept = [each.text for each in before.iter(f"{SVG}text")]
    assert [each.text for each in after.iter(f"{SVG}text")] == kept
    styles = dict(re.findall(r"^\.picture \.(p\d+)\{(.*)\}$", drawings.css, re.MULTILINE))
    drawn = [each for each in before.iter() if each.get("style")]
    same = [each for each in after.iter() if each.get("class")]
    assert len(drawn) == len(same)
    for old, new in zip(drawn, same, strict=True):
        wanted = re.sub(r"\s*([:;])\s*", r"\1", old.get("style", "")).replace("url(#", "url(#one-")
        assert styles[new.get("class", "")] == wanted.rstrip(";")
        for name in ("x", "y", "width", "height"):
            if name in old.attrib:
                assert float(new.attrib[name]) == pytest.approx(float(old.attrib[name]), abs=0.0051)


def test_two_drawings_share_styles_but_no_ids(small):
    svg = pictures(small)[0].svg(small)
    drawings = Drawings()
    first = drawings.inline("one", svg)
    known = drawings.css
    second = drawings.inline("two", svg)
    assert drawings.css == known
    ids = [set(re.findall(r' id="([^"]+)"', each)) for each in (first, second)]
    assert ids[0] and not ids[0] & ids[1]
    assert second.replace("two-", "one-") == first


# ---- the command ------------------------------------------------------------------------------------


@pytest.fixture
def folder(small: Result, tmp_path: Path, plain: None) -> Path:
    return store.write(small, tmp_path / "out", pictures=False)


def test_the_command_writes_beside_the_result_and_says_the_headline(folder, small, capsys):
    assert main(["report", str(folder), "--no-explorer"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(headline(small)) and str(folder / "report.html") in told
    assert (folder / "report.html").read_text(encoding="utf-8") == page(store.as_written(small))
    store.write(small, folder, pictures=False)  # a page is no obstacle to a new result


def _compared(*results: Result) -> tuple[Result, Comparison]:
    written = [store.as_written(each) for each in results]
    return written[0], compare(written)


def test_the_command_compares_and_explores(
    folder, small, small_no_delay, grid, tmp_path, capsys, monkeypatch
):
    other = store.write(small_no_delay, tmp_path / "other", pictures=False)
    file = tmp_path / "page.html"
    monkeypatch.setattr("sim.studies.explorer.explore", lambda result, progress, **_: grid)
    assert main(["report", str(folder), "--compare", str(other), "--html", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == page(*_compared(small, small_no_delay), grid)
    assert not (folder / "report.html").exists()
    capsys.readouterr()


def test_the_command_says_why_there_are_no_choices(folder, small, capsys, monkeypatch):
    monkeypatch.setattr("sim.studies.explorer.files_hash", lambda: "another")
    assert main(["report", str(folder)]) == 0
    assert "Without choices to try out: the result was made with other tables" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["{tmp}/none"], "there is no such folder"),
        (["{out}", "--compare", "no-dely"], "did you mean no-delay?"),
        (["{out}", "--no-explorer", "--html", "{tmp}/none/page.html"], "No such file or directory"),
        (["{out}", "--no-explorer", "--compare", "{out}"], "two scenarios are called drugs-minus-two"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(folder, tmp_path, arguments, words, capsys):
    given = [each.format(tmp=tmp_path, out=folder) for each in arguments]
    assert main(["report", *given]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and words in told
    assert not [*tmp_path.rglob("*.html*")]


def test_a_page_over_the_limit_is_not_written(folder, capsys, monkeypatch):
    monkeypatch.setattr("sim.commands.report.MOST_BYTES", 1000)
    assert main(["report", str(folder), "--no-explorer"]) == 2
    assert "compare with fewer" in capsys.readouterr().err
    assert not (folder / "report.html").exists()
