from __future__ import annotations

import io
import json
import re
import textwrap
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import matplotlib
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

import guidelines
from sim.base.digits import rounded
from sim.base.errors import SimulationError
from sim.base.published import figure
from sim.output import picture_tables, plots, store
from sim.output.plots import (
    before_after,
    custody,
    difference,
    door,
    grid,
    ladder,
    releases,
    scorecard,
    sobol,
    style,
    tornado,
    waterfall,
)
from sim.output.plots.catalogue import STANDARD, pictures
from sim.output.plots.picture import Look, Picture, source_line
from sim.results.glossary_assumptions import ASSUMPTIONS
from sim.results.results import Result
from sim.runner import run
from sim.scenario.scenario import Scenario

SVG = "{http://www.w3.org/2000/svg}"
SMALL = {"people.stock": 3000, "dates.horizon_months": 30}


@pytest.fixture(scope="module")
def published(small: Result) -> Result:
    """The small result with published figures, so that it has a scorecard."""
    table = small.headline.copy()
    names = ["eligible", "mean_cut_months", "wave_not_citizens", "wave_cocaine_or_methamphetamine"]
    table.loc[names, "role"] = "check"
    table.loc[names, "published"] = table.loc[names, "value"] * [1.0, 0.9, 1.1, 1.3]
    table.loc[names, "published_low"] = table.loc[names, "published"] * 0.95
    table.loc[names, "published_high"] = table.loc[names, "published"] * 1.05
    inside = table["value"].between(table["published_low"], table["published_high"])
    table["in_published_band"] = inside.where(table["published_low"].notna()).astype("boolean")
    return replace(small, headline=table)


@pytest.fixture(scope="module")
def files(published: Result) -> dict[str, bytes]:
    return plots.files(published)


def sheet_of(picture: Picture, result: Result, width: int = 600) -> Figure:
    """The figure of a picture, before it is saved."""
    return picture.figure(picture.numbers(result), source_line(result), width / style.PIXELS)


def test_every_picture_comes_as_drawing_image_numbers_and_description(files):
    assert set(files) == {f"{name}.{end}" for name in plots.NAMES for end in ("svg", "png", "csv", "txt")}
    assert [picture.name for picture in STANDARD] == list(plots.NAMES)


def test_a_scenario_without_published_figures_has_no_scorecard(small):
    assert small.headline["published"].notna().sum() == 0 or "check" not in set(small.headline["role"])
    assert {picture.name for picture in pictures(small)} == set(plots.NAMES) - {"scorecard"}


def test_people_of_ones_own_are_not_called_synthetic(small):
    brought = {"people_sha256": "0123456789abcdef"}
    mine = replace(small, provenance=dict(small.provenance) | {"people": brought})
    assert "people of the user's own (SHA-256 0123456789ab)" in source_line(mine)
    assert "synthetic" not in source_line(mine) and "synthetic prisoners" in source_line(small)


def test_where_no_court_decides_no_picture_speaks_of_motions_or_of_an_amendment(small):
    statute = replace(small, scenario=Scenario.load("first-step-act-good-time"))
    for picture in pictures(statute):
        if picture.name not in ("level_grid", "drug_ladder", "scorecard"):
            title = picture.title(picture.numbers(statute))
            assert "amendment" not in title + picture.subtitle and "motion" not in picture.subtitle
        if picture.name in ("releases_by_month", "in_custody"):
            told = re.sub(r"<metadata>.*?</metadata>", "", picture.svg(statute).decode(), flags=re.DOTALL)
            assert "amendment" not in told
    assert any("motion" in picture.subtitle for picture in pictures(small))


def test_files_are_in_the_words_of_the_scenario_too(small, monkeypatch):
    monkeypatch.setattr("sim.output.plots.catalogue.STANDARD", (STANDARD[2], STANDARD[6], STANDARD[-1]))
    statute = replace(small, scenario=Scenario.load("first-step-act-good-time"))
    drawn = plots.files(statute)
    assert set(drawn) == {f"time_served.{end}" for end in ("svg", "png", "csv", "txt")}
    assert drawn["time_served.txt"].startswith(b"Mean time served by the eligible falls from ")


