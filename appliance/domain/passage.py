"""A piece of a document that may answer a caller, with where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A few sentences of one document, as they stand there.

    `headings` is the way down to it ("Prices", "Tires"), `version` which of the document's versions said it,
    `likelihood` (0 to 1) how likely it is that a caller who asked this is answered by it.
    """

    text: str
    document: str
    headings: tuple[str, ...] = ()
    version: int = 1
    likelihood: float = 0.0

    @property
    def source(self) -> str:
        """Where it stands, for the record: "prices.pdf (version 2): Prices > Tires"."""
        way = " > ".join(self.headings)
        return f"{self.document} (version {self.version})" + (f": {way}" if way else "")
