"""What a row is, if it is not a patient: blank, units, a mean or total, a remark, the header once more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from remission.cohort.fold import fold_text, header_key

_NUMERIC = re.compile(r"^[<>≤≥=~+-]*\s*\d[\d.,:/\s'-]*\s*(%|[a-zµ/^0-9]{0,8})\*?$", re.IGNORECASE)
_SUMMARY = (
    r"mean|average|avg|median|total|totals|sum|subtotal|sd|s\.d\.|std|std dev|standard deviation|min|max|minimum"
    r"|maximum"
    r"|range|iqr|interquartile range|count|percent"
    r"|合计|总计|总数|小计|平均|平均值|均值|均数|中位数|中位|标准差|最大值|最小值|范围"
    r"|summe|gesamt|insgesamt|mittelwert|durchschnitt|mittel|standardabweichung|spannweite"
    r"|moyenne|médiane|mediane|somme|écart-type|ecart-type|étendue"
    r"|media|mediana|suma|promedio|desviación estándar|desviación típica|rango"
)
_SUMMARY_ROW = re.compile(rf"^(?:{_SUMMARY})\s*(?:[:：]|[(（\[±+/].*)?$", re.IGNORECASE)
_UNIT = re.compile(
    r"^[(\[（]?\s*(?:%|‰|years?|yrs?|y|months?|mo|weeks?|wk|days?|d|h|kg|g|mg|cm|m|mm|m2|m²"
    r"|[µμu]g(?:/d(?:ay)?)?|(?:[mgkµμun]?g|[mµμ]?mol|i?u)/(?:l|dl|ml|kg|d)|[x×*]?\s*10(?:\^|e|\*\*)?\s*[3-9⁹³⁶]+\s*/\s*[µμu]?l"
    r"|/[µμu]l|/nl|k/[µμu]l|yes/no|y/n|m/f|0/1|岁|天|月|个月|周|年|jahre?|tage?|monate?|wochen?|ans?|jours?|mois|semaines?"
    r"|años?|días?|meses|semanas?|dd[./-]mm[./-]yyyy|yyyy-mm-dd|units?|einheit(?:en)?|单位|unités?|unidad(?:es)?)\s*[)\]）]?$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:[*†‡§#]|\(?[a-z]\)|notes?\b|remarks?\b|legend\b|abbreviations?\b|source\b|注[:：]?|备注|说明|缩写"
    r"|anmerkung|bemerkung|legende|abkürzung|remarque|abréviation|nota\b|leyenda|abreviatura)",
    re.IGNORECASE,
)


def looks_numeric(text: str) -> bool:
    """Whether a cell looks like a number, a date or a number with its unit rather than like words."""
    return bool(_NUMERIC.match(fold_text(text.strip())[0]))


def row_kind(texts: Sequence[str], header: Sequence[str], *, is_first: bool, ids_have_digits: bool) -> str:
    """ "" for a patient, else the reason why not.

    Args: texts: cells of the row.  header: header keys of the sheet.  is_first: right below the header, where units
    stand.  ids_have_digits: most rows of the sheet begin with something like a number.
    """
    filled = [(i, " ".join(t.split())) for i, t in enumerate(texts) if t.strip()]
    if not filled:
        return "blank"
    words = [t for _, t in filled]
    if len(filled) > 1:
        same = sum(header_key(t) == header[i] for i, t in filled if i < len(header))
        if same * 3 >= len(filled) * 2:
            return "repeated header"
    # a row of units has none for the patient's id: "P1 | Y | m" is a patient with codes that read like units
    has_id = filled[0][0] == 0 and not _UNIT.match(words[0])
    if is_first and not has_id and _is_units(words):
        return "units"
    lead = words[0]
    if filled[0][0] <= 1 and _SUMMARY_ROW.match(lead):
        return "mean/total"
    if len(filled) == 1 and len(texts) > 2 and _is_remark(lead, filled[0][0], ids_have_digits):
        return "remark"
    if len(filled) <= max(1, len(texts) // 4) and filled[0][0] == 0 and len(lead) > 40:
        return "remark"
    return ""


def _is_units(words: Sequence[str]) -> bool:
    units = sum(bool(_UNIT.match(t)) for t in words)
    return units > 0 and units * 2 >= len(words) and not any(looks_numeric(t) and not _UNIT.match(t) for t in words)


def _is_remark(lead: str, column: int, ids_have_digits: bool) -> bool:
    if _NOTE.match(lead) or len(lead) > 25 or len(lead.split()) > 3:
        return True
    return column == 0 and ids_have_digits and not any(c.isdigit() for c in lead)
