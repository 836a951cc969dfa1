"""A study with every kind of analysis and many of their options, to be repeated in R.

SYNTHETIC. None of these 90 patients exists; every value comes from a seeded generator.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

PATIENTS = 90


def write_study(folder: Path) -> Path:
    """Write the two sheets and study.toml into a new folder, which is returned."""
    folder.mkdir()
    (folder / "patients.csv").write_text(_patients(), encoding="utf-8")
    (folder / "events.csv").write_text(_events(), encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


def _patients() -> str:
    rng = np.random.default_rng(20_261_120)
    lines = ["id,arm,sex,centre,age,wbc,blasts,last,state,relapse,hsct,cr,cutoff,mrd"]
    for i in range(PATIENTS):
        arm, sex, centre = "ABC"[i % 3], rng.choice(["m", "f"]), rng.choice(["north", "south", "≥ coast"])
        last = int(rng.exponential(500)) + 5
        dead = rng.random() < 0.55
        hsct = int(rng.integers(10, 300)) if rng.random() < 0.5 else None
        cr = int(rng.integers(0, 40)) if rng.random() < 0.8 else None
        relapse = None if cr is None or rng.random() > 0.5 else cr + int(rng.exponential(150)) + 1
        cells = [
            f"p{i}", arm, sex, centre, round(float(rng.uniform(18, 80)), 1), int(rng.integers(1, 9)),
            rng.choice(["", "3", "30", "45.5", "60", "88"]), last, "dead" if dead else "alive",
            relapse if relapse is not None and relapse < last else "", hsct if hsct is not None and hsct < last else "",
            cr if cr is not None and cr < last else "", last + (0 if dead else 50), rng.choice(["neg", "pos", ""]),
        ]  # fmt: skip
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def _events() -> str:
    rng = np.random.default_rng(7)
    lines = ["id,what,how bad"]
    for i in range(0, PATIENTS, 2):
        for _ in range(int(rng.integers(1, 4))):
            lines.append(f"p{i},{rng.choice(['fever', 'CRS', 'seizure'])},{rng.choice(['', '1', '2', '3', '4'])}")
    return "\n".join(lines) + "\n"


STUDY = """
[study]
name = "every"
title = "Every kind of analysis"
data = "synthetic"
kind = "published"

[origin]
what = "day 1 of the first cycle"

[[source]]
name = "patients"
file = "patients.csv"
[source.records]
"therapies@hsct" = { kind = "HSCT", relation = "after" }
"marrow@before" = { visit = "before", day = 0 }
"marrow@after" = { visit = "after", day = 15 }
[[source.column]]
header = "id"
to = "patients.patient"
[[source.column]]
header = "arm"
to = "patients.arm"
[[source.column]]
header = "sex"
to = "patients.sex"
values = { "m" = "male", "f" = "female" }
[[source.column]]
header = "centre"
to = "patients.centre"
[[source.column]]
header = "age"
to = "patients.age_years"
[[source.column]]
header = "wbc"
to = "patients.wbc_10e9_l"
unit = "10^9/L"
[[source.column]]
header = "blasts"
to = "marrow@before.blasts_percent"
[[source.column]]
header = "last"
to = "outcomes.follow_up_day"
[[source.column]]
header = "state"
to = "outcomes.status"
[[source.column]]
header = "relapse"
to = "outcomes.relapse_day"
[[source.column]]
header = "hsct"
to = "therapies@hsct.start_day"
[[source.column]]
header = "cr"
to = "outcomes.remission_day"
[[source.column]]
header = "cutoff"
to = "patients.cutoff_day"
[[source.column]]
header = "mrd"
to = "marrow@after.mrd_reported"
values = { "neg" = "negative", "pos" = "positive" }

[[source]]
name = "events"
file = "events.csv"
[[source.column]]
header = "id"
to = "adverse_events.patient"
[[source.column]]
header = "what"
to = "adverse_events.term"
[[source.column]]
header = "how bad"
to = "adverse_events.grade"

[groups.arm]
label = "Arm"
of = "patients.arm"
[groups.sex]
label = "Sex"
of = "patients.sex"
[groups.centre]
label = "Centre"
of = "patients.centre"
[groups.remission]
label = "Remission"
known_by_day = 40
reason = "the marrow of day 40"
[groups.remission.levels]
"remission" = { table = "outcomes", remission_day = "recorded" }
"no remission" = { table = "outcomes", remission_day = "missing" }
[groups.load]
label = "Blasts"
of = "marrow.blasts_percent"
where = { visit = "before" }
levels = { "≤50 %" = "<= 50", ">50 %" = "> 50" }
[groups.mrd]
label = "MRD"
preset = "mrd-reported"
where = { visit = "after" }
known_by_day = 15
reason = "the marrow of day 15"

