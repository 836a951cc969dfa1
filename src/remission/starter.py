"""The second half of a new study.toml: groups, endpoints and analyses that the recorded fields allow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

RESPONDING = ("CR", "CRh", "CRi")
_MRD_PRESETS = {"marrow.mrd_percent": "mrd", "marrow.mrd_reported": "mrd-reported"}


@dataclass(frozen=True)
class Visit:
    """A marrow by what it means, not by where its column stands. day: of treatment, None where nothing says."""

    name: str
    is_before: bool
    day: int | None = None

    @property
    def order(self) -> tuple[bool, float]:
        """Before treatment first, then by day; a visit without a day comes last."""
        return (not self.is_before, float("inf") if self.day is None else self.day)


@dataclass(frozen=True)
class Recorded:
    """What the proposed columns record. fields: "table.field".

    visits: "marrow.field" -> the visits at which it is recorded, earliest first; none where no sheet names visits.
    codes: "table.field" -> codes the sheet uses.
    """

    fields: frozenset[str]
    visits: dict[str, tuple[Visit, ...]]
    codes: dict[str, tuple[str, ...]]

    def has(self, *names: str) -> bool:
        return all(n in self.fields for n in names)

    def before(self, field: str) -> str:
        """The condition on a marrow before treatment that records a field: its visit, else its day; "" if none may."""
        if field in self.visits:
            return next((_visit_is(v) for v in reversed(self.visits[field]) if v.is_before), "")
        return 'day = "<= 0"' if self.has(field, "marrow.day") else ""

    def after(self, field: str) -> str:
        """The same after treatment: the visit of the response where it records the field, else the last one."""
        if field not in self.visits:
            return 'day = "> 0"' if self.has(field, "marrow.day") else ""
        found = [v for v in self.visits[field] if not v.is_before]
        response = [v for v in self.visits.get("marrow.response_reported", ()) if v in found]
        return next(map(_visit_is, reversed([*found, *response])), "")

    def has_after(self, field: str) -> bool:
        """Whether a field is recorded after treatment, as far as visits tell."""
        return self.has(field) and (field not in self.visits or bool(self.after(field)))


def _visit_is(visit: Visit) -> str:
    return f"visit = {json.dumps(visit.name, ensure_ascii=False)}"


def starter_text(recorded: Recorded) -> str:
    """TOML for [groups], [populations], [response], [endpoints] and [[analysis]], each line to be reviewed."""
    groups = "".join(part(recorded) for part in (_response, _mrd, _blasts, _codes, _next_treatment))
    pieces = [_head("who, in which groups"), groups, '[populations.treated]\nlabel = "Patients given blinatumomab"\n\n']
    pieces += [_responders(recorded), _head("endpoints"), _endpoints(recorded), _head("analyses"), _analyses(recorded)]
    return "".join(pieces)


def _head(words: str) -> str:
    return f"# ---------------------------------------------------------------- {words}\n\n"


def _where(condition: str) -> str:
    return f"where = {{ {condition} }}\n" if condition else ""


def _response(recorded: Recorded) -> str:
    if not recorded.has("marrow.response_reported"):
        return ""
    return (
        "# The response as the sheet reports it. Where counts are recorded, a preset derives it: eln2024, label.\n"
        "# known_by_day: the day by which every response was assessed; the landmark of every comparison by response.\n"
        '[groups.response]\nlabel = "Response"\npreset = "reported"\n'
        + _where(recorded.after("marrow.response_reported") or recorded.before("marrow.response_reported"))
        + "# known_by_day = 29\n"
        + _response_levels(recorded)
        + "\n"
    )


def _response_levels(recorded: Recorded) -> str:
    """The codes the sheet uses, best first; without a map of codes all of the preset stay."""
    order = ("CR", "CRh", "CRi", "MLFS", "PR", "no CR", "no response", "progression")
    seen = [c for c in order if c in recorded.codes.get("marrow.response_reported", ())]
    if not seen:
        return ""
    lines = "".join(f'"{c}" = {{ response_reported = "{c}" }}\n' for c in seen)
    return "[groups.response.levels]\n" + lines


def _mrd(recorded: Recorded) -> str:
    """Residual disease after treatment; where only the marrow before is recorded, that, and its name says so."""
    for name, preset in _MRD_PRESETS.items():
        if not recorded.has(name):
            continue
        if recorded.has_after(name):
            head = '[groups.mrd]\nlabel = "Minimal residual disease"\n'
            return f'{head}preset = "{preset}"\n' + _where(recorded.after(name)) + "# known_by_day = 29\n\n"
        head = '[groups.mrd_before]\nlabel = "Minimal residual disease before treatment"\n'
        return f'{head}preset = "{preset}"\n' + _where(recorded.before(name)) + "\n"
    return ""


def _blasts(recorded: Recorded) -> str:
    if not recorded.before("marrow.blasts_percent"):
        return ""
    return (
        '[groups.blasts]\nlabel = "Marrow blasts before treatment"\nof = "marrow.blasts_percent"\n'
        + _where(recorded.before("marrow.blasts_percent"))
        + 'levels = { "<5 %" = "< 5", "5–50 %" = "5 .. 50", ">50 %" = "> 50" }\n\n'
    )


CODES = {
    "sex": "Sex",
    "disease_status": "Disease status",
    "genetic_risk": "Genetic risk",
    "ph_positive": "Philadelphia chromosome",
}


def _codes(recorded: Recorded) -> str:
    return "".join(
        f'[groups.{name}]\nlabel = "{label}"\nof = "patients.{name}"\n\n'
        for name, label in CODES.items()
        if recorded.has(f"patients.{name}")
    )


KINDS = {
    "HSCT": "HSCT",
    "CAR-T": "CAR-T",
    "chemotherapy": "Chemotherapy",
    "blinatumomab": "Blinatumomab",
    "none": "None",
}


def _next_treatment(recorded: Recorded) -> str:
    if not recorded.has("therapies.kind"):
        return ""
    seen = [k for k in KINDS if k in recorded.codes.get("therapies.kind", ())] or list(KINDS)
    after = '{{ table = "therapies", kind = "{}", relation = "after"{} }}\n'
    lines = [f'"{KINDS[k]}" = ' + after.format(k, "") for k in seen]
    if "none" not in seen and len(seen) == 1:
        lines.append(f'"no {KINDS[seen[0]]}" = ' + after.format(seen[0], ", exists = false"))
    return (
        "# the first that fits is taken: a patient with CAR-T and then HSCT counts under HSCT\n"
        '[groups.next_treatment]\nlabel = "Next treatment"\n[groups.next_treatment.levels]\n' + "".join(lines) + "\n"
    )


def _responding(recorded: Recorded) -> tuple[str, ...]:
    """The codes of the sheet that are a remission; all where no map of codes tells which the sheet uses."""
    codes = recorded.codes.get("marrow.response_reported")
    return RESPONDING if codes is None else tuple(c for c in RESPONDING if c in codes) or ("CR",)


def _responders(recorded: Recorded) -> str:
    if not recorded.has("marrow.response_reported"):
        return ""
    seen = _responding(recorded)
    listed = ", ".join(f'"{c}"' for c in seen)
    return (
        f'[populations.responders]\nlabel = "Responders"\nfrom = "treated"\n'
        f'when = {{ group = "response", level = [{listed}] }}\n'
        'excluded = "no response"\n\n'
        f'[response]\ngroup = "response"\nresponders = [{listed}]\n\n'
    )


def _has_times(recorded: Recorded) -> bool:
    return recorded.has("outcomes.status") and (
        recorded.has("outcomes.follow_up_day") or recorded.has("outcomes.last_contact_day")
    )


def _has_relapse(recorded: Recorded) -> bool:
    return _has_times(recorded) and recorded.has("outcomes.relapse", "outcomes.relapse_day")


def _endpoints(recorded: Recorded) -> str:
    made = ""
    if recorded.has("outcomes.status"):
        made += '[endpoints.os]\npreset = "OS"\n\n'
    if _has_relapse(recorded) and recorded.has("marrow.response_reported"):
        made += (
            '[endpoints.rfs]\npreset = "RFS"\npopulation = "responders"\n\n'
            "# EFS-day1, EFS-assessment, EFS-window: when does a patient without response fail?\n"
            '[endpoints.efs]\npreset = "EFS-day1"\n\n'
        )
    return made


def _analyses(recorded: Recorded) -> str:
    """Table 1, response, MRD, next treatment, follow-up, survival, harm, listing: what can be done is asked for."""
    parts: list[Callable[[Recorded], str]] = [_ask_baseline, _ask_rates, _ask_survival, _ask_harm, _ask_listing]
    return "".join(part(recorded) for part in parts)


def _entry(lines: Iterable[str]) -> str:
    return "[[analysis]]\n" + "".join(f"{line}\n" for line in lines) + "\n"


def _ask_baseline(recorded: Recorded) -> str:
    variables = [
        f"patients.{f}"
        for f in ("age_years", "weight_kg", "prior_lines", "wbc_10e9_l")
        if recorded.has(f"patients.{f}")
    ]
    variables += [f"group.{name}" for name in CODES if recorded.has(f"patients.{name}")]
    first = recorded.before("marrow.blasts_percent")
    by_visit = first.startswith("visit")  # a value can be asked for at a visit, not in a range of days
    if first:
        variables += ["marrow.blasts_percent", "group.blasts"] if by_visit else ["group.blasts"]
    if not variables:
        return ""
    listed = ", ".join(f'"{v}"' for v in variables)
    lines = [
        'id = "baseline"',
        'kind = "baseline"',
        'title = "Patients before treatment"',
        'population = "treated"',
        f"variables = [{listed}]",
    ]
    if by_visit:
        lines.append(f"where = {{ marrow = {{ {first} }} }}")
    return _entry(lines)


def _ask_rates(recorded: Recorded) -> str:
    made = ""
    by = [f'"{n}"' for n in ("blasts",) if recorded.before("marrow.blasts_percent")]
    by += [f'"{n}"' for n in CODES if recorded.has(f"patients.{n}")]
    split = f"by = [{', '.join(by)}]"
    if recorded.has("marrow.response_reported"):
        seen = _responding(recorded)
        rates = ", ".join(f'"{c}"' for c in seen)
        name = " or ".join(seen)
        lines = ['id = "response"', 'kind = "rates"', 'title = "Response"', 'population = "treated"', 'of = "response"']
        made += _entry([*lines, f'rates = {{ "{name}" = [{rates}] }}', split])
    if next((recorded.has_after(name) for name in _MRD_PRESETS if recorded.has(name)), False):
        lines = [
            'id = "mrd"',
            'kind = "rates"',
            'title = "Minimal residual disease"',
            'population = "treated"',
            'of = "mrd"',
        ]
        made += _entry([*lines, 'rates = { "MRD-negative" = ["MRD-negative"] }', 'denominator = "both"', split])
    if recorded.has("therapies.kind"):
        lines = [
            'id = "next"',
            'kind = "rates"',
            'title = "Next treatment"',
            'population = "treated"',
            'of = "next_treatment"',
        ]
        made += _entry([*lines, *(['by = ["response"]'] if recorded.has("marrow.response_reported") else [])])
    return made


def _ask_survival(recorded: Recorded) -> str:
    made = ""
    if recorded.has("outcomes.status"):
        lines = ['kind = "follow-up"', 'title = "Follow-up"', 'endpoint = "os"', 'population = "treated"']
        made += _entry(['id = "follow_up"', *lines])
        by = [f'"{n}"' for n in ("sex", "disease_status", "genetic_risk") if recorded.has(f"patients.{n}")]
        by += ['"blasts"'] if recorded.before("marrow.blasts_percent") else []
        lines = ['kind = "survival"', 'title = "Overall survival"', 'endpoint = "os"', 'population = "treated"']
        made += _entry(['id = "os"', *lines, "at_months = [6, 12]", f"by = [{', '.join(by)}]"])
    if _has_relapse(recorded) and recorded.has("marrow.response_reported"):
        for name, title, who in (
            ("rfs", "Relapse-free survival", "responders"),
            ("efs", "Event-free survival", "treated"),
        ):
            lines = ['kind = "survival"', f'title = "{title}"', f'endpoint = "{name}"', f'population = "{who}"']
            made += _entry([f'id = "{name}"', *lines, "at_months = [6, 12]"])
    return made


def _ask_harm(recorded: Recorded) -> str:
    if not recorded.has("adverse_events.term"):
        return ""
    return _entry(
        [
            'id = "ae"',
            'kind = "adverse-events"',
            'title = "Adverse events"',
            'population = "treated"',
            'grading = "CTCAE v5.0"',
        ]
    )


def _ask_listing(recorded: Recorded) -> str:
    columns = [f"patients.{f}" for f in ("age_years", "sex", "disease_status") if recorded.has(f"patients.{f}")]
    columns += [
        f"group.{g}"
        for g, f in (("response", "marrow.response_reported"), ("next_treatment", "therapies.kind"))
        if recorded.has(f)
    ]
    if recorded.has("outcomes.status"):
        columns += ["outcomes.status", *(["endpoint.os"] if _has_times(recorded) else [])]
    if not columns:
        return ""
    listed = ", ".join(f'"{c}"' for c in columns)
    return _entry(
        ['id = "listing"', 'kind = "listing"', 'title = "Patients"', 'population = "treated"', f"columns = [{listed}]"]
    )
