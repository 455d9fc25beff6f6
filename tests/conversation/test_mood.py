"""Moods by words and by what happened: what counts, what does not, and how levels rise and fall."""

from __future__ import annotations

import pytest

from appliance.conversation.mood import Care, Mood, Sign, Strain, signs_in


@pytest.mark.parametrize(
    "text",
    [
        "this is ridiculous",
        "that is just unacceptable",
        "i'm getting really frustrated here",
        "i am so fed up with this",
        "you're not even listening",
        "i already told you my number",
        "how many times do i have to say it",
        "for the third time it's miller",
        "i've been on hold for twenty minutes",
        "nobody ever called me back",
        "you keep asking me the same thing",
        "are you kidding me",
        "you are useless",
        "i hate talking to machines",
        "stupid robot",
        "what is wrong with you",
        "this is taking forever",
        "i'd like to make a complaint",
        "that's not what i asked",
        "oh shut up",
        "you're getting it all wrong",
        "we're going round in circles",
        "oh come on",
        "why won't you let me talk to somebody",
        "i don't want to talk to a machine",
        "you've asked me that three times",
        "i've had enough of this",
        "i'll take my business elsewhere",
        "do you even understand what i'm saying",
        "every time i call it's the same thing",
        "how hard can it be",
    ],
)
def test_complaints(text):
    assert Sign.COMPLAINT in signs_in(text)
    assert Sign.ABUSE not in signs_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "my brakes make a terrible noise",
        "i'm not upset i just want to know",
        "no complaints everything was fine",
        "the engine is making an annoying sound",
        "can you tell me how many times a year i should come",
        "i was there last time in march",
        "i already have an appointment on friday",
        "i need an appointment for the second time slot",
        "it's taking my car a while to start",
        "do you have a cancellation policy",
        "i have a bad tooth on the left side",
        "i'm sick with a cold can i move it",
        "do you listen to messages in the evening",
        "my dog is mad at the mailman",
        "how often do i have to change the oil",
        "i've had it for ten years and it runs fine",
        "the noise is driving me crazy",
        "can you let me know when it's done",
        "i got the wrong part can i come by",
        "could somebody else bring the car",
    ],
)
def test_troubles_that_are_no_complaints(text):
    assert Sign.COMPLAINT not in signs_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "fuck you",
        "go to hell",
        "you stupid machine",
        "you're an idiot",
        "you are such a moron",
        "are you stupid",
        "listen asshole",
        "bitch",
        "shut the fuck up",
        "i'm going to kill you",
        "kiss my ass",
        "you worthless piece of shit",
        "i'll burn your shop down",
        "what are you wearing",
        "you bunch of idiots you idiots",
        "you people are idiots",
        "what an asshole",
    ],
)
def test_abuse_is_what_is_said_to_us(text):
    assert Sign.ABUSE in signs_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "my fucking car broke down again",
        "that son of a bitch hit my bumper",
        "i feel so stupid i forgot my keys",
        "he called me an idiot",
        "i'm such an idiot i lost your card",
        "sorry that was a stupid question",
        "you're not stupid i know",
        "the trunk won't shut up properly",
        "it's a piece of shit this van",
        "could you ask dick smith to call me",
        "there's a screw in my tire",
        "my gums are bloody",
        "i hurt my foot can you see me",
        "the engine was killed by the cold",
        "is your daughter dumb struck",
    ],
)
def test_curses_and_hard_words_about_other_things_are_no_abuse(text):
    assert Sign.ABUSE not in signs_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "i don't understand",
        "i have no idea i don't know what you mean",
        "what do you mean by that",
        "what are you asking",
        "i'm a bit confused now",
        "you lost me there",
        "that doesn't make any sense",
        "what am i supposed to say",
        "i have no clue what you want from me",
        "could you explain what you mean",
        "can you say that in simpler words",
        "you're talking too fast",
    ],
)
def test_confusion(text):
    assert Sign.CONFUSION in signs_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "i don't understand why my brakes squeak",
        "my dog got lost near your shop",
        "do you know what this costs",
        "what does the inspection include",
    ],
)
def test_questions_about_the_matter_are_no_confusion(text):
    assert Sign.CONFUSION not in signs_in(text)


