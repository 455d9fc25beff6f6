"""What every screen has: the bar of screens on top, what stands below it, and the keys at the bottom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static

from appliance.errors import ApplianceError
from appliance.tui.feeds import Feed

if TYPE_CHECKING:
    from appliance.tui.app import Technician


class BoxScreen(Screen[None]):
    """A screen of the app: says what it is called, and composes its `body`.

    `self.feed` is what it is fed from. A fault is shown by `trouble`, in one line above the body, until it is
    called with None.
    """

    TITLE: ClassVar[str] = ""
    """As it stands in the bar."""
    KEY: ClassVar[str] = ""
    """The number key that shows it."""

    def __init__(self) -> None:
        super().__init__()
        self._put: dict[str, str | Text] = {}

    @property
    def feed(self) -> Feed:
        """Where everything comes from."""
        return self.technician.feed

    @property
    def technician(self) -> Technician:
        """The app, as what it is."""
        from appliance.tui.app import Technician  # noqa: PLC0415  the app lists its screens

        assert isinstance(self.app, Technician)  # noqa: S101  they have no other
        return self.app

    def compose(self) -> ComposeResult:
        """Bar, line of trouble, body, keys."""
        yield Static(self._bar(), id="bar")
        yield Static(id="trouble", markup=False)
        yield from self.body()
        yield Footer(show_command_palette=False)

    def body(self) -> Iterable[Widget]:
        """The screen's own widgets."""
        return ()

    def _bar(self) -> str:
        """Each screen with its key; the one that is shown in brackets, so that it is seen without colour."""
        return "".join(self._entry(name, screen) for name, screen in self.technician.screens.items())

    def _entry(self, name: str, screen: type[BoxScreen]) -> str:
        if screen is type(self):
            return rf"[reverse]\[{screen.KEY} {screen.TITLE}][/]"
        return f"[@click=app.show('{name}')] {screen.KEY} {screen.TITLE} [/]"

    def put(self, widget: str, content: str | Text) -> bool:
        """Put `content` into the Static called `widget`; whether that is anything new. The same again costs nothing."""
        if self._put.get(widget) == content:
            return False
        self._put[widget] = content
        self.query_one(f"#{widget}", Static).update(content)
        return True

    def trouble(self, fault: ApplianceError | None) -> None:
        """Show what is wrong and what to do about it; None: all is well again."""
        told = "" if fault is None else f"! {fault.message} {fault.remedy}".rstrip()
        if self.put("trouble", told):
            self.query_one("#trouble").set_class(fault is not None, "shown")
