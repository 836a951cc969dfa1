"""What the first marrow shows: remission, complete recovery of the counts, residual disease."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.synth.book import Book, Floats
from remission.synth.patients import NEGATIVE, STRATA, Baseline, Flags


@dataclass(frozen=True)
class Response:
    """n patients at the first marrow. is_incomplete: remission without recovery of the counts (CRi)."""

    is_remission: Flags
    is_incomplete: Flags
    is_mrd_negative: Flags


def draw_response(draw: np.random.Generator, patients: Baseline, book: Book) -> Response:
    """Remission by what the marrow showed before; residual disease among those in remission."""
    n = len(patients)
    respond = np.array([book.rate(f"response.{s}") for s in STRATA])[patients.stratum, patients.setting]
    negative = np.array([book.rate(f"negative.{s}") for s in STRATA])[patients.stratum, patients.setting]
    is_remission = draw.random(n) < respond
    has_incomplete = np.array([book.has(name, "incomplete") for name in book.settings])[patients.setting]
    is_incomplete = is_remission & has_incomplete & (draw.random(n) < book.rate("incomplete")[patients.setting])
    is_negative = is_remission & (draw.random(n) < negative)
    return Response(is_remission, is_incomplete & (patients.stratum != NEGATIVE), is_negative)


def share_in_remission(book: Book) -> Floats:
    """The share of each setting that is in remission after the first course, over what the marrow showed before."""
    mrd, negative = book.rate("stratum.mrd"), book.rate("stratum.neg")
    strata = np.array([1 - mrd - negative, mrd, negative])
    respond = np.array([book.rate(f"response.{s}") for s in STRATA])
    return np.asarray((strata * respond).sum(axis=0))
