"""Test call: the box calls itself over its own line, asks something, and scores what came back.

The call is placed by `appliance call` in a process of its own, as anybody would place it: a real INVITE, real sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from appliance.errors import ApplianceError
from appliance.tui.asking import Ask
from appliance.tui.frame import BoxScreen

_QUESTION: Final = "What are your opening hours?"
_HELP: Final = (
    "c   call the box over its own address, ask something in its own voice, and score the answer\n\n"
    "The call takes one of its lines and stands on record like any other; callers are not disturbed."
)
_MARKS: Final = {"good": "+ good", "fair": "~ fair", "bad": "! BAD"}


class TestCallScreen(BoxScreen):
    """One call, and how good it was."""

    TITLE: ClassVar[str] = "Test"
    KEY: ClassVar[str] = "9"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "call", "call", tooltip="Place a test call")]
    DEFAULT_CSS = """
    TestCallScreen #result { padding: 1 2; }
    """

    def body(self) -> Iterable[Widget]:
        """What the last call was like."""
        with VerticalScroll(can_focus=False):
            yield Static(_HELP, id="result", markup=False)

    @work(exclusive=True)
    async def action_call(self) -> None:
        """Ask what to say, call, show the score."""
        said = await self.app.push_screen_wait(Ask("Call the box and say what?", _QUESTION))
        if not said:
            return
        result = self.query_one("#result", Static)
        try:
            uri = (await self.feed.ask_line({"do": "look"}))["sip_uri"]
            result.update(f"Calling {uri} ...\n\nIt takes some twenty seconds: greeting, question, answer.")
            report = await self.feed.place_call(uri, said)
        except ApplianceError as fault:
            self.trouble(fault)
            result.update(_HELP)
            return
        self.trouble(None)
        result.update("\n".join(_told(report)))


def _told(report: dict[str, Any]) -> Iterator[str]:
    """The report in lines; what is good or bad is a word and a mark, never only a colour."""
    scored = report.get("score") or {}
    if scored:
        yield f"Score      {scored['points']} of 100: {_MARKS.get(scored['grade'], scored['grade'])}"
        yield from (f"  {name:<12} {_MARKS.get(grade, grade)}" for name, grade in scored["aspects"].items())
        yield ""
    rings, takes = report.get("ringing_ms"), report.get("answered_ms")
    yield f"Answer     status {report['status']}, rang after {rings} ms, answered after {takes} ms"
    yield f"Sound      {report['codec'] or 'none'}, lost {report['loss_percent']} %, jitter {report['jitter_ms']} ms"
    yield f"Gaps       {', '.join(str(gap) for gap in report['gaps_ms']) or '-'} ms"
    yield f"We said    {report['said'] or '-'}"
    yield f"We heard   {report['heard'] or '-'}"
    if remedy := report.get("remedy"):
        yield f"\n-> {remedy}"
