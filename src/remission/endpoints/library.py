"""The packaged sources, endpoint presets and response criteria, and how a study's own lines add to them."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from remission.core.errors import ProtocolError
from remission.core.settings import load, nearest
from remission.endpoints.spec import EndpointSpec, EventSource


@dataclass(frozen=True)
class ResponsePreset:
    """Ordered response criteria over one marrow assessment; the first that fits wins."""

    label: str
    citation: str
    levels: dict[str, dict[str, object]]


@dataclass(frozen=True)
class Library:
    """Everything in library.toml."""

    sources: dict[str, EventSource]
    presets: dict[str, EndpointSpec]
    responses: dict[str, ResponsePreset] = field(default_factory=dict)


@cache
def load_library() -> Library:
    """Read the packaged library.toml."""
    text = resources.files("remission.endpoints").joinpath("library.toml").read_text(encoding="utf-8")
    return load(Library, tomllib.loads(text), where="library.toml")


def complete_endpoint(name: str, spec: EndpointSpec) -> EndpointSpec:
    """A study's endpoint with everything its preset says and it does not.

    Raises: ProtocolError (`unknown-preset`, `endpoint-without-events`).
    """
    where = f"[endpoints.{name}]"
    own_label = spec.label
    if spec.preset:
        library = load_library().presets
        if spec.preset not in library:
            near = nearest(spec.preset, library)
            raise ProtocolError(
                what=f"study.toml: the endpoint preset `{spec.preset}` is not known.",
                code="unknown-preset",
                where=where,
                expected=f"one of {', '.join(library)}",
                todo=f"Did you mean `{near}`?" if near else "Choose one, or name the events yourself.",
            )
        base = library[spec.preset]
        given = {f.name: getattr(spec, f.name) for f in dataclasses.fields(spec) if getattr(spec, f.name) != f.default}
        spec = dataclasses.replace(base, **given)
    if not spec.events or not spec.start:
        raise ProtocolError(
            what="study.toml: an endpoint has no events or no start.",
            code="endpoint-without-events",
            where=where,
            todo='Give `preset = "OS"`, or `start` and `events` with names of sources.',
        )
    if spec.hsct == "censor":
        label = spec.label if own_label else f"{spec.label}, censored at transplantation"
        spec = dataclasses.replace(spec, end=(*spec.end, "hsct"), label=label)
    elif spec.hsct == "competing":
        spec = dataclasses.replace(spec, competing=(*spec.competing, "hsct"))
    return dataclasses.replace(spec, label=spec.label or name, short=spec.short or spec.label or name)


def find_source(name: str, own: dict[str, EventSource], *, where: str) -> EventSource:
    """A named source, the study's own first. Raises: ProtocolError `unknown-source`."""
    known = {**load_library().sources, **own}
    if name not in known:
        near = nearest(name, known)
        raise ProtocolError(
            what=f"study.toml: `{name}` is not a known source of events.",
            code="unknown-source",
            where=where,
            expected=f"one of {', '.join(known)}",
            todo=f"Did you mean `{near}`?" if near else "Define it under [sources.NAME].",
        )
    return known[name]
