"""Who comes to the ward: age, body, disease and earlier treatment, at the rates of the papers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from remission.synth.book import Book, Floats

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

OVERT, MRD_ONLY, NEGATIVE = 0, 1, 2  # what the marrow shows at the start
STRATA = ("overt", "mrd", "neg")
_RELAPSES = ("primary refractory", "first relapse", "second relapse", "third relapse")
_DAYS_A_MONTH = 30.4375


@dataclass(frozen=True)
class Baseline:
    """n patients before the first infusion. setting, stratum: indices; days count from the first infusion."""

    setting: Ints
    stratum: Ints
    age_years: Floats
    is_male: Flags
    weight_kg: Floats
    height_cm: Floats
    status: Texts
    prior_lines: Ints
    has_prior_hsct: Flags
    has_prior_cart: Flags
    is_ph_positive: Flags
    fusion_gene: Texts
    genetic_risk: Texts
    has_extramedullary: Flags
    has_cns: Flags
    wbc_10e9_l: Floats
    diagnosis_day: Ints
    blasts_percent: Floats
    mrd_percent: Floats
    start_date: npt.NDArray[np.datetime64]
    centre: Ints

    def __len__(self) -> int:
        return len(self.setting)

    @property
    def body_surface_m2(self) -> Floats:
        """Mosteller."""
        return np.asarray(np.sqrt(self.weight_kg * self.height_cm / 3600.0))


def draw_patients(draw: np.random.Generator, n: int, book: Book, *, centres: int) -> Baseline:
    """Draw n patients of all settings."""
    setting = draw.choice(len(book.settings), n, p=book.weights)

    def happens(measure: str) -> Flags:
        return np.asarray(draw.random(n) < book.rate(measure)[setting])

    stratum = _strata(draw, setting, book)
    age = _ages(draw, setting, book)
    weight, height = _bodies(draw, age)
    is_ph = happens("ph_positive")
    fusion = _fusion_genes(draw, is_ph, book)
    blasts, mrd = _burden(draw, stratum, happens("blasts_high"))
    status = _status(draw, setting, stratum, book)
    is_poor = is_ph | np.isin(fusion, ["KMT2A rearranged", "TCF3-HLF"])
    published = np.array([book.has(name, "poor_risk") for name in book.settings])[setting]
    is_poor = np.where(published, happens("poor_risk"), is_poor)
    return Baseline(
        setting=setting,
        stratum=stratum,
        age_years=age,
        is_male=happens("male"),
        weight_kg=weight,
        height_cm=height,
        status=status,
        prior_lines=_lines(draw, status),
        has_prior_hsct=happens("prior_hsct"),
        has_prior_cart=happens("prior_cart"),
        is_ph_positive=is_ph,
        fusion_gene=fusion,
        genetic_risk=np.where(is_poor, "poor", "standard").astype(object),
        has_extramedullary=happens("extramedullary"),
        has_cns=happens("cns"),
        wbc_10e9_l=np.asarray(np.round(np.clip(draw.lognormal(np.log(4.5), 0.9, n), 0.2, 250.0), 1), float),
        diagnosis_day=-np.round(np.clip(draw.lognormal(np.log(12.0), 0.8, n), 2, 84) * _DAYS_A_MONTH).astype(np.int64),
        blasts_percent=blasts,
        mrd_percent=mrd,
        start_date=_starts(draw, n, book),
        centre=draw.integers(0, centres, n),
    )


def _strata(draw: np.random.Generator, setting: Ints, book: Book) -> Ints:
    mrd, negative = book.rate("stratum.mrd")[setting], book.rate("stratum.neg")[setting]
    u = draw.random(len(setting))
    return np.where(u < mrd, MRD_ONLY, np.where(u < mrd + negative, NEGATIVE, OVERT))


def _ages(draw: np.random.Generator, setting: Ints, book: Book) -> Floats:
    """Half of the patients on either side of the printed median, evenly up to the ends of the printed range."""
    rows = [(s.age_low_years, s.age_median_years, s.age_high_years) for s in book.targets.settings.values()]
    low, middle, high = np.array(rows).T[:, setting]
    u = draw.random(len(setting))
    younger = low + (middle - low) * 2 * u
    older = middle + (high - middle) * (2 * u - 1)
    return np.asarray(np.round(np.where(u < 0.5, younger, older), 1))


def _bodies(draw: np.random.Generator, age: Floats) -> tuple[Floats, Floats]:
    """Weight and height that go with the age; adults stop growing at 17."""
    grown = np.minimum(age, 17.0)
    height = (78.0 + 5.4 * grown) * draw.normal(1.0, 0.04, len(age))
    weight = 13.5 * (height / 100.0) ** 2 * (1.0 + 0.035 * grown) * draw.normal(1.0, 0.1, len(age))
    return np.asarray(np.round(np.clip(weight, 4.0, 140.0), 1), float), np.asarray(
        np.round(np.clip(height, 55.0, 200.0)), float
    )


def _fusion_genes(draw: np.random.Generator, is_ph: Flags, book: Book) -> Texts:
    genes = book.targets.fusion_genes
    names = [*genes.counts, "none detected"]
    shares = np.array([*genes.counts.values(), genes.n - sum(genes.counts.values())]) / genes.n
    found = np.array(names, dtype=object)[draw.choice(len(names), len(is_ph), p=shares)]
    return np.where(is_ph, "BCR-ABL1", found).astype(object)


def _burden(draw: np.random.Generator, stratum: Ints, is_high: Flags) -> tuple[Floats, Floats]:
    """Blasts and residual disease at the start: never on a threshold, and the two methods agree."""
    n = len(stratum)
    overt = np.where(is_high, draw.uniform(51.0, 97.0, n), draw.uniform(6.0, 49.0, n))
    few = draw.uniform(0.0, 4.0, n)
    blasts = np.round(np.where(stratum == OVERT, overt, few) * 2.0) / 2.0
    near = np.clip(np.round(blasts * draw.uniform(0.6, 1.1, n), 1), 0.5, 99.0)
    low = draw_residual(draw, n, median=0.5, spread=1.5)
    return blasts, np.where(stratum == OVERT, near, np.where(stratum == MRD_ONLY, low, 0.0))


def draw_residual(draw: np.random.Generator, n: int, *, median: float, spread: float) -> Floats:
    """Residual disease of a marrow in remission, in percent: above the floor of flow cytometry, no pile there."""
    drawn = draw.lognormal(np.log(median), spread, n)
    again = draw.uniform(0.011, 0.1, n), draw.uniform(2.0, 4.8, n)
    return np.asarray(np.round(np.where(drawn < 0.011, again[0], np.where(drawn > 4.8, again[1], drawn)), 4), float)


def _status(draw: np.random.Generator, setting: Ints, stratum: Ints, book: Book) -> Texts:
    """The line of relapse; what a paper that treats MRD or delays of chemotherapy calls the others."""
    shares = np.array([book.rate(f"status.{name}") for name in _RELAPSES])
    silent = ~np.array([[book.has(s, f"status.{name}") for s in book.settings] for name in _RELAPSES])
    speaks = ~silent.all(axis=0)
    shares = np.where(silent & speaks, 0.0, shares)
    below = np.cumsum(shares / shares.sum(axis=0), axis=0)[:, setting]
    index = (draw.random(len(setting)) >= below[:-1]).sum(axis=0)
    relapse = np.array(_RELAPSES, dtype=object)[index]
    has_negative = (book.rate("stratum.neg") > 0)[setting]
    in_remission = np.where(stratum == NEGATIVE, "MRD negative", "MRD positive")
    return np.where(has_negative & (stratum != OVERT), in_remission, relapse).astype(object)


def _lines(draw: np.random.Generator, status: Texts) -> Ints:
    """Previous lines: one, and one more for every relapse."""
    relapses = {"second relapse": 2, "third relapse": 3, "first relapse": 1}
    known = np.array([relapses.get(str(s), 0) for s in status], dtype=np.int64)
    return np.asarray(1 + known + (draw.random(len(status)) < 0.2))


def _starts(draw: np.random.Generator, n: int, book: Book) -> npt.NDArray[np.datetime64]:
    first, last = np.datetime64(book.model.first_start, "D"), np.datetime64(book.model.last_start, "D")
    span = int((last - first) / np.timedelta64(1, "D"))
    return np.asarray(first + draw.integers(0, span + 1, n).astype("timedelta64[D]"))
