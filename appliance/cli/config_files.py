"""Which file a `config` command means, what it says, and changing it: validated whole, the former version kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from appliance.setup.history import History, Version

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="ATTENDANT_CONFIG", help="Settings file; else /etc/attendant/appliance.toml."
    ),
]
OfBusiness = Annotated[bool, typer.Option("--business", help="The business file that the settings name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True, slots=True)
class OwnersFile:
    """A file of the owner's: where it is, what it is read as, and its former versions."""

    path: Path
    model: type[BaseModel]
    history: History

    @property
    def text(self) -> str:
        """What it says; empty when there is none yet."""
        return self.history.now() or ""

    def values(self) -> Any:
        """What holds, defaults included, as JSON has it; ConfigError."""
        from appliance import configfile

        return configfile.parse(self.text, self.model, name=str(self.path)).model_dump(mode="json")

    def change(self, edited: Callable[[str], str], change: str) -> Version | None:
        """Put `edited(text)` in its place once it is right as a whole; ConfigError, StoreFault."""
        from appliance import configfile
        from appliance.clock import SystemClock

        with self.history.changing():
            after = edited(self.text)
            configfile.parse(after, self.model, name=str(self.path))
            return self.history.replace(after, change, SystemClock().now())


def owners_file(config: Path | None, *, business: bool) -> OwnersFile:
    """The settings file, or the business file it names; ConfigError when there is none to change."""
    from appliance.business import Business
    from appliance.settings import Settings
    from appliance.setup.history import History

    path = business_path(config) if business else settings_path(config)
    return OwnersFile(path, Business if business else Settings, History(path))


def settings_path(config: Path | None) -> Path:
    """The settings file that is meant; ConfigError when none was named and the system has none."""
    from appliance import settings
    from appliance.errors import ConfigError

    if config is None and not settings.SYSTEM_CONFIG.exists():
        raise ConfigError(
            f"{settings.SYSTEM_CONFIG}: there is no settings file; the defaults hold.",
            remedy="Name yours with --config or ATTENDANT_CONFIG, or have one made: `appliance init`.",
        )
    return (config or settings.SYSTEM_CONFIG).resolve()


def business_path(config: Path | None) -> Path:
    """The business file that the settings name; ConfigError for an example that ships with the product."""
    from appliance import settings
    from appliance.errors import ConfigError

    named = settings.load(config).business
    if not named.endswith(".toml"):
        raise ConfigError(
            f'business: the box answers for "{named}", an example that ships with the product.',
            remedy="Make a business file of your own: `appliance init`.",
        )
    return Path(named).resolve()


def say_changed(file: OwnersFile, kept: Version | None, what: str) -> None:
    """What was done, how to take it back, and when it counts."""
    typer.echo(f"{file.path}: {what}.")
    if kept is not None:
        typer.echo(f"What it was before is kept as version {kept.number}.")
    typer.echo("It counts from the next start of the box (`systemctl restart attendant.target`).")
