"""The synthetic ward as it really is, before anybody typed it into a workbook.

SYNTHETIC. None of these 24 patients exists; every date and value is made up.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

# id, sex, age, diagnosis, first infusion, white cells, transplant, relapse, relapse date, state, last contact or death
PATIENTS = """
001  M  53  2020-09-03  2021-04-05  1.5   2021-06-19  yes  2022-03-08  dead   2022-09-08
002  F  6   2020-07-11  2021-04-25  2.7   .           .    .           dead   2021-10-25
003  F  23  2020-12-10  2021-05-24  9.9   .           no   .           alive  2024-04-01
004  M  28  2019-05-07  2021-06-20  9.7   .           .    .           dead   2021-09-10
005  F  67  2020-12-19  2021-07-22  21.4  .           yes  2022-01-05  alive  2024-04-30
006  F  36  2021-04-10  2021-08-10  4.0   2021-10-21  no   .           alive  2024-03-17
007  F  53  2020-06-01  2021-09-11  2.0   .           no   .           alive  2024-05-27
008  M  15  2020-12-21  2021-10-13  3.6   2022-01-19  no   .           alive  2024-05-18
009  M  15  2020-10-25  2021-11-15  4.2   2022-02-19  yes  2022-04-18  alive  2024-04-26
010  M  42  2021-06-10  2021-11-29  1.5   2022-03-02  yes  2022-08-05  alive  2024-05-17
011  M  12  2020-07-05  2022-01-01  6.6   .           yes  2022-05-12  dead   2022-11-03
012  F  4   2021-07-02  2022-01-28  11.7  .           .    .           alive  2024-04-12
013  M  23  2020-04-04  2022-02-20  60.3  2022-05-11  no   .           alive  2024-03-25
014  F  47  2020-10-22  2022-03-23  6.8   .           no   .           alive  2024-03-11
015  F  23  2021-01-09  2022-04-11  24.0  2022-06-05  no   .           alive  2024-03-22
016  F  15  2022-02-10  2022-05-09  13.7  2022-07-09  yes  2022-10-28  dead   2023-01-11
017  M  23  2021-09-28  2022-06-14  4.0   .           .    .           dead   2023-01-29
018  M  58  2021-01-26  2022-07-09  8.3   .           .    .           dead   2022-09-23
019  M  12  2020-09-15  2022-08-09  4.0   2022-10-28  yes  2023-01-26  dead   2023-07-28
020  F  9   2020-05-05  2022-08-21  9.3   2022-11-07  no   .           alive  2024-06-23
021  F  15  2021-04-23  2022-09-23  2.3   .           no   .           alive  2024-03-20
022  M  31  2022-04-02  2022-10-25  26.8  2023-02-12  no   .           alive  2024-04-23
023  M  42  2021-09-17  2022-11-16  8.7   2023-01-29  no   .           alive  2024-03-14
024  M  31  2022-01-12  2022-12-09  17.3  .           no   .           alive  2024-05-08
"""

# id, blasts and MRD before, blasts and MRD on day 15, response
MARROWS = """
001  52  40.3  2   <0.01  CR
002  78  66.0  47  45.2   NR
003  70  68.0  2   <0.01  CR
004  52  47.5  5   4.1    NR
005  3   2.5   3   <0.01  CR
006  90  74.2  2   <0.01  CR
007  78  77.0  1   0.3    CR
008  35  31.7  4   <0.01  CR
009  3   2.5   2   <0.01  CR
010  78  71.4  1   <0.01  CR
011  18  14.8  3   <0.01  CR
012  52  50.4  47  45.1   NR
013  35  28.9  2   <0.01  CR
014  70  69.6  2   <0.01  CR
015  90  92.8  4   <0.01  CR
016  3   2.8   2   <0.01  CR
017  35  27.7  47  43.5   NR
018  12  11.0  38  39.2   NR
019  78  57.5  4   0.05   CR
020  44  43.2  2   <0.01  CR
021  18  13.1  2   <0.01  CR
022  70  69.4  3   <0.01  CR
023  12  11.0  2   <0.01  CR
024  2   2.0   2   <0.01  CR
"""

# id, event, grade, first and last day after the first infusion
EVENTS = """
001  CRS               1  1   3
001  neutropenia       3  8   20
002  CRS               2  2   5
002  infection         3  11  24
003  CRS               1  1   2
004  ICANS             2  4   6
004  neutropenia       4  6   30
006  CRS               1  2   4
007  thrombocytopenia  2  7   15
009  infection         3  9   21
010  CRS               2  1   4
011  ICANS             1  3   4
012  neutropenia       4  5   29
015  CRS               1  1   2
016  infection         2  12  18
018  CRS               3  2   7
018  neutropenia       4  6   28
020  ALT increased     2  5   16
022  CRS               1  2   3
024  headache          1  1   2
"""


@dataclass(frozen=True)
class Truth:
    """One invented patient as he really is, for comparison with what was read. Days count from the first infusion."""

    patient: str
    sex: str
    age: int
    diagnosis_day: int
    wbc: float
    hsct_day: int | None
    relapse: str | None
    relapse_day: int | None
    status: str
    last_day: int
    blasts_before: float
    mrd_before: float
    blasts_after: float
    mrd_after: str
    response: str


def rows_of(text: str) -> list[list[str]]:
    """Cells of an aligned table."""
    return [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines()]


def make_truth() -> list[Truth]:
    """The ward before anybody typed it into a workbook."""
    found = []
    for person, marrow in zip(rows_of(PATIENTS), rows_of(MARROWS), strict=True):
        start = dt.date.fromisoformat(person[4])

        def day(text: str, start: dt.date = start) -> int | None:
            return None if text == "." else (dt.date.fromisoformat(text) - start).days

        found.append(
            Truth(
                patient=person[0],
                sex={"M": "male", "F": "female"}[person[1]],
                age=int(person[2]),
                diagnosis_day=day(person[3]) or 0,
                wbc=float(person[5]),
                hsct_day=day(person[6]),
                relapse=None if person[7] == "." else person[7],
                relapse_day=day(person[8]),
                status=person[9],
                last_day=day(person[10]) or 0,
                blasts_before=float(marrow[1]),
                mrd_before=float(marrow[2]),
                blasts_after=float(marrow[3]),
                mrd_after=marrow[4],
                response={"CR": "CR", "NR": "no response"}[marrow[5]],
            )
        )
    return found


def make_events() -> list[tuple[str, str, int, int, int]]:
    """Patient, event, grade, first and last day of every adverse event, as they really were."""
    return [(p, term, int(grade), int(a), int(b)) for p, term, grade, a, b in rows_of(EVENTS)]