@pytest.mark.parametrize("name", plots.NAMES)
def test_the_numbers_beside_a_picture_are_those_it_was_drawn_from(files, published, name):
    table = published.level_grid if name == "level_grid" else getattr(picture_tables, name)(published)
    assert files[f"{name}.csv"].decode() == rounded(table).to_csv(index=False)
    assert len(table) > 0


@pytest.mark.parametrize("name", plots.NAMES)
def test_a_drawing_says_what_it_is_and_where_it_comes_from(files, published, name):
    root = ET.fromstring(files[f"{name}.svg"])
    picture = next(each for each in STANDARD if each.name == name)
    told = files[f"{name}.txt"].decode()
    assert root.get("role") == "img"
    title = picture.title(picture.numbers(published))
    assert root.find(f"{SVG}title").text == title and told.startswith(title)
    assert root.find(f"{SVG}desc").text in told and len(root.find(f"{SVG}desc").text) > 60
    written = " ".join("".join(text.itertext()).strip() for text in root.iter(f"{SVG}text"))
    on_people = ("Source: Drugs Minus Two", "scenario drugs-minus-two", "seed 1", "synthetic prisoners")
    on_law = ("Source: US Sentencing Commission, Guidelines Manual in force on 2013-11-01", "§2D1.1(c)")
    assert ("synthetic" in written) == (name != "drug_ladder")  # the law's ladder rests on nobody
    for part in (
        title,
        picture.about(picture.numbers(published)),
        *(on_law if name == "drug_ladder" else on_people),
    ):
        assert part in re.sub(r"\s+", " ", written)
    plain = files[f"{name}.svg"].decode()
    assert published.provenance["scenario_hash"] in plain and "<dc:date>" not in plain
    names = r'(xmlns(:\w+)?|rdf:resource|about)="[^"]*"|<!DOCTYPE[^>]*>|<dc:type[^>]*>'
    assert "http" not in re.sub(names, "", plain)  # nothing is fetched from anywhere


@pytest.mark.parametrize("name", plots.NAMES)
def test_an_image_is_1200_pixels_wide_and_says_the_same(files, published, name):
    image = Image.open(io.BytesIO(files[f"{name}.png"]))
    assert image.width == 1200 and 500 < image.height < 2000
    told = json.loads(image.info["Comment"])
    assert told["scenario_hash"] == published.scenario.hash and told["seed"] == 1
    assert told["version"] == published.provenance["version"]
    assert image.info["Description"] in files[f"{name}.txt"].decode()


@pytest.mark.parametrize("name", plots.NAMES)
def test_the_description_has_numbers_of_the_table_and_none_that_is_missing(files, name):
    told = files[f"{name}.txt"].decode()
    assert re.search(r"\d", told.split("\n\n")[1]) and "nan" not in told and "none" not in told


def test_the_same_result_gives_the_same_bytes_and_leaves_the_settings_alone(files, published):
    before = dict(matplotlib.rcParams)
    for picture in (STANDARD[0], STANDARD[4], STANDARD[-1]):
        assert picture.files(published).items() <= files.items()
    assert dict(matplotlib.rcParams) == before


def test_width_formats_and_scale_are_those_asked_for(published):
    picture = STANDARD[0]
    made = picture.files(published, Look(360, ("png", "pdf"), scale=1.0))
    assert set(made) == {f"{picture.name}.{end}" for end in ("png", "pdf", "csv", "txt")}
    assert Image.open(io.BytesIO(made["releases_by_month.png"])).width == 360
    assert (
        made["releases_by_month.pdf"].startswith(b"%PDF")
        and b"CreationDate" not in made["releases_by_month.pdf"]
    )
    assert picture.files(published, Look(360, ("png", "pdf"), scale=1.0)) == made
    for wrong, told in (
        ((100,), "from 320 to 1600"),
        ((600, ("gif",)), "no format 'gif'"),
        ((600, ()), "no format"),
    ):
        with pytest.raises(SimulationError, match=told):
            Look(*wrong)


