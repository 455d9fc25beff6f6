"""The frame: screens by key, by name and by mouse; each key of the bar; leaving."""

from __future__ import annotations

import pytest

from appliance.cli import tui as command
from appliance.tui.app import SCREENS
from appliance.tui.live import LiveScreen
from tests.tui.busy import busy
from tests.tui.fixed import shown, text_of
from tests.tui.office import played, until


@played
async def test_number_keys_show_each_screen() -> None:
    async with shown("live", busy()) as pilot:
        for screen in SCREENS.values():
            await pilot.press(screen.KEY)
            await until(pilot, f"[{screen.KEY} {screen.TITLE}]")
            assert isinstance(pilot.app.screen, screen)


@played
async def test_a_click_on_the_bar_shows_a_screen() -> None:
    async with shown("line", busy()) as pilot:
        await pilot.click("#bar", offset=(3, 0))
        await until(pilot, "[1 Live]")
        assert isinstance(pilot.app.screen, LiveScreen)


@played
async def test_the_bar_fits_into_eighty_columns() -> None:
    async with shown("live", busy()) as pilot:
        bar = text_of(pilot).splitlines()[0]
    assert all(f"{screen.KEY} {screen.TITLE}" in bar for screen in SCREENS.values())


@played
async def test_a_screen_that_is_left_and_shown_again_is_as_it_was() -> None:
    async with shown("live", busy()) as pilot:
        await until(pilot, "and on saturday")
        await pilot.press("down", "3", "1")
        await until(pilot, "no answer yet")


@played
async def test_q_leaves() -> None:
    async with shown("live", busy()) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert not pilot.app.is_running or pilot.app._exit


def test_a_screen_that_is_none_is_refused_by_name() -> None:
    import typer

    with pytest.raises(typer.BadParameter, match="live, line, engines"):
        command.command(screen="nowhere")


def test_in_a_browser_each_view_is_the_command_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from textual_serve import server

    served: list[tuple[str, str, int]] = []

    class Server:
        def __init__(self, line: str, *, host: str, port: int, title: str) -> None:
            served.append((line, host, port))

        def serve(self) -> None:
            pass

    monkeypatch.setattr(server, "Server", Server)
    command.command(screen="line", serve=True, port=8400)
    ((line, host, port),) = served
    assert line.endswith("-m appliance.cli.app tui --screen line")
    assert (host, port) == ("127.0.0.1", 8400)
