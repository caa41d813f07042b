"""The report as readers have it: by keyboard, read aloud, in the dark, on paper, on a telephone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from sim.output.finding import headline, tellable
from sim.output.picture_tables import in_custody
from sim.output.plots.picture import csv
from sim.output.plots.words import amount, number
from sim.output.report.explorer import sentence
from sim.runner import run
from sim.studies.explorer_axes import changes

pytestmark = pytest.mark.browser

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
ENOUGH = 4.5


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def tab_to(page, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(60):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def answer(page) -> str:
    return plain(page.locator("#answer").inner_text())


def test_no_request_leaves_the_page_and_nothing_is_complained_about(opened, made):
    there = opened()
    there.page.keyboard.press("End")
    there.page.wait_for_load_state("networkidle")
    assert there.requests == there.answers == [made.file.as_uri()]
    assert there.complaints == []


def test_the_page_itself_would_stop_a_request(opened, made):
    there = opened()
    there.page.evaluate("fetch('x.json').catch(() => 0)")
    there.page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: 'x.png'}))")
    there.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    there.page.wait_for_timeout(200)
    assert there.answers == [made.file.as_uri()] and there.page.evaluate("window.ran") is None
    assert all("Content Security Policy" in complaint for complaint in there.complaints) and there.complaints


def test_the_headline_is_the_first_thing_said(opened, made):
    page = opened().page
    assert plain(page.locator(".lead").inner_text()) == headline(made.result)
    assert page.title() == made.result.scenario.title


def test_controls_moved_by_keyboard_say_the_numbers_of_the_library(opened, made):
    page = opened().page
    grid = made.explorer
    chosen = [axis.own for axis in grid.axes]
    assert answer(page) == sentence(grid, chosen)
    tab_to(page, "[name=levels]:checked")
    page.keyboard.press("ArrowDown")
    chosen[0] += 1
    assert answer(page) == sentence(grid, chosen)
    tab_to(page, "[name=delay]:checked")
    page.keyboard.press("ArrowUp")
    chosen[1] = 0
    assert answer(page) == sentence(grid, chosen)
    tab_to(page, "[name=excluded]:checked")
    page.keyboard.press("ArrowDown")
    chosen[2] = 1
    assert answer(page) == sentence(grid, chosen)
    for place, name in ((3, "filing"), (4, "approval")):
        tab_to(page, f"#{name}")
        page.keyboard.press("ArrowLeft")
        chosen[place] -= 1
        assert answer(page) == sentence(grid, chosen)
        label = grid.axes[place].choices[chosen[place]].label
        assert plain(page.locator(f"#{name}").get_attribute("aria-valuetext")) == label
        assert plain(page.locator(f"#{name}-shown").inner_text()) == label
    asked = made.result.scenario.but(changes(grid.axes, chosen))
    found = run(asked, made.result.seed, worlds=len(made.result.worlds)).headline
    for name in ("eligible", "bed_years_saved", "more_released_by_a_year_later"):
        assert number(found.loc[name, "value"]) in answer(page)
        shown = plain(page.locator(f"#value-{name}").inner_text())
        assert shown == amount(found.loc[name, "value"], found.loc[name, "unit"])
    tab_to(page, "#back")
    page.keyboard.press("Enter")
    assert answer(page) == sentence(grid, [axis.own for axis in grid.axes])
    assert page.locator("[name=levels]:checked").get_attribute("value") == str(grid.axes[0].own)


def test_every_position_of_the_slider_says_its_own_sentence(opened, made):
    page = opened().page
    page.locator("#approval").focus()
    page.keyboard.press("Home")
    grid = made.explorer
    base = [axis.own for axis in grid.axes[:-1]]
    for place in range(len(grid.axes[-1].choices)):
        assert answer(page) == sentence(grid, [*base, place])
        page.keyboard.press("ArrowRight")


def test_a_choice_stands_in_the_address_and_its_numbers_can_be_taken_away(opened, made):
    page = opened().page
    tab_to(page, "[name=levels]:checked")
    page.keyboard.press("ArrowDown")
    grid = made.explorer
    chosen = [grid.axes[0].own + 1, *(axis.own for axis in grid.axes[1:])]
    address = page.url
    assert address.endswith(f"#explore?levels={chosen[0]}")
    with page.expect_download() as taken:
        page.locator("#save").click()
    text = taken.value.path().read_text(encoding="utf-8")
    assert number(grid.at(*chosen).loc["eligible", "value"]) in text
    page.locator("#back").click()
    assert page.url.endswith("#explore") and answer(page) == sentence(grid, [axis.own for axis in grid.axes])
    page.goto(address)
    assert answer(page) == sentence(grid, chosen)
    page.goto(address.replace(f"levels={chosen[0]}", "levels=99&nonsense=1"))
    assert answer(page) == sentence(
        grid, [axis.own for axis in grid.axes]
    )  # what is no choice changes nothing


def test_a_page_come_back_to_shows_what_its_controls_show(opened, made):
    page = opened().page
    page.locator("#approval").focus()
    page.keyboard.press("Home")
    page.goto("about:blank")
    page.go_back()
    place = int(page.locator("#approval").input_value())
    base = [axis.own for axis in made.explorer.axes[:-1]]
    assert answer(page) == sentence(made.explorer, [*base, place])


def test_a_screen_reader_is_told_the_answer_and_the_names_of_the_controls(opened):
    page = opened().page
    assert page.locator("#answer").get_attribute("aria-live") == "polite"
    assert page.get_by_role("status").count() == 1
    for name in ("Levels off", "Delay of releases", "Who is left out"):
        assert page.get_by_role("group", name=name).get_by_role("radio").count() >= 2
    assert page.get_by_role("slider", name="Motions granted").count() == 1
    assert page.get_by_role("img").count() == page.locator("figure .wide svg").count() >= 9


@pytest.mark.parametrize("scheme, width", [("light", 600), ("dark", 1200)])
def test_axe_finds_nothing(opened, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    found = axe.Axe().run(page, options={"iframes": False})
    assert [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found.response["violations"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out(opened, scheme):
    page = opened(color_scheme=scheme).page
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    measured = page.evaluate(MEASURE)
    assert len([each for each in measured if each["drawn"]]) > 300
    assert len([each for each in measured if not each["drawn"]]) > 1000
    assert [each for each in measured if each["contrast"] < ENOUGH] == []


def test_the_measure_of_contrast_sees_what_is_too_pale(opened):
    page = opened().page
    page.evaluate("document.querySelector('.lead').style.color = '#888888'")
    page.evaluate("document.querySelector('svg text').style.fill = '#d55e00'")
    pale = {round(each["contrast"], 2) for each in page.evaluate(MEASURE) if each["contrast"] < ENOUGH}
    assert pale == {3.54, 3.87}  # grey 136 and the vermillion of lines, on white


def test_the_dark_scheme_is_dark_and_leaves_pictures_on_white(opened):
    page = opened(color_scheme="dark").page
    colors = page.evaluate(
        "[document.body, document.querySelector('.picture')].map(e => getComputedStyle(e).backgroundColor)"
    )
    assert colors == ["rgb(22, 22, 22)", "rgb(255, 255, 255)"]


def test_on_paper_controls_are_gone_and_their_sentence_is_there(opened, made):
    page = opened(color_scheme="dark").page
    page.locator("#approval").focus()
    page.keyboard.press("Home")
    said = answer(page)
    page.emulate_media(media="print")
    assert not page.locator("#controls").is_visible() and not page.locator("nav").is_visible()
    assert page.locator("#answer").is_visible() and answer(page) == said
    assert not page.get_by_text("The answer in numbers").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert all(each["contrast"] >= ENOUGH for each in page.evaluate(MEASURE))


def test_on_paper_a_long_table_is_there_if_it_was_unfolded(opened, made):
    page = opened().page
    districts = list(made.result.by_group.query("dimension == 'district'")["group"].unique())
    assert len(districts) > 90
    page.emulate_media(media="print")
    assert not page.get_by_role("rowheader", name=districts[0], exact=True).is_visible()
    page.locator("summary", has_text="By district").evaluate("it => { it.parentElement.open = true; }")
    shown = plain(page.locator("body").inner_text())
    assert all(name in shown for name in districts)


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_on_paper_the_report_has_as_many_pages_as_a_reader_prints(opened, size):
    page = opened().page
    assert 6 <= len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=size))) <= 12


@pytest.mark.parametrize("width", [360, 600, 1200])
def test_the_page_is_never_wider_than_the_window(opened, width):
    page = opened(viewport={"width": width, "height": 800}).page
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.wait_for_timeout(100)
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll, .picture, pre')].filter(e => e.scrollWidth > e.clientWidth)"
        ".map(e => e.tabIndex)"
    )
    assert set(wide) <= {0}


@pytest.mark.parametrize("width", [360, 600, 1200])
def test_charts_fit_the_window_whole_and_one_of_each_is_shown(opened, width):
    page = opened(viewport={"width": width, "height": 800}).page
    cut = "[...document.querySelectorAll('.picture')].filter(e => e.scrollWidth > e.clientWidth).length"
    assert page.evaluate(cut) == 0
    shown = (
        "[...document.querySelectorAll('.picture')].map(e => [...e.querySelectorAll('svg')]"
        ".filter(s => s.getClientRects().length).length)"
    )
    assert set(page.evaluate(shown)) == {1}


def test_a_chart_is_downloaded_as_it_is_shown(opened, tmp_path):
    page = opened().page
    with page.expect_download() as waited:
        page.get_by_role("button", name=re.compile("^Download this chart")).first.click()
    file = tmp_path / "chart.svg"
    waited.value.save_as(file)
    root = ET.fromstring(file.read_text(encoding="utf-8"))
    name = "{http://www.w3.org/2000/svg}"
    assert waited.value.suggested_filename.endswith(".svg") and root.tag == f"{name}svg"
    rules = root.findtext(f"{name}style") or ""
    used = {part for each in root.iter() for part in (each.get("class") or "").split()}
    assert used and all(f".{each} " in rules or f".{each}{{" in rules for each in used)
    assert page.locator("figure.picture svg title").first.text_content() in file.read_text(encoding="utf-8")


def test_the_numbers_of_a_chart_are_those_of_its_file(opened, made):
    page = opened().page
    with page.expect_download() as waited:
        page.get_by_role("button", name=re.compile("^Download its numbers")).nth(1).click()
    assert waited.value.suggested_filename == "in_custody.csv"
    assert waited.value.path().read_bytes() == csv(in_custody(tellable(made.result)))


@pytest.mark.parametrize("width, least", [(360, 9.0), (600, 9.0), (1200, 13.0)])
def test_letters_in_pictures_can_be_read(opened, width, least):
    page = opened(viewport={"width": width, "height": 800}).page
    sizes = page.evaluate(
        "[...document.querySelectorAll('figure svg text')].filter(e => e.getClientRects().length)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a)"
    )
    assert min(sizes) >= least


def test_without_scripts_the_answers_stand_in_a_table(opened, made):
    page = opened(java_script_enabled=False).page
    assert not page.locator("#controls").is_visible()
    page.get_by_text("Every combination", exact=True).click()
    assert (
        page.get_by_role("table", name=re.compile("^Every combination with")).locator("tbody tr").count()
        == 12
    )