def test_one_complaint_strains_and_a_second_soon_after_upsets():
    mood = Mood()
    assert mood.heard("this is ridiculous") is Care.SORRY
    assert mood.strain is Strain.STRAINED
    assert mood.heard("what a waste of my time") is Care.OFFER_PERSON
    assert mood.strain is Strain.UPSET


def test_a_person_is_offered_once_and_again_only_much_later():
    mood = Mood()
    for _ in range(2):
        care = mood.heard("this is ridiculous")
    assert care is Care.OFFER_PERSON
    mood.offered_person()
    cares = [mood.heard(f"this is ridiculous number {count}") for count in "abcdefgh"]
    assert cares.count(Care.OFFER_PERSON) == 1
    assert cares[-1] is Care.OFFER_PERSON


def test_levels_fall_later_than_they_rise():
    mood = Mood()
    mood.heard("this is ridiculous")
    strains = []
    for words in ("an oil change", "on friday", "at ten in the morning", "bob king", "yes that's right"):
        mood.heard(words)
        strains.append(mood.strain)
    assert strains[0] is Strain.STRAINED  # its tally is already below what enters the level
    assert strains[-1] is Strain.CALM
    assert strains == sorted(strains, reverse=True)


def test_barge_ins_alone_never_strain_anybody():
    mood = Mood()
    for words in ("an oil change", "on friday", "at ten in the morning", "bob king", "yes") * 8:
        mood.interrupted()
        mood.heard(words)
    assert mood.strain is Strain.CALM


def test_misunderstanding_again_and_again_strains_and_with_a_complaint_upsets():
    mood = Mood()
    for words in ("the thing with the wheels", "well the wheels", "you know the wheels", "the wheel thing"):
        mood.heard(words)
        mood.misunderstood()
    assert mood.strain is Strain.STRAINED
    assert mood.heard("you're not listening") is Care.OFFER_PERSON


def test_the_same_words_again_count_only_if_we_did_not_ask_for_them():
    asked, unasked = Mood(), Mood()
    for mood in (asked, unasked):
        mood.heard("do you work on hybrid cars")
    asked.misunderstood()
    for mood, strained in ((asked, 0.6), (unasked, 0.7)):
        mood.heard("do you work on a hybrid car")
        assert (mood._strain == pytest.approx(strained)) is (mood is unasked)


def test_a_number_said_again_is_no_sign():
    mood = Mood()
    for _ in range(6):
        mood.heard("three oh three five five five oh one seven two")
    assert mood.strain is Strain.CALM


def test_abuse_is_warned_once_and_then_ends_the_call():
    mood = Mood()
    assert mood.heard("you stupid machine") is Care.WARN
    assert mood.heard("i want an oil change") is Care.NOTHING
    assert mood.heard("fuck you") is Care.END


def test_nobody_is_warned_for_words_the_recogniser_doubts():
    mood = Mood()
    assert mood.heard("fuck you", sure=False) is Care.NOTHING
    assert mood.heard("fuck you") is Care.WARN


def test_confusion_is_met_with_plain_words_until_it_is_over():
    mood = Mood()
    assert not mood.needs_plain_words
    assert mood.heard("i don't understand what you're asking") is Care.EXPLAIN
    assert mood.needs_plain_words
    for words in ("okay an oil change", "friday", "ten in the morning", "yes"):
        mood.heard(words)
    assert not mood.needs_plain_words


def test_what_was_done_relieves():
    done, not_done = Mood(), Mood()
    for mood in (done, not_done):
        mood.heard("this is ridiculous")
        mood.heard("okay friday then")
    done.relieved()
    assert (done.strain, not_done.strain) == (Strain.CALM, Strain.STRAINED)


def test_a_language_nobody_wrote_down_is_listened_to_as_english():
    assert Sign.COMPLAINT in signs_in("this is ridiculous", "fr")
