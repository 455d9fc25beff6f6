"""What the box knows of a business beside its file: what callers mean, and what its documents say."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from appliance import settings

if TYPE_CHECKING:
    from appliance.agent.looking_up import LookingUp
    from appliance.business import Business
    from appliance.engines.ports import IntentFinder
    from appliance.engines.sentence_vectors import MiniLmVectors
    from appliance.settings import Settings


def load_finder(config: Settings, office: Business) -> IntentFinder | None:
    """What finds the intents of a business, taught now if it has changed; None without sentence vectors."""
    from appliance.business.callers import callers
    from appliance.conversation.clauses import clauses, wish_after_story
    from appliance.conversation.lessons import lessons
    from appliance.engines.intent_files import table_for
    from appliance.engines.intent_finder import TrainedIntents
    from appliance.weights.place import resolve

    path = resolve(config, "vectors")
    if path is None:
        return None
    vectors = _vectors_at(path)
    table = table_for(lessons(office, callers(office.language)), vectors, taught_directory())
    parted = partial(clauses, language=office.language)
    return TrainedIntents(vectors, table, parted, partial(wish_after_story, language=office.language))


def load_sayings(config: Settings, office: Business) -> tuple[str, ...]:
    """What a second hearing of the callers of a business expects; none where nothing judges what it hears."""
    from appliance.business.callers import callers
    from appliance.conversation.lessons import lessons
    from appliance.conversation.second_hearing import sayings
    from appliance.weights.place import resolve

    if resolve(config, "vectors") is None:
        return ()
    return sayings(lessons(office, callers(office.language)), office)


@cache
def _vectors_at(path: Path) -> MiniLmVectors:
    """The sentence vectors, loaded once a process: intents and documents share them."""
    from appliance.engines.sentence_vectors import MiniLmVectors

    return MiniLmVectors(path)


def load_documents(config: Settings, office: Business, *, by_meaning: bool = True) -> LookingUp:
    """The office's documents, ready to be asked; in a language that cannot be searched they say nothing.

    Unless `by_meaning` they are searched by their words alone, without sentence vectors.
    """
    from appliance.agent.looking_up import LookingUp
    from appliance.knowledge.search import Search
    from appliance.knowledge.shelf import FILE_NAME, Shelf
    from appliance.knowledge.words import WORDS
    from appliance.weights.place import resolve

    if office.language not in WORDS:
        return LookingUp(None)
    shelf = Shelf(settings.data_directory(config) / FILE_NAME, WORDS[office.language], read_only=True)
    path = resolve(config, "vectors") if by_meaning else None
    return LookingUp(Search(shelf, _vectors_at(path) if path else None))


def taught_directory() -> Path:
    """Where taught tables of understanding are kept, each named by what it was taught; every box here shares them."""
    return settings.home() / "cache" / "understanding"
