"""Markdown to passages: a few sentences each, with the headings above them. Pure.

A question and its answer, wherever they stand together (a heading that asks, "Q:" and "A:", two columns of a
table), are one passage that knows its question. A row of a table is a passage that names its columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from appliance.knowledge.sentences import sentences_of
from appliance.knowledge.words import Words

CHARACTERS_MAX: Final = 1200
"""Longer ones are cut between sentences: the vectors see 256 tokens and no more."""
_CHARACTERS_JOINED: Final = 600
_ITEM_WORDS_MAX: Final = 8
_LINKS_MAX: Final = 0.7
_FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---\n+(?:## title: (.*)\n)?", re.DOTALL)
_SPACE: Final = re.compile(r"[ \t\u00a0]+")
_PARSER: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it is on the shelf. `question` is the one it answers, if it was written with one.

    `is_row`: of a table; it is never joined with its neighbours.
    """

    text: str
    headings: tuple[str, ...] = ()
    question: str = ""
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, a list, or a table; `links` is the share of its characters that are links."""

    text: str
    level: int = 0  # of a heading
    rows: tuple[tuple[str, ...], ...] = ()
    links: float = 0.0


def passages_of(markdown: str, words: Words) -> list[Piece]:
    """The passages of a document, in its order."""
    headings: list[tuple[int, str]] = []
    gathered: list[Piece] = []
    asked = ""
    for block in _blocks(_FRONT_MATTER.sub("", markdown), words):
        way = tuple(text for _, text in headings)
        if block.level:
            headings = [one for one in headings if one[0] < block.level] + [(block.level, block.text)]
            asked = ""
        elif block.rows:
            gathered += _rows(block.rows, way, words)
        elif block.links > _LINKS_MAX:
            continue  # the way about a web site, not what it says
        elif _asks(block.text, words):
            asked = words.question_mark.sub("", block.text)
        else:
            gathered += _paragraph(block.text, way, asked, words)
            asked = ""
    return _joined(gathered)


def _paragraph(text: str, way: tuple[str, ...], asked: str, words: Words) -> list[Piece]:
    """A paragraph under its headings; the question is the one just asked, or the heading that asks."""
    both = _question_and_answer(text, words)
    if both is not None:
        return [Piece(part, way, both[0]) for part in _cut(both[1], words)]
    asked = asked or (way[-1] if way and _asks(way[-1], words) else "")
    answer = words.answer_mark.sub("", text) if asked else text
    return [Piece(part, way, asked) for part in _cut(answer, words)]


def _asks(text: str, words: Words) -> bool:
    """Whether a line is a question that what follows answers."""
    return text.endswith("?") and len(sentences_of(text, words)) == 1


def _question_and_answer(text: str, words: Words) -> tuple[str, str] | None:
    """ "Q: ... A: ..." in one paragraph."""
    lines = text.split("\n", 1)
    if len(lines) == 2 and (words.question_mark.match(lines[0]) or lines[0].endswith("?")):
        return words.question_mark.sub("", lines[0]), words.answer_mark.sub("", lines[1])
    return None


def _cut(text: str, words: Words) -> Iterator[str]:
    """`text`, between sentences, in pieces of at most CHARACTERS_MAX (a longer sentence is cut where it must be)."""
    piece = ""
    for sentence in sentences_of(text, words):
        for start in range(0, len(sentence), CHARACTERS_MAX):
            part = sentence[start : start + CHARACTERS_MAX]
            if piece and len(piece) + len(part) >= CHARACTERS_MAX:
                yield piece
                piece = ""
            piece = f"{piece} {part}" if piece else part
    if piece:
        yield piece


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Short paragraphs under one heading that follow each other are one passage; rows stay their own."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and _belong_together(last, piece):
            joined[-1] = Piece(f"{last.text}\n{piece.text}", last.headings, last.question)
        else:
            joined.append(piece)
    return joined


def _belong_together(last: Piece, piece: Piece) -> bool:
    same = (last.headings, last.question) == (piece.headings, piece.question)
    return (
        same
        and not last.is_row
        and not piece.is_row
        and len(last.text) + len(piece.text) < _CHARACTERS_JOINED
    )


# --- tables ---------------------------------------------------------------------------------------


def _rows(rows: Sequence[tuple[str, ...]], way: tuple[str, ...], words: Words) -> list[Piece]:
    head, *body = rows
    if body and _filled(head) == 1 < _filled(body[0]):  # a title across the whole table
        return _rows(body, (*way, "".join(head)), words) if len(body) > 1 else []
    asks, answers = _column(head, words.question_columns), _column(head, words.answer_columns)
    if asks is not None and answers is not None:
        both = [(row[asks], row[answers]) for row in body if row[asks] and row[answers]]
        return [
            Piece(part, way, asked, is_row=True) for asked, answer in both for part in _cut(answer, words)
        ]
    return [Piece(text, way, is_row=True) for row in body if (text := _row(head, row))]


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell)


def _column(head: Sequence[str], names: frozenset[str]) -> int | None:
    return next((at for at, name in enumerate(head) if name.strip().lower() in names), None)


def _row(head: Sequence[str], row: Sequence[str]) -> str:
    """ "Oil change: price $49, time 30 minutes." Without heads, the cells alone."""
    head = [name.rstrip(": ") for name in head]
    first, *rest = (cell.rstrip(":") for cell in row)
    told = [f"{name} {cell}".strip() for name, cell in zip(head[1:], rest, strict=True) if cell]
    if not first and not told:
        return ""
    subject = first if len(first.split()) > 1 or not head[0] else f"{head[0]} {first}".strip()
    text = ": ".join(part for part in (subject if first else "", ", ".join(told)) if part)
    return text if text.endswith((".", "!", "?")) else f"{text}."


# --- Markdown -------------------------------------------------------------------------------------


def _blocks(markdown: str, words: Words) -> Iterator[_Block]:
    tokens = _PARSER.parse(markdown)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end_of(tokens, at)
        match token.type:
            case "heading_open":
                text = _plain(tokens[at + 1])[0]
                if text:
                    yield _Block(text.replace("\n", " "), level=int(token.tag[1:]))
            case "table_open":
                yield from _table(tokens[at:end])
            case "bullet_list_open" | "ordered_list_open":
                yield from _list(tokens[at:end], words)
            case "blockquote_open":
                end = at  # what is quoted is read as if it were not
            case "inline" | "fence" | "code_block" | "html_block":
                yield from _text(token)
        at = end + 1


def _end_of(tokens: Sequence[Token], at: int) -> int:
    """Where the block that opens at `at` closes; paragraphs are gone through, for their words stand inside."""
    opened = tokens[at]
    if opened.nesting != 1 or opened.type == "paragraph_open":
        return at
    closing = opened.type.replace("_open", "_close")
    return next(
        index
        for index in range(at + 1, len(tokens))
        if tokens[index].type == closing and tokens[index].level == opened.level
    )


def _text(token: Token) -> Iterator[_Block]:
    text, links = _plain(token)
    if text:
        yield _Block(text, links=links)


def _plain(token: Token) -> tuple[str, float]:
    """The words of a token without markup, and the share of their characters that are links."""
    if token.type != "inline":
        return _tidy(token.content), 0.0
    parts: list[str] = []
    linked = depth = 0
    for child in token.children or ():
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        text = {"softbreak": "\n", "hardbreak": "\n", "image": ""}.get(child.type, child.content)
        parts.append(text)
        linked += len(text) if depth else 0
    whole = "".join(parts)
    return _tidy(_unwrapped(whole)), linked / max(1, len(whole))


def _unwrapped(text: str) -> str:
    """Lines broken only because the page was full are one line; a line that ends a sentence stays one."""
    return re.sub(r"(?<![.?!:])\n(?!\S{1,2}[:.)] )", " ", text)


def _tidy(text: str) -> str:
    return "\n".join(filter(None, (_SPACE.sub(" ", line).strip() for line in text.split("\n"))))


def _list(tokens: Sequence[Token], words: Words) -> Iterator[_Block]:
    """A list of a few words each is one sentence; longer items are sentences of their own."""
    plain = [_plain(token) for token in tokens if token.type == "inline"]
    items = [text.replace("\n", " ") for text, links in plain if text]
    links = sum(share for _, share in plain) / max(1, len(plain))
    if not items:
        return
    if len(items) > 1 and all(len(item.split()) <= _ITEM_WORDS_MAX and item[-1:].isalnum() for item in items):
        yield _Block(f"{', '.join(items[:-1])} {words.and_} {items[-1]}.", links=links)
    else:
        yield _Block("\n".join(item if item[-1:] in ".!?:" else f"{item}." for item in items), links=links)


def _table(tokens: Sequence[Token]) -> Iterator[_Block]:
    rows: list[tuple[str, ...]] = []
    cells: list[str] = []
    for token in tokens:
        if token.type == "inline":
            cells.append(_plain(token)[0].replace("\n", " "))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
            cells = []
    if len(rows) > 1:
        yield _Block("", rows=tuple(rows))
    elif rows:
        yield _Block(" ".join(filter(None, rows[0])))
