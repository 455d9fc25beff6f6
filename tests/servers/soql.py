"""As much of SOQL as we ask in: SELECT fields FROM kind WHERE ... ORDER BY ... LIMIT n, strictly.

(https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/) Strings in ' with \\ as escape;
= and IN; AND and OR may not be mixed without brackets, as there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
_TOKEN = re.compile(r"\s*('(?:[^'\\\n]|\\.)*'|[A-Za-z_][A-Za-z0-9_]*|\d+|[(),=])")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class QueryRefused(Exception):
    """A query that is none, or asks for what there is not; `code` as Salesforce names it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def selected(
    query: str, records: Mapping[str, Sequence[Row]], known: Mapping[str, Collection[str]]
) -> list[dict[str, Any]]:
    """The rows, with `attributes`; `known` are the fields of each kind."""
    return _Query(_tokens(query), known).run(records)


def _tokens(query: str) -> list[str]:
    tokens, at = [], 0
    while at < len(query.rstrip()):
        found = _TOKEN.match(query, at)
        if found is None:
            raise QueryRefused("MALFORMED_QUERY", f"unexpected token at {at}")
        tokens.append(found.group(1))
        at = found.end()
    return tokens


class _Query:
    def __init__(self, tokens: list[str], known: Mapping[str, Collection[str]]) -> None:
        self._tokens = tokens
        self._known = known
        self._fields_of: Collection[str] = ()
        self._used: list[str] = []

    def run(self, records: Mapping[str, Sequence[Row]]) -> list[dict[str, Any]]:
        self._take("SELECT")
        shown = self._names()
        self._take("FROM")
        kind = self._name()
        if kind not in records:
            raise QueryRefused("INVALID_TYPE", f"sObject type '{kind}' is not supported.")
        self._fields_of = self._known[kind]
        holds = self._either() if self._is_next("WHERE") else (lambda row: True)
        order = self._order() if self._is_next("ORDER") else []
        most = int(self._pop()) if self._is_next("LIMIT") else 2000
        if self._tokens:
            raise QueryRefused("MALFORMED_QUERY", f"unexpected token: {self._tokens[0]}")
        for name in (*shown, *order, *self._used):
            if name not in self._fields_of:
                raise QueryRefused("INVALID_FIELD", f"No such column '{name}' on entity '{kind}'.")
        found = sorted(filter(holds, records[kind]), key=lambda row: [str(row[name]) for name in order])
        return [
            {"attributes": {"type": kind}, **{name: row.get(name) for name in shown}} for row in found[:most]
        ]

    def _either(self):
        """One condition, or several joined by the same word."""
        conditions, joint = [self._condition()], ""
        while self._tokens and self._tokens[0] in {"AND", "OR"}:
            if joint and self._tokens[0] != joint:
                raise QueryRefused("MALFORMED_QUERY", "AND and OR need brackets")
            joint = self._pop()
            conditions.append(self._condition())
        together = any if joint == "OR" else all
        return lambda row: together(one(row) for one in conditions)

    def _condition(self):
        if self._is_next("("):
            inside = self._either()
            self._take(")")
            return inside
        name = self._name()
        self._used.append(name)
        if self._is_next("="):
            value = self._value()
            return lambda row: _folded(row.get(name)) == _folded(value)
        self._take("IN")
        self._take("(")
        values = [_folded(self._value())]
        while self._is_next(","):
            values.append(_folded(self._value()))
        self._take(")")
        return lambda row: _folded(row.get(name)) in values

    def _order(self) -> list[str]:
        self._take("BY")
        return self._names()

    def _names(self) -> list[str]:
        names = [self._name()]
        while self._is_next(","):
            names.append(self._name())
        return names

    def _name(self) -> str:
        if not self._tokens or not re.fullmatch(r"[A-Za-z_]\w*", self._tokens[0]):
            raise QueryRefused("MALFORMED_QUERY", "a name was expected")
        return self._pop()

    def _value(self) -> Any:
        token = self._pop()
        if token in {"true", "false"}:
            return token == "true"  # noqa: S105  a word of the query
        if not token.startswith("'"):
            raise QueryRefused("MALFORMED_QUERY", "a value was expected")
        return re.sub(r"\\(.)", lambda found: self._unescaped(found.group(1)), token[1:-1])

    def _unescaped(self, char: str) -> str:
        if char not in _ESCAPES:
            raise QueryRefused("MALFORMED_QUERY", f"Illegal escape \\{char}")
        return _ESCAPES[char]

    def _is_next(self, token: str) -> bool:
        if self._tokens and self._tokens[0] == token:
            self._pop()
            return True
        return False

    def _take(self, token: str) -> None:
        if not self._is_next(token):
            raise QueryRefused("MALFORMED_QUERY", f"{token} was expected")

    def _pop(self) -> str:
        if not self._tokens:
            raise QueryRefused("MALFORMED_QUERY", "unexpected end")
        return self._tokens.pop(0)


def _folded(value: Any) -> Any:
    """SOQL compares text without regard to case."""
    return value.lower() if isinstance(value, str) else value