def test_the_released_month_is_annotated_with_what_was_reported(published):
    table = picture_tables.releases_by_month(published)
    row = published["released_first_wave"]
    assert table["first_day"].dropna().tolist() == [row["value"]]
    known = table.assign(first_day_reported=table["first_day"] * 1.5)
    _, ax = ax_of()
    releases.plot_releases(known, ax)
    releases.name_the_step(known, ax)
    written = " ".join(text.get_text() for text in ax.texts)
    assert f"of them on the first day {row['value']:,.0f};\nreported: {1.5 * row['value']:,.0f}" in written


def shown(figure: Figure) -> list[Text]:
    """Texts that are drawn: not those of ticks beyond the ends of an axis."""
    beyond = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if not (ax.axison and low <= tick.get_loc() <= high):
                    beyond |= {id(tick.label1), id(tick.label2)}
    every = figure.findobj(Text)
    return [
        text for text in every if text.get_visible() and text.get_text().strip() and id(text) not in beyond
    ]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that touch each other."""
    renderer = figure.canvas.get_renderer()
    texts = shown(figure)
    boxes = [text.get_window_extent(renderer) for text in texts]
    found = []
    for (one, first), (two, second) in combinations(zip(texts, boxes, strict=True), 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        if across > 1 and down > 2:
            found.append((one.get_text(), two.get_text()))
    return found


def struck_through(figure: Figure) -> list[str]:
    """Texts that a line or the grid runs through; those with a white ground of their own are whole."""
    renderer = figure.canvas.get_renderer()
    found = []
    for ax in figure.axes:
        lines = [line for line in ax.get_lines() if line.get_linestyle() != "None"]
        for axis in (ax.xaxis, ax.yaxis):
            lines += [tick.gridline for tick in axis.get_major_ticks() if tick.gridline.get_visible()]
        paths = [
            line.get_transform().transform_path(line.get_path()) for line in lines if len(line.get_xdata())
        ]
        inside = ax.get_window_extent(renderer)
        for text in ax.texts:
            if not text.get_text().strip() or text.get_bbox_patch() is not None:
                continue
            box = text.get_window_extent(renderer).padded(-2)
            if inside.fully_overlaps(box) and any(path.intersects_bbox(box, filled=False) for path in paths):
                found.append(text.get_text())
    return found


def outside(figure: Figure) -> list[str]:
    """Texts that reach over the edge."""
    renderer = figure.canvas.get_renderer()
    width, height = figure.canvas.get_width_height()
    found = []
    for text in shown(figure):
        box = text.get_window_extent(renderer)
        if box.x0 < -1 or box.x1 > width + 1 or box.y0 < -1 or box.y1 > height + 1:
            found.append(text.get_text())
    return found


@pytest.mark.parametrize("name", plots.NAMES)
@pytest.mark.parametrize("which", ["published", "small_no_delay"])
@pytest.mark.parametrize("width", [360, 600, 1200])
def test_no_text_is_cut_off_or_written_over_another(request, name, which, width):
    result = request.getfixturevalue(which)
    picture = next(each for each in STANDARD if each.name == name)
    if picture.numbers(result).empty:
        return
    with matplotlib.rc_context(style.STYLE):
        figure = sheet_of(picture, result, width)
        FigureCanvasAgg(figure).draw()
        assert outside(figure) == []
        assert overlapping(figure) == []
        assert struck_through(figure) == []


def assumed(longest: list[str]) -> pd.DataFrame:
    """Assumptions of which each moves something, the first by far the most, with their shares."""
    sizes = [12_000 / (1 + place) for place in range(len(longest))]
    table = pd.DataFrame({"label": longest, "kind": "stock", "span": sizes, "luck": 900.0})
    table = table.assign(low_at=0.674, high_at=0.926, low_difference=[-size for size in sizes])
    table["high_difference"] = [size / 4 for size in sizes]
    table["total"] = [0.6 - 0.03 * place for place in range(len(longest))]
    return table.assign(first_order=table["total"] - 0.3, first_order_within=0.05, total_within=0.02)


@pytest.mark.parametrize("width", [360, 600, 1200])
@pytest.mark.parametrize("name", ["difference", "tornado", "sobol"])
def test_comparisons_and_assumptions_keep_their_words_apart(name, width):
    longest = sorted(ASSUMPTIONS.values(), key=len, reverse=True)[: tornado.ROWS]
    months = [f"{year}-{month:02d}" for year in range(2014, 2025) for month in range(1, 13)]
    numbers = range(-6_000, -6_000 + 100 * len(months), 100)
    lines = pd.DataFrame({"scenario": "no-delay", "month": months, "difference": numbers})
    lines = lines.assign(low_90=lines["difference"] - 900, high_90=lines["difference"] + 900)
    table, height, draw = {
        "difference": (lines, lambda *_: 2.8, difference.draw_difference),
        "tornado": (assumed(longest), tornado.height_of_tornado, tornado.draw_tornado),
        "sobol": (assumed(longest), sobol.height_of_sobol, sobol.draw_sobol),
    }[name]
    inches = width / style.PIXELS
    with matplotlib.rc_context(style.STYLE):
        sheet = style.Sheet(height(table, inches), "Title", "subtitle", "source", inches)
        draw(table, sheet)
        FigureCanvasAgg(sheet.figure).draw()
        assert outside(sheet.figure) == []
        assert overlapping(sheet.figure) == []
        assert struck_through(sheet.figure) == []
        assert len(shown(sheet.figure)) > 3 + (name != "difference") * tornado.ROWS


def test_a_first_place_that_may_be_luck_is_not_named():
    table = assumed(["approval", "who asks"])
    assert sobol.find_sobol(table, "Eligible").endswith("may vary: approval")
    assert "too few samples" in sobol.find_sobol(table.assign(total_within=0.04), "Eligible")


@pytest.mark.parametrize("width", [360, 600, 1200])
def test_a_scorecard_of_every_quantity_keeps_its_names_apart(small, width):
    """With all that is published, long names stand one below the other; only checks go without a word."""
    table = small.headline.copy()
    table = table.assign(role="check", published=table["value"], in_published_band=True)
    table.loc["released_first_wave", "role"] = "input"
    table["published_low"], table["published_high"] = 0.9 * table["value"], 1.1 * table["value"]
    picture = next(each for each in STANDARD if each.name == "scorecard")
    with matplotlib.rc_context(style.STYLE):
        figure = sheet_of(picture, replace(small, headline=table), width)
        FigureCanvasAgg(figure).draw()
        assert outside(figure) == [] and overlapping(figure) == []
        written = " ".join(text.get_text().replace("\n", " ") for text in shown(figure))
    assert written.count("(fed in)") == 1


@pytest.fixture(scope="module")
def nobody() -> Result:
    """An amendment that leaves everybody in prison as he is."""
    return run(Scenario.load("prospective-only").but(SMALL), worlds=0)


def test_where_nobody_is_affected_pictures_of_the_affected_are_left_out_and_titles_say_none(nobody):
    titles = {each.name: each.title(each.numbers(nobody)) for each in pictures(nobody)}
    assert not {"level_grid", "terms", "time_served", "approval_by_district"} & set(titles)
    assert titles["eligibility_waterfall"] == "None of 3,000 drug prisoners is eligible for a shorter term"
    table = nobody.level_grid.assign(persons_leaving=0)
    assert grid.find_grid(table) == "Nobody moves to another cell of the Sentencing Table"


@pytest.mark.parametrize("width", [360, 600, 1200])
def test_a_step_that_takes_everybody_and_districts_without_a_spread_are_drawn_clean(small, nobody, width):
    alike = small.scenario.but(
        {"judges.filing_rate": 1.0, "judges.approval_rate": 1.0, "judges.approval_spread": 0.0}
    )
    for result, name in (
        (nobody, "eligibility_waterfall"),
        (replace(small, scenario=alike), "approval_by_district"),
    ):
        picture = next(each for each in STANDARD if each.name == name)
        with matplotlib.rc_context(style.STYLE):
            figure = sheet_of(picture, result, width)
            FigureCanvasAgg(figure).draw()
            assert (outside(figure), overlapping(figure), struck_through(figure)) == ([], [], [])
    assert picture.title(picture.numbers(result)) == "Every district grants 100 percent"


def test_a_ladder_names_the_only_drug_that_moves(small):
    table = picture_tables.drug_ladder(small)
    assert ladder.find_ladders(table) == "Most quantities of a drug start two levels lower"
    before = table[table["edition"] == "before"]
    crack = table[table["drug"] == "Cocaine Base"]
    others = before[before["drug"] != "Cocaine Base"]
    table = pd.concat([others, others.assign(edition="after"), crack])
    assert ladder.find_ladders(table) == "Crack cocaine: most quantities start two levels lower"


def test_a_subtitle_speaks_of_published_counts_only_where_there_are_some(published):
    for picture in pictures(published):
        table = picture.numbers(published)
        known = "published" in table and table["published"].notna().any()
        reported = "reported" in table and table["reported"].notna().any()
        assert ("diamond" in picture.about(table)) == ((known and picture.name != "scorecard") or reported)


def test_a_narrow_scorecard_says_what_its_numbers_are_in(published):
    (picture,) = [each for each in STANDARD if each.name == "scorecard"]
    with matplotlib.rc_context(style.STYLE):
        written = [text.get_text() for text in sheet_of(picture, published, 360).findobj(Text)]
    months = [text for text in written if text.startswith("mean cut of the eligible:")]
    assert months and "months, published" in months[0].replace("\n", " ")


@pytest.mark.parametrize("letters", [scorecard.LETTERS, 2 * scorecard.LETTERS])
def test_a_name_of_any_length_is_set_on_as_few_lines_as_it_takes(letters):
    for length in range(1, letters + 1):
        name = " ".join([length * "a", length * "b", length * "c"])
        lines = scorecard._lines(name, letters)
        assert " ".join(lines) == name and max(map(len, lines)) <= letters
        assert len(lines) == len(textwrap.wrap(name, letters))


@pytest.mark.parametrize("name", plots.NAMES)
def test_letters_are_large_enough_to_read_at_600_pixels(published, name):
    picture = next(each for each in STANDARD if each.name == name)
    with matplotlib.rc_context(style.STYLE):
        figure = sheet_of(picture, published)
        sizes = {text.get_fontsize() for text in figure.findobj(Text) if text.get_text().strip()}
    assert min(sizes) >= 7  # points: 10 pixels


def test_numbers_of_the_grid_lie_within_their_cells_and_stand_as_text_in_the_drawing(files, published):
    picture = next(each for each in STANDARD if each.name == "level_grid")
    with matplotlib.rc_context(style.STYLE):
        figure = sheet_of(picture, published)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        for ax in figure.axes:
            cells = [text for text in ax.texts if text.get_text() and text.get_text()[0].isdigit()]
            assert len(cells) > 5
            for text in cells:
                x, y = text.get_position()
                room = text.get_window_extent(renderer)
                (left, top), (right, bottom) = ax.transData.transform(
                    [(x - 0.5, y - 0.5), (x + 0.5, y + 0.5)]
                )
                assert left < room.x0 and room.x1 < right and bottom < room.y0 and room.y1 < top
    written = {text.text for text in ET.fromstring(files["level_grid.svg"]).iter(f"{SVG}text")}
    table = published.level_grid
    assert {f"{n:,}" for side in ("before", "after") for n in table[f"persons_{side}"] if n} <= written


def ax_of() -> tuple[Figure, matplotlib.axes.Axes]:
    figure = Figure()
    return figure, figure.add_axes((0.1, 0.1, 0.8, 0.8))


def test_releases_are_drawn_as_they_stand_in_the_table(published):
    table = picture_tables.releases_by_month(published)
    _, ax = ax_of()
    assert releases.plot_releases(table, ax) is ax
    lines = {line.get_color(): line for line in ax.get_lines()}
    assert list(lines[style.BLUE].get_ydata()) == table["with"].tolist()
    assert list(lines[style.VERMILLION].get_ydata()) == table["without"].tolist()
    assert lines[style.BLUE].get_linestyle() != lines[style.VERMILLION].get_linestyle()  # not by colour alone
    assert ax.get_ylim()[0] == 0 and ax.get_ylim()[1] >= table["with_high_90"].max()
    written = " ".join(text.get_text() for text in ax.texts)
    november = table.set_index("month").loc["2015-11"]
    releases.name_the_step(table, ax)
    written = " ".join(text.get_text() for text in ax.texts)
    assert f"November 2015: {november['with']:,.0f} released" in written
    assert f"{november['with_low_90']:,.0f} to {november['with_high_90']:,.0f}" in written


def test_the_table_of_releases_is_that_of_the_result(published):
    table = picture_tables.releases_by_month(published).set_index("month")
    whole = published.releases_by_month.set_index(["quantity", "drug", "month"]).sort_index()
    assert table["with"].to_dict() == whole.loc["releases_with", "all"]["value"].to_dict()
    assert table["without"].to_dict() == whole.loc["releases_without", "all"]["value"].to_dict()
    assert table["with_high_50"].to_dict() == whole.loc["releases_with", "all"]["high_50"].to_dict()
    drugs = picture_tables.releases_by_drug(published)
    assert "all" not in set(drugs["drug"])
    total = drugs.groupby("month")["without"].sum()
    assert total.to_dict() == pytest.approx(table["without"].to_dict())


def test_custody_names_the_month_with_most_fewer_inside(published):
    table = picture_tables.in_custody(published)
    _, ax = ax_of()
    assert custody.plot_custody(table, ax) is ax
    gap = table["without"] - table["with"]
    written = " ".join(text.get_text() for text in ax.texts)
    assert f"{gap.max():,.0f} fewer" in written
    assert releases.month_name(table["month"][gap.idxmax()]) in written


def test_both_distributions_are_drawn_and_life_is_written_out(published):
    table = picture_tables.time_served(published)
    finite, life = table[table["from_years"].notna()], table[table["from_years"].isna()]
    _, ax = ax_of()
    assert before_after.plot_before_after(table, ax) is ax
    drawn = [list(patch.get_data()[0]) for patch in ax.patches]
    assert finite["before"].tolist() in drawn and finite["after"].tolist() in drawn
    eligible = published["eligible"]["value"]
    for side in ("before", "after"):
        assert finite[side].sum() + life[side].sum() == eligible
    written = " ".join(text.get_text() for text in ax.texts)
    if life["before"].sum():
        assert f"life, {life['before'].sum()} before" in written
    assert f"mean\n{published['served_before_years']['value']:.1f}" in written


def test_the_waterfall_starts_with_everybody_and_ends_with_the_eligible(published):
    table = picture_tables.eligibility_waterfall(published)
    _, ax = ax_of()
    assert waterfall.plot_waterfall(table, ax) is ax
    bars = [(bar.get_x(), bar.get_width()) for bar in ax.patches]
    assert bars[0] == (0, published["stock"]["value"]) and bars[-1] == (0, published["eligible"]["value"])
    for (start, width), (before, _) in zip(bars[2:-1], bars[1:-2], strict=True):
        assert start + width == before  # each bar hangs where the one above ended
    assert sum(width for _, width in bars[1:-1]) == bars[0][1] - bars[-1][1]


def test_the_scorecard_marks_inside_and_outside_by_shape_too(published):
    table = picture_tables.scorecard(published)
    _, ax = ax_of()
    assert scorecard.plot_scorecard(table, ax) is ax
    marked = [line for line in ax.get_lines() if line.get_marker() in ("o", "X")]
    markers = {line.get_ydata()[0]: line.get_marker() for line in marked}
    assert markers == {
        place: "o" if inside else "X" for place, inside in enumerate(table["in_published_band"].astype(bool))
    }
    assert set(markers.values()) == {"o", "X"}
    assert table["value_percent"].tolist() == pytest.approx(
        (100 * table["value"] / table["published"]).tolist()
    )


def test_the_grid_shows_the_people_of_each_cell(published):
    table = published.level_grid
    assert table["persons_before"].sum() == table["persons_after"].sum() == published["stock"]["value"]
    assert (table["persons_before"] - table["persons_leaving"] + table["persons_arriving"]).tolist() == (
        table["persons_after"].tolist()
    )
    _, ax = ax_of()
    assert grid.plot_grid(table, ax, "before", 100.0) is ax
    held = table[table["persons_before"] > 0]
    places = zip(
        held["criminal_history_category"], held["offense_level"], held["persons_before"], strict=True
    )
    written = [(*text.get_position(), int(text.get_text().replace(",", ""))) for text in ax.texts]
    assert written == list(places)


def test_the_ladder_is_the_drug_quantity_table(published):
    table = picture_tables.drug_ladder(published)
    assert set(table["drug"]) == {"Cocaine", "Cocaine Base", "Heroin", "Marihuana", "Methamphetamine"}
    heroin = table[table["drug"] == "Heroin"]
    steps = {
        edition: dict(zip(part["at_least"], part["base_offense_level"], strict=True))
        for edition, part in heroin.groupby("edition")
    }
    # Amendment 782: one kilogram of heroin was level 32 and is level 30; 30 and 90 kilograms are level 38.
    assert (steps["before"][1000.0], steps["after"][1000.0]) == (32, 30)
    assert (max(steps["before"]), max(steps["after"])) == (30_000.0, 90_000.0)
    _, ax = ax_of()
    assert ladder.plot_ladder(heroin, ax) is ax
    before = next(line for line in ax.get_lines() if line.get_color() == style.VERMILLION)
    assert dict(zip(before.get_xdata(), before.get_ydata(), strict=True))[1000.0] == 32
    assert ax.get_xscale() == "log"


def test_any_drug_can_have_a_ladder_of_its_own(small):
    *standard, own = pictures(small, ["pcp"])
    found = own.files(small)
    assert len(standard) == len(plots.NAMES) - 1
    assert "drug_ladder_pcp.svg" in found
    assert set(pd.read_csv(io.BytesIO(found["drug_ladder_pcp.csv"]))["drug"]) == {"PCP"}
    with pytest.raises(SimulationError, match=r"no drug 'herion' .*did you mean Heroin\?"):
        pictures(small, ["herion"])


def test_pictures_read_from_a_folder_are_drawn_as_before(small, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.output.plots.catalogue.STANDARD", (STANDARD[0], STANDARD[5]))
    folder = store.write(small, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (folder / "pictures").iterdir()}
    assert len(before) == 8
    (folder / "pictures" / "releases_by_month.svg").write_bytes(b"spoilt")
    store.redraw(folder)
    assert {path.name: path.read_bytes() for path in (folder / "pictures").iterdir()} == before
    (folder / "pictures" / "mine.txt").write_text("mine")
    with pytest.raises(SimulationError, match="beside an earlier set of pictures"):
        store.redraw(folder)
    assert (folder / "pictures" / "mine.txt").read_text() == "mine"


@pytest.mark.slow
@pytest.mark.parametrize(
    "changed",
    [
        {"judges.approval_rate": 0.0, "judges.approval_spread": 0.0},
        {"dates.horizon_months": 1},
        {"people.stock": 50},
        {"limits.criminal_history_categories": (1,), "limits.exclude_weapon": True},
    ],
)
def test_extreme_scenarios_are_drawn_too(changed):
    scenario = Scenario.load("drugs-minus-two").but({"people.stock": 500, **changed})
    assert len(plots.files(run(scenario, worlds=0))) >= 4 * 8


def test_the_theme_for_newsrooms_leaves_the_words_to_the_page_around(small):
    (picture,) = [each for each in STANDARD if each.name == "releases_by_month"]
    house = picture.files(small, Look(formats=("svg",)))
    bare = picture.files(small, Look(formats=("svg",), theme="newsroom"))
    title = picture.title(picture.numbers(small))
    told = [
        [text.text or "" for text in ET.fromstring(each["releases_by_month.svg"]).iter(f"{SVG}text")]
        for each in (house, bare)
    ]
    assert any("Source:" in line for line in told[0]) and not any("Source:" in line for line in told[1])
    assert any(line in title for line in told[0] if line) and told[1]
    assert (
        title in bare["releases_by_month.txt"].decode()
        and "Source:" in bare["releases_by_month.txt"].decode()
    )
    assert house["releases_by_month.csv"] == bare["releases_by_month.csv"]
    with pytest.raises(SimulationError, match="no theme 'dark'; there are house, newsroom"):
        Look(theme="dark")


CLIENT = {
    "sentenced_on": "2011-05-12", "drugs": [{"drug": "heroin", "quantity": 0.8, "unit": "kg"}],
    "acceptance": -3, "criminal_history_category": "III", "imposed_term_months": 97,
    "sentence_began_on": "2011-06-01",
}  # fmt: skip


@pytest.mark.parametrize("width", [360, 600, 1200])
def test_one_persons_time_is_drawn_from_sentence_to_door(width):
    answer = guidelines.analyze_case(CLIENT)
    release = answer["release"]
    table = door.days(answer)
    doors = table[table["step"] == "door"].set_index("side")["on"]
    assert doors["original"] == release["original"]["release_date"]
    assert doors["reduced"] == release["reduced"]["release_date"] < doors["original"]
    told = door.tell(table)
    assert "Term as imposed: " in told and "Term as reduced: " in told
    assert "months earlier" in door.find(table)
    drawn = ET.fromstring(door.drawing(answer, "svg", Look(width)))
    assert float(drawn.get("width", "0pt").removesuffix("pt")) == pytest.approx(width * 72 / 100)


def test_who_has_no_day_of_release_gets_a_line_and_no_picture():
    with pytest.raises(SimulationError, match="gives no release date"):
        without = {name: value for name, value in CLIENT.items() if name != "imposed_term_months"}
        door.drawing(guidelines.analyze_case(without), "svg")


def test_the_docket_adds_up_the_districts_and_stands_beside_what_was_reported(small):
    table = picture_tables.docket(small)
    by_month = small.motions.groupby("month")
    assert table["granted"].tolist() == by_month["granted"].sum().tolist()
    assert table["decided"].sum() == pytest.approx(small.motions["decided"].sum())
    assert table["granted"].is_monotonic_increasing and table["reported"].isna().all()
    headline = small.headline.copy()
    headline.loc["released_first_wave", "published"] = 6112.0
    known = picture_tables.docket(replace(small, headline=headline)).set_index("month")["reported"]
    assert known["2015-10"] == figure("outcome_motions", "O01")
    assert known["2016-04"] == figure("outcome_motions", "O02")
    assert known.notna().sum() == 2
