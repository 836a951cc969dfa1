"""A made-up cohort of any size with the columns of the first study, labelled as synthetic on every page.

python benchmarks/synthetic.py FOLDER [PATIENTS]
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

HEADER = (
    "Case", "Age", "Sex", "Prior treatment", "Blasts before", "MRD before", "Blasts after", "MRD after", "CR", "Next",
    "Graft on day", "Relapse", "Relapse on day", "Live", "Follow-up",
)  # fmt: skip

STUDY = """\
[study]
name = "synthetic"
title = "Synthetic patients, made up to measure speed"
about = "patients drawn at random; none of them exists"
data = "benchmarks/synthetic.py"
kind = "synthetic"

[[source]]
name = "Synthetic"
file = "synthetic.csv"

[source.records]
"marrow@before" = { visit = "before", day = 0 }
"marrow@after" = { visit = "end of course", day = 15 }
"therapies@before" = { relation = "before" }
"therapies@after" = { relation = "after" }

[[source.column]]
header = "Case"
to = "patients.patient"

[[source.column]]
header = "Age"
to = "patients.age_years"

[[source.column]]
header = "Sex"
to = "patients.sex"

[[source.column]]
header = "Prior treatment"
to = "therapies@before.kind"
values = { "Chemotherapy" = "chemotherapy", "Chemotherapy + CAR-T" = ["chemotherapy", "CAR-T"] }

[[source.column]]
header = "Blasts before"
to = "marrow@before.blasts_percent"

[[source.column]]
header = "MRD before"
to = "marrow@before.mrd_percent"
floor = 0.01

[[source.column]]
header = "Blasts after"
to = "marrow@after.blasts_percent"

[[source.column]]
header = "MRD after"
to = "marrow@after.mrd_percent"
floor = 0.01

[[source.column]]
header = "CR"
to = "marrow@after.response_reported"
values = { "Y" = "CR", "N" = "no CR" }

[[source.column]]
header = "Next"
to = "therapies@after.kind"
values = { "HSCT" = "HSCT", "CAR-T" = "CAR-T", "Chemotherapy" = "chemotherapy", "-" = "none" }

[[source.column]]
header = "Graft on day"
to = "therapies@after.start_day"

[[source.column]]
header = "Relapse"
to = "outcomes.relapse"
values = { "Y" = "yes", "N" = "no" }

[[source.column]]
header = "Relapse on day"
to = "outcomes.relapse_day"

[[source.column]]
header = "Live"
to = "outcomes.status"
values = { "Y" = "alive", "N" = "dead" }

[[source.column]]
header = "Follow-up"
to = "outcomes.follow_up_day"

[groups.response]
label = "Response"
preset = "reported"
where = { visit = "end of course" }
known_by_day = 29
reason = "the marrow was assessed on day 15"
[groups.response.levels]
"CR" = { response_reported = "CR" }
"no CR" = { response_reported = "no CR" }

[groups.mrd]
label = "Minimal residual disease"
preset = "mrd"
where = { visit = "end of course" }
known_by_day = 29
reason = "measured with the marrow of the response"

[groups.blasts]
label = "Marrow blasts before treatment"
of = "marrow.blasts_percent"
where = { visit = "before" }
levels = { "<5 %" = "< 5", "5-50 %" = "5 .. 50", ">50 %" = "> 50" }

[groups.sex]
label = "Sex"
of = "patients.sex"

[groups.next_treatment]
label = "Next treatment"
[groups.next_treatment.levels]
"HSCT" = { table = "therapies", kind = "HSCT", relation = "after" }
"CAR-T" = { table = "therapies", kind = "CAR-T", relation = "after" }
"Chemotherapy" = { table = "therapies", kind = "chemotherapy", relation = "after" }

[populations.treated]
label = "Patients given blinatumomab"

[populations.responders]
label = "Patients in complete remission"
from = "treated"
when = { group = "response", level = "CR" }
excluded = "no complete remission"

