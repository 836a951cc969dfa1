"""Whatever stands in a sheet, a proposal is made of it that can be loaded, or an error a user can mend."""

from __future__ import annotations

import csv
import io
import tempfile
import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.propose import propose_study
from remission.cohort.schema import load_schema
from remission.cohort.source_spec import SourceSpec
from remission.core.errors import RemissionError
from remission.core.settings import load

HEADERS = sorted({a for t in load_schema().tables.values() for f in t.fields.values() for a in f.aliases})
CELLS = st.one_of(
    st.sampled_from(
        ["", "-", "Y", "N", "CR", "0.01", "<0.01%", "12,5", "01.02.2021", "2021-02-01", "HSCT + CAR-T", '"', "\\"]
    ),
    st.integers(-5, 400).map(str),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(HEADERS), min_size=2, max_size=8, unique=True), st.data())
def test_any_sheet_gives_a_proposal_that_loads(headers: list[str], data: st.DataObject) -> None:
    """No cell, quote or backslash breaks the text, and every line of it is known to study.toml."""
    row = st.lists(CELLS, min_size=len(headers), max_size=len(headers))
    rows = data.draw(st.lists(row, min_size=2, max_size=8))
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ward.csv"
        path.write_text(out.getvalue(), encoding="utf-8")
        try:
            text = propose_study(path).to_toml()
        except RemissionError:
            return
    for source in tomllib.loads(text)["source"]:
        load(SourceSpec, source, where="source")