[populations.all]
label = "Everybody"
[populations.remitted]
label = "In remission"
from = "all"
when = { group = "remission", level = "remission" }
excluded = "no remission"

[flow]
split = "arm"

[sources.relapse]
label = "relapse"
table = "outcomes"
when = { relapse_day = "recorded" }
day = "relapse_day"
[sources.remission]
label = "complete remission"
table = "outcomes"
when = { remission_day = "recorded" }
day = "remission_day"

[endpoints.os]
preset = "OS"
[endpoints.hsct]
label = "Time to transplantation"
short = "HSCT"
about = "from the origin to transplantation"
start = "origin"
events = ["hsct"]
censor = ["last_contact", "death"]
favourable = true
[endpoints.causes]
label = "Relapse and death without relapse"
short = "CIR"
about = "from remission to relapse, death without relapse competing"
start = "remission"
events = ["relapse"]
competing = ["death"]
censor = ["last_contact"]
population = "remitted"

[[analysis]]
id = "baseline"
kind = "baseline"
title = "Patients by arm"
population = "all"
variables = ["patients.age_years", "patients.wbc_10e9_l", "marrow.blasts_percent", "group.load", "group.centre"]
where = { marrow = { visit = "before" } }
by = "arm"
tests = true
[[analysis]]
id = "by_sex"
kind = "baseline"
title = "Patients by sex"
population = "all"
variables = ["patients.age_years", "patients.wbc_10e9_l", "group.centre"]
by = "sex"
tests = true
quartiles = 7
[[analysis]]
id = "mrd"
kind = "rates"
title = "MRD"
population = "all"
of = "mrd"
by = ["arm", "centre"]
denominator = "both"
interval = "mid-p"
[[analysis]]
id = "remission"
kind = "rates"
title = "Remission"
population = "all"
of = "remission"
rates = { "remission" = ["remission"] }
by = ["sex", "load"]
interval = "wilson"
[[analysis]]
id = "jeffreys"
kind = "rates"
title = "Remission again"
population = "remitted"
of = "remission"
interval = "jeffreys"
[[analysis]]
id = "safety"
kind = "adverse-events"
title = "Adverse events"
population = "all"
[[analysis]]
id = "grafts"
kind = "records"
title = "Grafts"
population = "all"
table = "therapies"
unit = "grafts"
where = { kind = "HSCT" }
variables = ["start_day", "kind"]
[[analysis]]
id = "follow_up"
kind = "follow-up"
title = "Follow-up"
endpoint = "os"
population = "all"
[[analysis]]
id = "os"
kind = "survival"
title = "Survival"
endpoint = "os"
population = "all"
at_months = [0.1, 6, 12]
by = ["arm", "sex", "remission"]
rmst_months = 12
interval = "arcsine-sqrt"
[[analysis]]
id = "later"
kind = "later-event"
title = "Transplantation"
endpoint = "os"
switch = "hsct"
population = "all"
before = "not yet"
after = "transplanted"
at_months = [3, 12]
landmarks_days = [60, 120]
[[analysis]]
id = "later_causes"
kind = "later-event"
title = "Transplantation and relapse"
endpoint = "os"
switch = "hsct"
population = "all"
before = "not yet"
after = "transplanted"
at_months = [3, 12]
landmarks_days = [60]
occupancy = "causes"
adjust_for = ["group.sex", "patients.age_years"]
[[analysis]]
id = "cir"
kind = "incidence"
title = "Relapse"
endpoint = "causes"
population = "remitted"
event_label = "relapse"
competing_label = "death without relapse"
at_months = [0.1, 6, 12]
by = ["arm", "sex"]
[[analysis]]
id = "cox"
kind = "regression"
title = "Within centres"
endpoint = "os"
population = "all"
covariates = ["group.arm", "patients.age_years", "group.load"]
per = { "patients.age_years" = 10 }
where = { marrow = { visit = "before" } }
strata = "centre"
firth = "never"
[[analysis]]
id = "trend"
kind = "regression"
title = "Breslow, with residuals"
endpoint = "os"
population = "all"
covariates = ["group.sex", "patients.age_years"]
ties = "breslow"
firth = "never"
residuals = true
[[analysis]]
id = "firth"
kind = "regression"
title = "Penalised"
endpoint = "os"
population = "all"
covariates = ["group.arm", "group.sex", "group.centre", "patients.wbc_10e9_l"]
firth = "always"
[[analysis]]
id = "fine_gray"
kind = "regression"
title = "Subdistribution"
endpoint = "causes"
population = "remitted"
covariates = ["group.arm", "patients.age_years"]
model = "fine-gray"
[[analysis]]
id = "list"
kind = "listing"
title = "Patients"
population = "all"
columns = ["patients.age_years"]
"""