[response]
group = "response"
responders = ["CR"]

[flow]
split = "next_treatment"

[endpoints.os]
preset = "OS"

[endpoints.dfs]
preset = "DFS"
population = "responders"

[endpoints.efs]
preset = "EFS-day1"

[[analysis]]
id = "baseline"
kind = "baseline"
title = "Patients before treatment"
population = "treated"
variables = ["patients.age_years", "group.sex", "marrow.blasts_percent", "group.blasts", "marrow.mrd_percent"]
where = { marrow = { visit = "before" } }
by = "response"

[[analysis]]
id = "response"
kind = "rates"
title = "Response"
population = "treated"
of = "response"
rates = { "CR" = ["CR"] }
by = ["blasts", "sex"]

[[analysis]]
id = "mrd"
kind = "rates"
title = "Minimal residual disease"
population = "treated"
of = "mrd"
rates = { "MRD-negative" = ["MRD-negative"] }
by = ["blasts"]
denominator = "both"

[[analysis]]
id = "next"
kind = "rates"
title = "Next treatment"
population = "treated"
of = "next_treatment"
by = ["response"]

[[analysis]]
id = "follow_up"
kind = "follow-up"
title = "Follow-up"
endpoint = "os"
population = "treated"

[[analysis]]
id = "os"
kind = "survival"
title = "Overall survival"
endpoint = "os"
population = "treated"
at_months = [6, 12, 24]
by = ["response", "blasts"]

[[analysis]]
id = "dfs"
kind = "survival"
title = "Disease-free survival"
endpoint = "dfs"
population = "responders"
at_months = [6, 12, 24]
by = ["sex"]

[[analysis]]
id = "efs"
kind = "survival"
title = "Event-free survival"
endpoint = "efs"
population = "treated"
at_months = [6, 12, 24]
"""


def write_study(folder: Path, patients: int, *, seed: int = 20240501) -> Path:
    """Make `folder` with synthetic.csv and study.toml. The same seed gives the same bytes."""
    draw = random.Random(seed)  # noqa: S311  (nobody is protected by these numbers)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "synthetic.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(_patient(n, draw) for n in range(1, patients + 1))
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


def _patient(number: int, draw: random.Random) -> tuple[object, ...]:
    """One patient: remission is likelier with few blasts, death likelier without remission."""
    blasts = round(100 * draw.betavariate(0.7, 0.9))
    is_cr = draw.random() < (0.85 if blasts < 50 else 0.55)
    death = 20 + round(draw.expovariate(1 / (1500 if is_cr else 300)))
    seen = 60 + round(draw.uniform(0, 1200))
    relapse = 30 + round(draw.expovariate(1 / 700))
    end = min(death, seen)
    has_relapse = is_cr and relapse < end
    chosen = draw.choices(["HSCT", "CAR-T", "Chemotherapy", "-"], [5, 2, 3, 1])[0]
    next_day = 40 + round(draw.uniform(0, 120))
    if next_day >= end:
        chosen = "-"
    return (
        f"S{number:06d}",
        round(draw.uniform(1, 80), 1),
        draw.choice(["male", "female"]),
        draw.choice(["Chemotherapy", "Chemotherapy", "Chemotherapy + CAR-T"]),
        blasts,
        round(max(0.01, blasts * draw.uniform(0.6, 1.1)), 2) if blasts < 90 else blasts,
        draw.choice([0, 1, 2, 3]) if is_cr else round(draw.uniform(6, 95)),
        0.01 if is_cr and draw.random() < 0.85 else round(draw.uniform(0.02, 30), 2),
        "Y" if is_cr else "N",
        chosen,
        next_day if chosen != "-" else "",
        "Y" if has_relapse else "N",
        relapse if has_relapse else "",
        "N" if death <= seen else "Y",
        end,
    )


if __name__ == "__main__":
    print(write_study(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000))
