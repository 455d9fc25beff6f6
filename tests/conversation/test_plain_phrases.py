"""Plain words for one call, and none for those whose business has words of its own."""

from __future__ import annotations

import copy

from appliance.business.phrases import LANGUAGES, braces_of
from appliance.conversation.phrases import Phrases
from appliance.conversation.plain_phrases import PlainPhrases


def test_the_switch_chooses_the_plain_words_where_there_are_any():
    phrases = PlainPhrases(Phrases())
    usual = phrases.say("not_known")
    phrases.plainly = True
    assert phrases.say("not_known") == "I don't know that. Shall I take a message?" != usual
    assert phrases.say("goodbye") == Phrases().say("goodbye")


def test_what_the_business_words_itself_stands():
    own = {"not_known": "No idea. Shall I write it down?", "way_out": "Hm.", "way_out_plain": "Message?"}
    phrases = PlainPhrases(Phrases(own=own))
    phrases.plainly = True
    assert phrases.say("not_known") == "No idea. Shall I write it down?"
    assert phrases.say("way_out") == "Message?"


def test_a_copy_has_a_switch_of_its_own_and_shares_the_words():
    phrases = PlainPhrases(Phrases())
    twin = copy.deepcopy(phrases)
    twin.plainly = True
    assert not phrases.plainly
    assert twin.fixed() == phrases.fixed()


def test_every_plain_phrase_stands_for_one_and_needs_no_more_than_it():
    for table in LANGUAGES.values():
        for name in (name for name in table if name.endswith("_plain")):
            assert braces_of(table[name]) <= braces_of(table[name.removesuffix("_plain")])


def test_plain_sentences_are_no_longer_than_what_they_stand_for():
    def longest(text: str) -> int:
        return max(len(sentence.split()) for sentence in text.replace("?", ".").split("."))

    table = LANGUAGES["en"]
    plain = [name for name in table if name.endswith("_plain")]
    assert plain
    assert all(longest(table[name]) <= longest(table[name.removesuffix("_plain")]) for name in plain)
