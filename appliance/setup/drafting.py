"""Both files of a box while they are being written: what each answer sets, checked as the finished files are.

Pure: texts in, texts out. Every step goes through the strict reader (`configfile`), so that a fault is told at the
answer that made it and nothing wrong is ever written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from pydantic import BaseModel
from tomlkit.items import Item

from appliance import configfile
from appliance.business import Business
from appliance.configfile import KeyPath
from appliance.settings import Settings
from appliance.setup import editing
from appliance.setup import words_en as words

UNSET: Final = object()
"""As an edit's value: the key is taken out, and its default holds."""


class File(Enum):
    """Which of the two files."""

    SETTINGS = "settings"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Edit:
    """One value to set, or UNSET."""

    file: File
    path: KeyPath
    value: Any


@dataclass(frozen=True, slots=True)
class Draft:
    """The two files as they would be written now."""

    settings_text: str
    business_text: str
    is_new_business: bool
    """Whether the business file began as an example just now: what it says of itself is the example's."""

    @property
    def settings(self) -> Settings:
        """The settings, read as the box reads them; ConfigError."""
        return configfile.parse(self.settings_text, Settings, name="settings")

    @property
    def business(self) -> Business:
        """The business, read as the box reads it; ConfigError."""
        return configfile.parse(self.business_text, Business, name="business")

    def with_edits(self, edits: Iterable[Edit]) -> Draft:
        """The draft with all of these; ConfigError when a file would not be right then."""
        draft = self
        for edit in edits:
            draft = draft._with_edit(edit)
        draft.settings, draft.business  # noqa: B018  the strict reader looks at the whole
        return draft

    def _with_edit(self, edit: Edit) -> Draft:
        if edit.file is File.SETTINGS:
            return replace(self, settings_text=_edited(self.settings_text, edit, Settings))
        return replace(self, business_text=_edited(self.business_text, edit, Business))


def new_settings() -> str:
    """A settings file that changes nothing yet."""
    return words.SETTINGS_HEAD


def _edited(text: str, edit: Edit, model: type[BaseModel]) -> str:
    if edit.value is UNSET:
        return editing.without(text, edit.path) if _stands(text, edit.path) else text
    if _holds_already(text, edit, model):
        return text
    return editing.with_value(text, edit.path, edit.value, model)


def _stands(text: str, path: KeyPath) -> bool:
    """Whether the file says anything at `path`."""
    here: Any = editing.plain_values(text)
    for step in path:
        if isinstance(step, str) and step not in here:
            return False
        here = here[step]
    return True


def _holds_already(text: str, edit: Edit, model: type[BaseModel]) -> bool:
    """Whether the key has this value as it is: because the file says so, or because it says nothing."""
    wanted = edit.value.unwrap() if isinstance(edit.value, Item) else edit.value
    if not _stands(text, edit.path):
        return wanted is not None and bool(editing.default_at(model, edit.path) == wanted)
    return bool(editing.value_at(editing.plain_values(text), edit.path, "") == wanted)
