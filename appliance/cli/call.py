"""`appliance call`: a real test call to any SIP address; speaks or plays, and tells what came back."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from appliance.bench.call_score import CallReport, Score
    from appliance.bench.dialer import Event
    from appliance.bench.trial_call import Hears, Plan
    from appliance.settings import Settings

_CODECS = ("PCMU", "PCMA", "G722")


def command(
    target: Annotated[
        str,
        typer.Argument(metavar="SIP_URI", help="sip:100@192.168.1.2, 100@pbx.office, or with --account 100."),
    ],
    *,
    say: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="Say this; repeat for several turns.")
    ] = None,
    play: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Play this recording; repeat for several turns.")
    ] = None,
    listen: Annotated[
        float, typer.Option(metavar="S", min=0.5, max=600, help="Seconds to listen, after each turn of ours.")
    ] = 8.0,
    caller: Annotated[str, typer.Option("--as", metavar="NAME", help="Who calls.")] = "attendant-test",
    codec: Annotated[str | None, typer.Option(metavar="NAME", help="Offer only PCMU, PCMA or G722.")] = None,
    account: Annotated[
        bool, typer.Option("--account", help="Call by the phone system of [sip], as this box's extension.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep both sides in this WAV, ours left.")
    ] = None,
    score: Annotated[bool, typer.Option("--score", help="Rate what came back, and say why.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", metavar="FILE", help="Settings file of the box.")
    ] = None,
) -> None:
    """Call a SIP address: how soon it rings and answers, by which codec, how clean, and which words come back.

    Exit status 1 when nobody took the call. An echo (Asterisk's Echo(), *43 in FreePBX) shows the way there and back.

    \b
    Examples:
      appliance call sip:100@192.168.1.2
      appliance call sip:attendant@127.0.0.1 --say "When are you open?" --score
      appliance call 101 --account --play greeting.wav --listen 5 --json
    """
    logging.getLogger("appliance").addHandler(logging.NullHandler())  # what went wrong is said in the report
    from appliance import settings
    from appliance.bench.call_score import score as rated

    loaded = settings.load(config)
    with tempfile.TemporaryDirectory(prefix="say-") as folder:
        plan = _plan(
            loaded,
            target,
            say or [],
            play or [],
            Path(folder),
            listen,
            caller,
            codec,
            record,
            account=account,
        )
        report = _placed(plan, loaded, shows=not as_json)
    _show(report, rated(report) if score else None, as_json=as_json)
    if not report.was_answered:
        raise typer.Exit(1)


def _plan(  # noqa: PLR0917  one for each option
    loaded: Settings,
    target: str,
    say: list[str],
    play: list[Path],
    folder: Path,
    listen_s: float,
    caller: str,
    codec: str | None,
    record: Path | None,
    *,
    account: bool,
) -> Plan:
    from appliance.bench.trial_call import Plan, target_of

    if say and play:
        raise typer.BadParameter("either --say or --play: one voice at a time.")
    if codec is not None and codec not in _CODECS:
        raise typer.BadParameter(f"there is no codec {codec} here; there are: {', '.join(_CODECS)}.")
    try:
        to = target_of(target, loaded.sip.registrar if account else "")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    missing = [file.name for file in play if not file.is_file()]
    if missing:
        raise typer.BadParameter(f"there is no recording {missing[0]}.")
    return Plan(
        to=to,
        sounds=tuple(play) or tuple(_spoken(say, loaded, folder)),
        said=" ".join(say),
        listen_s=listen_s,
        caller=caller,
        codec=codec,
        record=record,
        account=_own_account(loaded) if account else None,
    )


def _own_account(loaded: Settings) -> tuple[str, str, str]:
    """The box's extension; ConfigError where the settings name none."""
    from appliance.errors import ConfigError
    from appliance.wiring.examining import secret

    sip = loaded.sip
    if not sip.registrar or not sip.user:
        raise ConfigError(
            "sip.registrar: there is no phone system to call by.", remedy="Set registrar and user in [sip]."
        )
    return sip.registrar, sip.user, secret("sip_password") or ""


def _spoken(texts: list[str], loaded: Settings, folder: Path) -> Iterator[Path]:
    """Each text in the box's own voice, as a file."""
    if not texts:
        return
    from appliance.conversation.speakable import speakable
    from appliance.engines.piper_tts import PiperVoice
    from appliance.errors import ConfigError
    from appliance.weights.place import resolve

    model = resolve(loaded, "voice")
    if model is None:
        raise ConfigError("models.voice: there is none to speak with.", remedy="Use --play, or name a voice.")
    voice = PiperVoice(model)
    for number, text in enumerate(texts):
        file = folder / f"{number}.pcm"
        file.write_bytes(b"".join(voice.speak(speakable(text))))
        yield file


def _placed(plan: Plan, loaded: Settings, *, shows: bool) -> CallReport:
    from appliance.bench.trial_call import TrialCall

    return TrialCall(plan, hears=_hears(loaded), tell=_told if shows else lambda _: None).place()


def _hears(loaded: Settings) -> Hears:
    """The box's recogniser, loaded only when there is something to hear; without a model nothing is heard."""

    def heard(pcm: bytes) -> str:
        from appliance.engines.vosk_asr import VoskModel
        from appliance.errors import ApplianceError
        from appliance.weights.place import resolve

        try:
            model = resolve(loaded, "recogniser")
        except ApplianceError as fault:
            typer.echo(f"Not listened to: {fault}", err=True)
            return ""
        if model is None:
            return ""
        ear = VoskModel(model).open()
        ear.feed(pcm)
        return ear.finish().text

    return heard


def _told(event: Event) -> None:
    """What happens, while it does; on stderr, so that stdout stays the report."""
    lines = {
        "dialing": "Dialling {to} ...",
        "ringing": "It rings.",
        "accepted": "Answered ({codec}).",
        "said": "Said our turn.",
        "hung_up": "The call is over.",
    }
    if line := lines.get(event["event"]):
        typer.echo(line.format_map(event), err=True)


# --- the report -----------------------------------------------------------------------------------


def _show(report: CallReport, scored: Score | None, *, as_json: bool) -> None:
    from appliance.bench.call_score import remedy_of

    remedy = remedy_of(report)
    if as_json:
        typer.echo(json.dumps(_plain(report, scored, remedy), indent=2, ensure_ascii=False))
        return
    for name, value in _lines(report):
        typer.echo(f"{name:<12} {value}")
    if scored is not None:
        aspects = ", ".join(f"{name} {grade}" for name, grade in scored.aspects.items())
        typer.echo(f"{'score':<12} {scored.points} of 100, {scored.grade} ({aspects})")
    if remedy:
        typer.echo(f"-> {remedy}")


def _plain(report: CallReport, scored: Score | None, remedy: str) -> dict[str, Any]:
    told = asdict(report) | {"answered": report.was_answered, "loss_percent": report.loss_percent}
    if scored is not None:
        told["score"] = asdict(scored)
    return told | {"remedy": remedy}


def _lines(report: CallReport) -> Iterator[tuple[str, str]]:
    yield "status", f"{report.status} {report.reason}".rstrip()
    if report.ringing_ms is not None:
        yield "rang after", f"{report.ringing_ms} ms"
    if not report.was_answered:
        return
    yield "answered", f"after {report.answered_ms} ms, codec {report.codec}"
    if report.first_sound_ms is not None:
        yield "first sound", f"{report.first_sound_ms} ms after the answer"
    loss = f"{report.packets_received} packets received, {report.loss_percent} % lost"
    yield "line", f"{loss}, jitter {report.jitter_ms} ms" + (f", MOS {report.mos}" if report.mos else "")
    if report.gaps_ms:
        yield "answers", f"{', '.join(map(str, report.gaps_ms))} ms after we were done"
    if report.echo_ms is not None:
        yield "echo", f"our own sound came back {report.echo_ms} ms later"
    yield "heard", report.heard or "no words"
