"""What is done about columns that tell who a patient is: not carried on unless study.toml gives a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from remission.cohort.fold import header_key
from remission.cohort.identifiers import identifier_by_content, identifier_by_field, identifier_by_header, names_in_ids
from remission.cohort.layout import Layout
from remission.cohort.ledger import Ledger
from remission.cohort.mapping import MappedColumn, SheetMapping
from remission.cohort.places import Place
from remission.cohort.source_spec import PrivacySpec
from remission.core.errors import ProtocolError
from remission.core.findings import Finding
from remission.core.settings import nearest


def find_identifiers(ledger: Ledger, layout: Layout, mapping: SheetMapping) -> dict[int, str]:
    """Columns (1-based) that look like identifiers, each with what they tell ("a name").

    Headers are looked at in every column; contents in those not mapped, and in mapped free text and open codes.
    """
    by_col: dict[int, list[MappedColumn]] = {}
    for column in (*mapping.columns, *mapping.ids):
        by_col.setdefault(column.col, []).append(column)
    found = {}
    for col in range(1, ledger.n_cols + 1):
        mapped = by_col.get(col, [])
        kind = next((k for c in mapped if (k := identifier_by_field(c.target.table, c.target.name))), "")
        kind = kind or identifier_by_header(layout.headers[col - 1])
        if not kind and all(_is_free(c) for c in mapped):
            texts = [ledger.text(row, col) for row in layout.data_rows]
            is_id = any(c.target.name == "patient" for c in mapped)
            kind = identifier_by_content(texts) or ("a name" if is_id and names_in_ids(texts) else "")
        if kind:
            found[col] = kind
    return found


def _is_free(column: MappedColumn) -> bool:
    spec = column.target.spec
    return spec.type in ("text", "id") or (spec.type == "code" and not spec.allowed and not column.spec.values)


def is_kept(header: str, kind: str, keep: Mapping[str, str]) -> bool:
    """Whether study.toml gives a reason to carry the column on; a date of birth never is."""
    reasons = {header_key(h): reason for h, reason in keep.items()}
    return kind != "a date of birth" and bool(reasons.get(header_key(header), "").strip())


def privacy_findings(
    found: Mapping[int, str], mapping: SheetMapping, places: Mapping[int, Place], keep: Mapping[str, str]
) -> Iterator[Finding]:
    """One finding for each column that looks like an identifier."""
    id_cols = {c.col for c in mapping.ids}
    mapped = {c.col for c in mapping.columns}
    for col, kind in found.items():
        place = places[col]
        if col in id_cols:
            consequence = "It names the patients in every table and file of this study."
            todo = "Replace it by a study number, and keep the key elsewhere."
        elif is_kept(place.header, kind, keep):
            consequence = "It is carried on, because study.toml says why."
            todo = "Nothing."
        elif col in mapped:
            consequence = "It is not carried on: its field stays empty."
            todo = "Remove the mapping, or give the reason under [privacy] keep."
            if kind == "a date of birth":
                todo = "Record the age instead; a date of birth is never carried on."
        else:
            consequence = "It is not carried on."
            todo = "Remove it from the file; the study does not need it."
        severity = "note" if col in mapping.ignored else "warning"
        yield place.finding(
            severity,  # type: ignore[arg-type]
            "identifier",
            f"The column looks like {kind}.",
            consequence=consequence,
            todo=todo,
        )


def check_keep(privacy: PrivacySpec, headers: Iterable[str]) -> None:
    """Raise a ProtocolError where [privacy] keep names a column that no sheet has, or gives no reason."""
    known = {header_key(h): h for h in headers}
    for header, reason in privacy.keep.items():
        if header_key(header) not in known:
            near = nearest(header, known.values())
            raise ProtocolError(
                what=f"study.toml: [privacy] keep names a column that no sheet has: {header}.",
                code="unknown-header",
                where="[privacy] keep",
                todo=f"Did you mean {near}?" if near else "Remove it.",
            )
        if not reason.strip():
            raise ProtocolError(
                what=f"study.toml: [privacy] keep gives no reason for {header}.",
                code="no-reason",
                where="[privacy] keep",
                todo="Say in one sentence why the study needs it.",
            )
