"""Who holds a play over the telephone: speaks when the agent is done, waits for what is promised, objects, hangs up."""

from __future__ import annotations

from pathlib import Path

from appliance import business
from appliance.bench.spoken_caller import Listener, Spoken, SpokenCaller
from appliance.conversation.phrases import Phrases
from appliance.conversation.playing_along import Script
from appliance.conversation.questions_asked import QuestionsAsked

OFFICE = business.load("auto_repair")
GREETING = "Thank you for calling Hilltop Auto Repair."
READ_BACK = (
    "That's an oil change, Monday at nine, for {}. Your number is 3 0 3, 5 5 5, 0 1 2 3. Shall I book it?"
)
DONE = "It's booked: an oil change, Monday at nine. Is there anything else I can help with?"
PLAY = f"""
agent: Thank you for calling ...
caller: an oil change on monday at nine for nora blake three oh three five five five oh one two three
agent: {READ_BACK.format("Nora Blake")}
caller: yes
agent: {DONE}
hang up:
expect disposition: booked
"""
WISH = "an oil change on monday at nine for nora blake three oh three five five five oh one two three"


class Silent:
    """A watch socket nobody looks at."""

    def close(self) -> None:
        """Nothing to close."""


class Office:
    """Both the caller's telephone and the box: answers each utterance as it was told to."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self.ear = Listener(Silent())  # type: ignore[arg-type]
        self._answers = list(answers)
        self.done: list[str] = []
        self._say(GREETING)

    def _say(self, *sentences: str) -> None:
        for text in sentences:
            self.ear.see({"kind": "speak", "text": text})
        self.ear.see({"kind": "said", "text": " ".join(sentences)})

    def _answer(self, heard: str) -> None:
        self.ear.see({"kind": "heard", "text": heard})
        answer = self._answers.pop(0)
        if answer == ():
            self.ear.see({"kind": "closed"})
        else:
            self._say(*answer)

    def say(self, recording: Path) -> bool:
        """The caller's line, which is heard as it is."""
        self.done.append(recording.name)
        self._answer(recording.name)
        return True

    def digits(self, keys: str) -> bool:
        """Keys are pressed."""
        self.done.append(f"keys {keys}")
        self._answer("")
        return True

    def wait_agent(self, quiet_ms: int) -> bool:
        """It is quiet at once; what was promised comes."""
        if self._answers and self._answers[0][0:1] == ("later",):
            self._say(*self._answers.pop(0)[1:])
        return quiet_ms > 0

    def hang_up(self) -> None:
        """The end."""
        self.done.append("hangs up")
        self.ear.see({"kind": "closed"})


def held(office: Office, play: str = PLAY) -> list[str]:
    """What the caller did."""
    call(office, play)
    return office.done


def call(office: Office, play: str = PLAY) -> list[Spoken]:
    """What the caller said, and what was heard."""
    script = Script(play, Phrases(), OFFICE.zone)
    caller = SpokenCaller(script, QuestionsAsked(OFFICE), office.ear, office, Path)  # type: ignore[arg-type]
    caller.hold()
    return caller.spoken


def test_a_play_is_held_as_it_stands():
    office = Office((READ_BACK.format("Nora Blake"),), (DONE,))
    assert call(office) == [Spoken(WISH, WISH), Spoken("yes", "yes")]
    assert office.done == [WISH, "yes", "hangs up"]


def test_a_wrong_read_back_is_put_right():
    office = Office((READ_BACK.format("Nora Black"),), (READ_BACK.format("Nora Blake"),), (DONE,))
    assert held(office) == [WISH, "no my name is nora blake", "yes", "hangs up"]


def test_what_was_not_heard_is_said_again():
    again = Phrases().say("say_again")
    office = Office((again,), (READ_BACK.format("Nora Blake"),), (again,), (DONE,))
    assert held(office) == [WISH, WISH, "yes", "yes", "hangs up"]


def test_an_answer_that_is_promised_is_waited_for():
    office = Office(("Let me check that.",), ("later", READ_BACK.format("Nora Blake")), (DONE,))
    assert held(office) == [WISH, "yes", "hangs up"]


def test_nobody_speaks_when_the_agent_has_ended_the_call():
    assert held(Office(())) == [WISH]


def test_who_has_taken_leave_twice_hangs_up_however_kind_the_office_is():
    leave = "caller: no that's all\nagent: Thank you for calling. Goodbye."
    welcome = (Phrases().say("welcome"),)
    office = Office((READ_BACK.format("Nora Blake"),), (DONE,), welcome, welcome, welcome)
    assert held(office, PLAY.replace("hang up:", leave)) == [
        *(WISH, "yes"),
        *("no that's all", "no that's all"),
        "hangs up",
    ]


def test_keys_are_pressed():
    play = PLAY.replace("caller: yes", "key: 1")
    office = Office((READ_BACK.format("Nora Blake"),), (DONE,))
    assert held(office, play) == [WISH, "keys 1", "hangs up"]


def test_a_caller_who_is_never_understood_gives_up():
    office = Office(*[(Phrases().say("say_again"),)] * 40)
    done = held(office)
    assert done[-1] == "hangs up"
    assert len(done) < 20
