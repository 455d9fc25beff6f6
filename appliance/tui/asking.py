"""Asking before acting: a question on top of a screen, answered by keys or mouse.

if await self.app.push_screen_wait(Sure("Hang up on 5550100?")): ...
to = await self.app.push_screen_wait(Ask("Transfer to which extension?", "12"))
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static


class Sure(ModalScreen[bool]):
    """A yes or no; Escape is no, and no is what the Enter key finds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n,escape", "answer(False)", "no"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question and its two answers."""
        with Vertical(classes="asking"):
            yield Static(self._question, markup=False)
            with Horizontal():
                yield Button("No (n)", id="no")
                yield Button("Yes (y)", id="yes")

    def on_mount(self) -> None:
        """Enter alone does nothing that cannot be undone."""
        self.query_one("#no", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """One of the keys."""
        self.dismiss(answer)


class Ask(ModalScreen[str]):
    """A line of text; empty when nothing is wanted after all (Escape)."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave it")]

    def __init__(self, question: str, proposed: str = "") -> None:
        super().__init__()
        self._question = question
        self._proposed = proposed

    def compose(self) -> ComposeResult:
        """The question and a line to write on."""
        with Vertical(classes="asking"):
            yield Static(self._question, markup=False)
            yield Input(self._proposed)
            yield Static("Enter: do it   Escape: leave it")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """Nothing is wanted."""
        self.dismiss("")
