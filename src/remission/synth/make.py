"""What `remission synth` does: check the call, draw the ward, write the folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from remission.core.errors import DataError, FileError
from remission.core.settings import nearest
from remission.synth.mess import open_sheets
from remission.synth.omop import write_omop
from remission.synth.plant import addresses, choose_traps, plant_traps, write_list, write_messy_workbook
from remission.synth.redcap import write_redcap
from remission.synth.sheets import SHEET_NAMES
from remission.synth.ward import Ward, draw_wards
from remission.synth.write import chosen_sheets, write_csv, write_study, write_workbook

MOST_IN_A_WORKBOOK = 1_000  # patients; more are written as CSV files, which are read ten times as fast
OPTIONAL = ("Infusions", "Laboratory", "Adverse events")


@dataclass(frozen=True)
class Asked:
    """A call of `remission synth`.

    Args: messy, traps: plant the named traps, or all.  as_csv: text files even for a small ward.
    without: sheets to leave out, of OPTIONAL.
    """

    patients: int = 60
    seed: int = 1
    centres: int = 1
    messy: bool = False
    traps: tuple[str, ...] = ()
    redcap: bool = False
    omop: bool = False
    as_csv: bool = False
    without: tuple[str, ...] = ()
    name: str = "synthetic-ward"

    @property
    def is_messy(self) -> bool:
        return self.messy or bool(self.traps)


@dataclass(frozen=True)
class Made:
    """What was written. traps: how many were planted; skipped: names of those no patient was left for."""

    study: Path
    files: tuple[Path, ...]
    traps: int = 0
    skipped: tuple[str, ...] = ()


def write_ward(folder: Path, asked: Asked, *, step: Callable[[str], None] = lambda _: None) -> Made:
    """Make `folder` with a synthetic ward and its study.toml. The same call gives the same bytes.

    Raises: DataError for a number out of range, an unknown trap or sheet; FileError `study-exists` where the folder
    holds something, `cannot-write`.
    """
    _check(folder, asked)
    wards = draw_wards(asked.patients, seed=asked.seed, centres=asked.centres)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(folder, asked, wards, step)
    except OSError as error:
        raise FileError(
            what="The synthetic ward cannot be written there.", code="cannot-write", where=str(folder),
            found=error.strerror or "", todo="Name another folder.",
        ) from None  # fmt: skip


def _check(folder: Path, asked: Asked) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileError(
            what="The folder for the synthetic ward is already in use; nothing was changed.", code="study-exists",
            where=str(folder), todo="Name a folder that does not exist yet.",
        )  # fmt: skip
    for name in asked.without:
        if name not in OPTIONAL:
            near = nearest(name, SHEET_NAMES)
            raise DataError(
                what=f"The sheet `{name}` cannot be left out.", code="unknown-sheet",
                expected=f"some of {', '.join(OPTIONAL)}", todo=f"Did you mean `{near}`?" if near else "Leave it in.",
            )  # fmt: skip
    choose_traps(asked.traps)
    if asked.is_messy and (asked.without or asked.as_csv or asked.patients > MOST_IN_A_WORKBOOK):
        raise DataError(
            what="A messy ward is a workbook with all its sheets.", code="messy-workbook",
            expected=f"at most {MOST_IN_A_WORKBOOK:,} patients, and neither --csv nor --without",
            todo="Choose fewer patients, or leave the other options out.",
        )  # fmt: skip


def _write(folder: Path, asked: Asked, wards: Iterable[Ward], step: Callable[[str], None]) -> Made:
    """The sheets, what goes beside them, and study.toml last."""
    sheets = chosen_sheets(asked.without)
    more: list[Path] = []
    if asked.redcap or asked.omop:
        wards = list(wards)
        step("writing REDCap and OMOP files")
        more += write_redcap(folder / "redcap", wards, asked.patients) if asked.redcap else []
        more += write_omop(folder / "omop", wards, asked.patients) if asked.omop else []
    step("writing the sheets")
    traps, skipped = 0, list[str]()
    if asked.is_messy:
        mess = open_sheets(wards, sheets, asked.patients, seed=asked.seed)
        planted, skipped = plant_traps(mess, choose_traps(asked.traps))
        sources = write_messy_workbook(folder, mess)
        more.append(write_list(folder, addresses(planted)))
        traps = len(planted)
    elif asked.as_csv or asked.patients > MOST_IN_A_WORKBOOK:
        sources = write_csv(folder, wards, sheets, asked.patients)
    else:
        sources = write_workbook(folder, wards, sheets, asked.patients)
    study = write_study(folder, asked.name, asked.patients, asked.seed, _options(asked), sources)
    files = tuple(dict.fromkeys(folder / source.file for source in sources))
    return Made(study, (*files, *more), traps, tuple(skipped))


def _options(asked: Asked) -> str:
    """The options of the call beside patients and seed, as typed."""
    parts = [f" --centres {asked.centres}"] if asked.centres != 1 else []
    parts += [" --csv"] if asked.as_csv else []
    parts += [f" --without {','.join(asked.without)}"] if asked.without else []
    parts += [f" --traps {','.join(asked.traps)}"] if asked.traps else [" --messy"] if asked.messy else []
    return "".join(parts)
