"""The questions of `appliance init` put to a person, or answered by options: each answer is right before the next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import typer

from appliance.errors import ConfigError, LineFault

if TYPE_CHECKING:
    from pathlib import Path

    from appliance.ops.registering import Registered
    from appliance.setup.drafting import Draft
    from appliance.setup.questions import Question

_PLACE: Final = re.compile(r"^(?:settings|business):\d+: ", re.MULTILINE)
_CHANGE, _AGAIN, _GO_ON = "change", "again", "go-on"
_NOTHING: Final = "-"
_ACCOUNT: Final = ("registrar", "user")


def say(text: str) -> None:
    """A line for the person who is asked; stdout belongs to what comes out in the end."""
    typer.echo(text, err=True)


@dataclass(slots=True)
class Interview:
    """`given` by options; what is not is asked, or with `asks` off taken as it stands."""

    given: dict[str, str]
    asks: bool
    answers: dict[str, str] = field(default_factory=dict)

    def begin(self, there: list[Path]) -> None:
        """Say how to answer."""
        if self.asks:
            say(
                f"{', '.join(map(str, there))}: there already, and changed only at the end."
                if there
                else "A new box."
            )
            say(f"Enter keeps what stands in brackets, {_NOTHING} empties it.")

    def hold(
        self, draft: Draft, password: str | None, *, tries: bool, zone: str
    ) -> tuple[Draft, str | None, dict[str, Any] | None]:
        """All questions: the finished draft, the password, and how the registration went (None: not tried)."""
        from appliance.setup.questions import QUESTIONS

        zone = zone if draft.is_new_business else ""
        tried = None
        for question in QUESTIONS:
            if not question.comes_up(self.answers):
                continue
            default = zone if zone and question.name == "timezone" else question.default(draft)
            draft = self._settled(question, draft, default)
            if question.name == "user":
                draft, password, tried = self._account(draft, password, tries=tries)
        for name in self.given:
            raise ConfigError(
                f"--{name}: what it belongs to was not chosen.", remedy="Give both, or leave it out."
            )
        return draft, password, tried

    def kind(self, now: str) -> str:
        """Which example a new business begins as."""
        from appliance.setup.questions import KINDS

        default = now if now in KINDS else KINDS[0]
        if (given := self.given.pop("kind", None)) is not None:
            if given not in KINDS:
                raise ConfigError(f'--kind: "{given}" is none of {", ".join(KINDS)}.')
            return given
        if not self.asks:
            return default
        while (
            answer := self._prompt(f"Which example comes nearest: {', '.join(KINDS)}?", default)
        ) not in KINDS:
            say(f"  It is one of {', '.join(KINDS)}.")
        return answer

    def drop_kind(self, business: Path) -> None:
        """A business that is there is of no kind any more."""
        if self.given.pop("kind", None) is not None:
            say(f"{business}: there already, so --kind does not matter.")

    def confirm(self, question: str) -> None:
        """Go on only after a yes; otherwise nothing has been touched."""
        if self.asks and not typer.confirm(question, err=True):
            say("Nothing was changed.")
            raise typer.Exit(1)

    # --- one question ---------------------------------------------------------------------------

    def _settled(self, question: Question, draft: Draft, default: str) -> Draft:
        from appliance.setup.questions import settle

        given = self.given.pop(question.name, None)
        if given is not None or not self.asks:
            answer = default if given is None else given
            try:
                draft = settle(draft, question, answer, self.answers)
            except (ConfigError, ValueError) as fault:
                raise ConfigError(f"--{question.name}: {_PLACE.sub('', str(fault))}") from fault
            self.answers[question.name] = answer.strip()
            return draft
        return self._asked(question, draft, default)

    def _asked(self, question: Question, draft: Draft, default: str) -> Draft:
        """Until an answer is right."""
        from appliance.setup.questions import settle

        must_be_typed = question.is_personal and draft.is_new_business
        shown = None if must_be_typed or (question.is_needed and not default) else default
        text = question.ask + (f" ({', '.join(question.choices)})" if question.choices else "")
        if question.about:
            say(f"\n{question.about}")
        while True:
            answer = self._prompt(text, shown)
            answer = "" if answer.strip() == _NOTHING else answer
            try:
                draft = settle(draft, question, answer, self.answers)
            except (ConfigError, ValueError) as fault:
                say(f"  {_PLACE.sub('', str(fault))}")
            else:
                self.answers[question.name] = answer.strip()
                return draft

    def _prompt(self, text: str, default: str | None, *, hidden: bool = False) -> str:
        answer: str = typer.prompt(
            text, default=default, err=True, hide_input=hidden, show_default=bool(default)
        )
        return answer

    # --- the account ----------------------------------------------------------------------------

    def _account(
        self, draft: Draft, password: str | None, *, tries: bool
    ) -> tuple[Draft, str | None, dict[str, Any] | None]:
        """Password, and the registration while one waits; a person may change the account until it is taken."""
        if password is None and self.asks:
            password = self._prompt("Its password", "", hidden=True) or None
        if password is None or not tries:
            return draft, password, None
        while True:
            outcome = self._tried(draft, password)
            if outcome.registered or (choice := self._what_now(draft, outcome)) == _GO_ON:
                told = {"registered": outcome.registered, "status": outcome.status, "reason": outcome.reason}
                return draft, password, told
            if choice == _CHANGE:
                draft = self._other_account(draft)
                password = self._prompt("Its password (empty: as before)", "", hidden=True) or password

    def _other_account(self, draft: Draft) -> Draft:
        from appliance.setup.questions import QUESTIONS

        for question in QUESTIONS:
            if question.name in _ACCOUNT and question.comes_up(self.answers):
                draft = self._asked(question, draft, question.default(draft))
        return draft

    def _tried(self, draft: Draft, password: str) -> Registered:
        from appliance.ops.registering import try_registration

        sip = draft.settings.sip
        say(f"Registering as {sip.user} with {sip.registrar} ...")
        outcome = try_registration(sip, password)
        say(f"  {outcome.told}")
        return outcome

    def _what_now(self, draft: Draft, outcome: Registered) -> str:
        """A person's choice after a refusal; LineFault where nobody is there to choose."""
        if not self.asks:
            raise LineFault(
                f"{draft.settings.sip.registrar}: the registration was {outcome.told}; nothing was written.",
                remedy=f"{outcome.remedy} With --no-register the files are written without trying.",
            )
        say(f"  {outcome.remedy}")
        text = f"What now: {_CHANGE} the account, try {_AGAIN}, or {_GO_ON} without?"
        while (choice := self._prompt(text, _CHANGE)) not in (_CHANGE, _AGAIN, _GO_ON):
            say(f"  {_CHANGE}, {_AGAIN} or {_GO_ON}.")
        return choice
