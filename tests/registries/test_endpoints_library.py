"""Every packaged source, preset and response criterion is well-formed, cited and tried by a test of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.cohort.schema import load_schema
from remission.endpoints.conditions import fields_of, table_when
from remission.endpoints.engine import candidate_sql
from remission.endpoints.library import complete_endpoint, find_source, load_library
from remission.endpoints.spec import EndpointSpec

LIBRARY = load_library()
BY_HAND = "\n".join(
    p.read_text(encoding="utf-8")
    for pattern in ("test_endpoints_*.py", "test_groups_*.py")
    for p in sorted((Path(__file__).parent.parent / "by_hand").glob(pattern))
)


@pytest.mark.parametrize("name", LIBRARY.presets)
def test_preset(name: str) -> None:
    """A preset is complete, cited, in words, and solved by hand."""
    spec = complete_endpoint("x", EndpointSpec(preset=name, window_days=42))
    assert spec.citation
    assert spec.about
    assert spec.short
    assert len(set(spec.events + spec.competing)) == len(spec.events + spec.competing)
    for source_name in (*spec.events, *spec.competing, *spec.censor, *spec.end):
        source = find_source(source_name, {}, where="")
        assert candidate_sql("x", "event", 1, source, where="", window_days=42)
    assert f'preset="{name}"' in BY_HAND


@pytest.mark.parametrize("name", LIBRARY.sources)
def test_source(name: str) -> None:
    """What a source needs are fields of the schema."""
    source = LIBRARY.sources[name]
    for needed in source.needs:
        table, _, field = needed.partition(".")
        assert field in fields_of(load_schema(), table)


@pytest.mark.parametrize("name", LIBRARY.responses)
def test_response(name: str) -> None:
    """Criteria are over one marrow assessment, cited, and solved by hand."""
    preset = LIBRARY.responses[name]
    assert preset.citation
    for level, demands in preset.levels.items():
        assert table_when("marrow", demands, where=level).fields
    assert f'preset="{name}"' in BY_HAND


def test_event_free_survival_cites_who_uses_the_rule() -> None:
    """Failure on the first day is the rule of the FDA (2022) and of ELN 2022; the window has no single source."""
    cited = {name: LIBRARY.presets[name].citation for name in LIBRARY.presets}
    assert "Food and Drug Administration" in cited["EFS-day1"]
    assert "Blood 2022;140:1345-77" in cited["EFS-day1"]
    assert "Blood 2017;129:424-47" in cited["EFS-assessment"]
    assert "no single source" in cited["EFS-window"]


def test_a_study_s_lines_win_over_the_preset_s() -> None:
    """What is given replaces, what is not given stays, a policy adds its source."""
    spec = complete_endpoint("os", EndpointSpec(preset="OS", label="Alive", hsct="censor"))
    assert (spec.label, spec.short, spec.events, spec.end) == ("Alive", "OS", ("death",), ("cutoff", "hsct"))
    assert complete_endpoint("os", EndpointSpec(preset="OS", hsct="competing")).competing == ("hsct",)
