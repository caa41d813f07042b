"""Tables of people in the spelling of an office are the same people."""

from __future__ import annotations

import pytest

from sim.base.errors import PopulationError, SimulationError
from sim.population.population import Population

PLAIN = """\
drug,quantity_grams,sentenced_on,criminal_history_category,imposed_term_months,district,us_citizen,race,\
acceptance
Heroin,1200,2011-05-12,III,97,Maine,true,Black,-3
Cocaine,5000,2012-03-09,I,120,Maine,false,Hispanic,-3
"""
OFFICE = """Drug;Quantity (grams);Sentence date;CHC;Sentence;DISTRICT;US Citizen;Race;Acceptance;Judge
heroin;1.2 kg;5/12/2011;Cat. III;97 months;maine;Y;black;3;José
powder cocaine;5,000 g;March 9, 2012;1;10 years;Maine;no;Hispanic;-3;Smith
"""


def people(tmp_path, content: bytes, name="people.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return Population.read(path)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_sheet_of_an_office_holds_the_same_people(tmp_path, coding, delimiter):
    plain = people(tmp_path, PLAIN.encode())
    office = people(tmp_path, OFFICE.replace(";", delimiter).encode(coding), "office.csv")
    assert office.hash == plain.hash and len(office) == 2 and not office.set_aside
    said = "\n".join(office.notices)
    assert "not used: Judge" in said and "sentenced_on: 5/12/2011 read as 12 May 2011 (month first)" in said
    assert not plain.notices


def test_an_excel_file_holds_the_same_people(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in OFFICE.splitlines():
        book.active.append(line.split(";"))
    book.save(tmp_path / "office.xlsx")
    assert Population.read(tmp_path / "office.xlsx").hash == people(tmp_path, PLAIN.encode()).hash


def test_a_slip_in_a_heading_and_a_guess_are_refused(tmp_path):
    with pytest.raises(PopulationError, match="did you mean acceptance"):
        people(tmp_path, OFFICE.replace("Acceptance", "Acceptence").encode())
    with pytest.raises(PopulationError, match="'yes' is not"):
        people(tmp_path, OFFICE.replace(";3;", ";yes;").replace(";-3;", ";yes;").encode())
    with pytest.raises(SimulationError, match=r"people are read from files ending in \.csv, \.tsv"):
        people(tmp_path, b"", "people.doc")
