"""Where `appliance init` reads and writes: settings, business and password of one box."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from appliance.cli.init_interview import Interview
    from appliance.setup.drafting import Draft

PASSWORD: Final = "sip_password"  # noqa: S105  the name of the secret
_BUSINESS: Final = "business.toml"


@dataclass(frozen=True, slots=True)
class Places:
    """The three files of a box, and what the machine says about itself."""

    settings: Path
    business: Path
    password_file: Path
    zone: str
    """The machine's time zone; empty when it has none that helps."""

    @classmethod
    def of(cls, config: Path | None) -> Places:
        """The files beside this settings file; StoreFault before anything is asked if they cannot be written."""
        from appliance import settings
        from appliance.setup.questions import machines_zone

        path = (config or _usual_place()).resolve()
        named = settings.load(path).business if path.exists() else ""
        business = Path(named) if named.endswith(".toml") else path.parent / _BUSINESS
        places = cls(
            path,
            business.resolve(),
            path.parent / PASSWORD,
            machines_zone(os.path.realpath("/etc/localtime")),
        )
        for file in (places.settings, places.business):
            _refuse_unwritable(file)
        return places

    @property
    def there(self) -> list[Path]:
        """The files that exist already."""
        return [path for path in (self.settings, self.business) if path.exists()]

    def refuse_unasked(self, *, says_yes: bool) -> None:
        """AlreadyThere when files would be changed and nobody will be asked."""
        from appliance.errors import AlreadyThere

        if self.there and not says_yes:
            raise AlreadyThere(
                f"{', '.join(map(str, self.there))}: there already.",
                remedy="Say --yes to change it (what it was is kept: `appliance config history`), or name another "
                "file with --config.",
            )

    def draft(self, interview: Interview) -> Draft:
        """The two files as they are, or as new ones begin."""
        from appliance import business as businesses
        from appliance import settings
        from appliance.setup import drafting, examples
        from appliance.setup.drafting import Draft, Edit, File
        from appliance.setup.history import History

        text = History(self.settings).now()
        if (office := History(self.business).now()) is None:
            now = settings.load(self.settings).business if text is not None else ""
            kind = interview.kind(now)
            example = settings.shipped(f"config/businesses/{kind}.toml").read_text(encoding="utf-8")
            draft = Draft(text or drafting.new_settings(), examples.start_from(example, kind), True)
        else:
            interview.drop_kind(self.business)
            businesses.load(str(self.business))  # told by file and line, before anything is asked
            draft = Draft(text or drafting.new_settings(), office, False)
        return draft.with_edits([Edit(File.SETTINGS, ("business",), str(self.business))])

    def known_password(self) -> str | None:
        """The SIP password that the box has already; None when it has none."""
        from appliance import settings

        if (known := settings.secret(PASSWORD)) is not None:
            return known
        try:
            return self.password_file.read_text(encoding="utf-8").strip() or None
        except (OSError, ValueError):
            return None

    def write(self, draft: Draft, password: str | None) -> dict[str, Any]:
        """Put all of it in place, the former versions kept, and the password, if there is a new one; where it lies.

        StoreFault.
        """
        from appliance.clock import SystemClock
        from appliance.setup.history import History, write_secret

        for path, text in ((self.business, draft.business_text), (self.settings, draft.settings_text)):
            history = History(path)
            with history.changing():
                history.replace(text, "init", SystemClock().now())
        if password is not None and draft.settings.sip.registrar:
            write_secret(self.password_file, password)
        return {
            "settings": str(self.settings),
            "business": str(self.business),
            "password": str(self.password_file) if self.password_file.exists() else None,
        }

    def next_steps(self, draft: Draft, password: str | None) -> list[str]:
        """What a person does now, in order: each a command or a sentence."""
        from appliance.settings import SYSTEM_CONFIG, CrmKind

        is_system = self.settings == SYSTEM_CONFIG
        steps = [f"Look through {self.business}: services, questions with answers, people."]
        if draft.settings.sip.registrar and password is None:
            steps.append(f"Put the extension's password into {self.password_file} (mode 600).")
        if draft.settings.crm.kind is not CrmKind.NONE:
            steps.append("appliance sync connect    # gives the customer database's key; see docs/sync.md")
        if is_system:
            return [*steps, "appliance doctor", "systemctl enable --now attendant.target"]
        if draft.settings.sip.registrar:
            steps.append(f"export ATTENDANT_SIP_PASSWORD_FILE={self.password_file}")
        steps.append(f"export ATTENDANT_CONFIG={self.settings}")
        return [*steps, "appliance models pull", "appliance doctor", "appliance run"]


def given_password(source: str) -> str:
    """The SIP password in a file, or on stdin (`-`); NotFound."""
    from appliance.errors import NotFound

    try:
        given = sys.stdin.readline() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise NotFound(f"--password-file {source}: cannot be read.", remedy="Check the path.") from error
    if not given.strip():
        raise NotFound(f"--password-file {source}: holds no password.", remedy="Put it there, as one line.")
    return given.strip()


def _usual_place() -> Path:
    """The system's settings file where there is one or may be one, else the user's own."""
    from appliance.settings import SYSTEM_CONFIG

    if SYSTEM_CONFIG.exists() or os.access(SYSTEM_CONFIG.parent, os.W_OK):
        return SYSTEM_CONFIG
    return Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config")) / "attendant" / SYSTEM_CONFIG.name


def _refuse_unwritable(path: Path) -> None:
    from appliance.errors import StoreFault

    above = next(one for one in (path, *path.parents) if one.exists())
    is_wrong = path.is_dir() or (above != path and not above.is_dir())
    if is_wrong or not os.access(above if above.is_dir() else above.parent, os.W_OK):
        raise StoreFault(
            f"{path}: cannot be written.", remedy="Run it as root or with sudo, or name another --config."
        )
