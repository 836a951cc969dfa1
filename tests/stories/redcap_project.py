"""A small REDCap project, as its data dictionary and its raw export. SYNTHETIC: none of these patients exists."""

from __future__ import annotations

from pathlib import Path

DICTIONARY = """\
"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",\
"Choices, Calculations, OR Slider Labels","Field Note",\
"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",Identifier?
record_id,baseline,,text,Record ID,,,,,,
surname,baseline,,text,Surname,,,,,,y
age,baseline,,text,"<p>Age (years)</p>",,,number,18,90,
gender,baseline,,radio,Sex,"1, Male | 2, Female",,,,,
ph,baseline,,yesno,"Ph positive",,,,,,
blina_start,baseline,,text,"Date of first infusion",,,date_dmy,2015-01-01,,
site,baseline,,checkbox,"Involvement","1, CNS | -1, Extramedullary disease",,,,,
vital,follow_up,,dropdown,"Vital status","0, Alive | 1, Dead",,,,,
last_seen,follow_up,,text,"Date of last contact",,,date_dmy,,,
died,follow_up,,text,"Date of death",,,date_dmy,,,
ae_term,adverse_event,,text,"Adverse event",,,,,,
ae_grade,adverse_event,,radio,"CTCAE grade","1, 1 | 2, 2 | 3, 3 | 4, 4 | 5, 5",,,,,
ae_onset,adverse_event,,text,"Date of onset",,,date_dmy,,,
"""

# rows 2, 3, 5 and 7 are records; rows 4 and 6 adverse events of the record above
EXPORT = """\
record_id,redcap_repeat_instrument,redcap_repeat_instance,surname,age,gender,ph,blina_start,site___1,site____1,\
baseline_complete,vital,last_seen,died,follow_up_complete,ae_term,ae_grade,ae_onset,adverse_event_complete
1,,,Abel,34,2,0,2021-06-07,1,0,2,0,2023-01-10,,2,,,,
2,,,Bach,51,1,1,2021-07-01,0,0,0,1,,2021-12-24,2,,,,
2,adverse_event,1,,,,,,0,0,,,,,,CRS,2,2021-07-03,2
3,,,Cramer,95,1,0,2021-08-11,0,1,2,0,2023-03-02,,2,,,,
3,adverse_event,1,,,,,,0,0,,,,,,infection,3,2021-08-20,2
4,,,Dorn,28,2,0,2021-09-05,0,0,2,0,2023-02-14,,2,,,,
"""


def write_project(folder: Path, *, export: str = EXPORT, dictionary: str = DICTIONARY) -> tuple[Path, Path]:
    """Write data.csv and dictionary.csv."""
    data, words = folder / "data.csv", folder / "dictionary.csv"
    data.write_text(export, encoding="utf-8")
    words.write_text(dictionary, encoding="utf-8")
    return data, words
