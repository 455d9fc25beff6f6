"""A page of text on top of a screen, for one record whole; it scrolls, and Escape takes it away."""

from __future__ import annotations

from typing import ClassVar

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Static


class Sheet(ModalScreen[str]):
    """Shows `text`; dismissed with the name of one of `actions` (key, name, what it does), or with nothing."""

    CSS = """
    Sheet { align: center middle; }
    Sheet > VerticalScroll { width: 100%; height: 1fr; background: $surface; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close('')", "back")]

    def __init__(self, text: RenderableType, actions: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__()
        self._text = text
        for key, name, does in actions:
            self._bindings.bind(key, f"close('{name}')", does)

    def compose(self) -> ComposeResult:
        """The page and its keys."""
        with VerticalScroll():
            yield Static(self._text)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.query_one(VerticalScroll).focus()

    def action_close(self, name: str) -> None:
        """Back to the screen, with what is wanted."""
        self.dismiss(name)
