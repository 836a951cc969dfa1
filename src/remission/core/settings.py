"""From a TOML table to a frozen dataclass, strictly: an unknown key is an error that names the nearest known key."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin

from remission.core.errors import ProtocolError

T = TypeVar("T")


def nearest(word: str, known: typing.Iterable[str]) -> str:
    """The known word a user probably meant, or ''."""
    found = difflib.get_close_matches(word.lower(), [k.lower() for k in known], n=1, cutoff=0.6)
    return next((k for k in known if found and k.lower() == found[0]), "")


def load(cls: type[T], table: object, *, where: str) -> T:
    """Build the frozen dataclass `cls` from a parsed TOML table.

    Field types understood: str, int, float, bool, Literal, dataclass, tuple[X, ...], dict[str, X], X | None, object
    (taken as it is). A field's metadata may name the TOML key (`{"key": "from"}`).
    Raises: ProtocolError (code `unknown-key`, `missing-key`, `wrong-type`) with the place in study.toml.
    """
    if not isinstance(table, Mapping):
        raise _wrong(where, "a table of settings", table)
    known: dict[str, Field[Any]] = {str(f.metadata.get("key", f.name)): f for f in fields(cls)}  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            near = nearest(str(key), known)
            raise ProtocolError(
                what=f"study.toml: the key `{key}` is not known.",
                code="unknown-key",
                where=where,
                expected=f"one of {', '.join(sorted(known))}",
                todo=f"Did you mean `{near}`?" if near else "Remove the key or correct its name.",
            )
    values: dict[str, Any] = {}
    hints = typing.get_type_hints(cls)
    for key, f in known.items():
        if key in table:
            values[f.name] = _convert(hints[f.name], table[key], f"{where} {key}".strip())
        elif f.default is MISSING and f.default_factory is MISSING:
            raise ProtocolError(
                what=f"study.toml: the key `{key}` is missing.",
                code="missing-key",
                where=where,
                todo=f"Add `{key}` there.",
            )
    return cls(**values)


def _convert(hint: Any, value: object, where: str) -> Any:
    """One TOML value as the declared type."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is object or hint is Any:
        return value
    if origin in (typing.Union, types.UnionType):
        return _convert_union(args, value, where)
    if origin is typing.Literal:
        if value in args:
            return value
        near = nearest(str(value), [str(a) for a in args])
        raise ProtocolError(
            what="study.toml: a setting has a value that is not among the choices.",
            code="unknown-choice",
            where=where,
            expected=f"one of {', '.join(map(str, args))}",
            todo=f"Did you mean `{near}`?" if near else "Choose one of them.",
        )
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise _wrong(where, "a list", value)
        return tuple(_convert(args[0], v, f"{where}[{i + 1}]") for i, v in enumerate(value))
    if origin is dict:
        if not isinstance(value, Mapping):
            raise _wrong(where, "a table", value)
        return {str(k): _convert(args[1], v, f"{where}.{k}") for k, v in value.items()}
    if is_dataclass(hint):
        return load(typing.cast(type[Any], hint), value, where=where)
    return _scalar(hint, value, where)


def _convert_union(args: tuple[Any, ...], value: object, where: str) -> Any:
    if value is None and type(None) in args:
        return None
    failure: ProtocolError | None = None
    for arg in args:
        if arg is type(None):
            continue
        try:
            return _convert(arg, value, where)
        except ProtocolError as error:
            # the most telling failure is one inside a table the user did write
            failure = error if failure is None or error.code != "wrong-type" else failure
    assert failure is not None  # noqa: S101  (a union has at least one member that is not None)
    raise failure


def _scalar(hint: Any, value: object, where: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, hint) and not (isinstance(value, bool) and hint is not bool):
        return value
    raise _wrong(
        where,
        {str: "text", int: "a whole number", float: "a number", bool: "true or false"}.get(hint, str(hint)),
        value,
    )


def _wrong(where: str, expected: str, value: object) -> ProtocolError:
    kind = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list"}
    return ProtocolError(
        what="study.toml: a setting has the wrong type.",
        code="wrong-type",
        where=where,
        expected=expected,
        found="a table" if isinstance(value, Mapping) else kind.get(type(value), type(value).__name__),
        todo="Correct the value.",
    )
