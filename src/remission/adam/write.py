"""All data sets of a study as files."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from remission.adam.dataset import as_dataset_json
from remission.adam.events import make_adae
from remission.adam.responses import make_adrs
from remission.adam.subjects import make_adsl
from remission.adam.times import make_adtte
from remission.analyses.material import Material

FOLDER = "adam"


def write_adam(folder: Path, material: Material, *, study: str) -> list[Path]:
    """Write adsl.json, adtte.json, adrs.json and adae.json into `folder`/adam.

    Args: study: STUDYID.
    Returns: the files.
    """
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    made = dt.datetime.now(dt.UTC).replace(microsecond=0)
    written = []
    for make in (make_adsl, make_adtte, make_adrs, make_adae):
        dataset = make(material, study=study)
        path = target / f"{dataset.name.lower()}.json"
        document = as_dataset_json(dataset, study=study, made=made)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written
