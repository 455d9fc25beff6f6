"""`appliance bench understanding`: whether callers get what they meant, and nothing when they meant nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.recordings import recordings_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from appliance.bench.understanding import Office
    from appliance.bench.understanding_spoken import Hearing, Utterance
    from appliance.engines.ports import SentenceVectors, Voice
    from appliance.settings import Settings

_OTHER_VOICES = ("af_heart", "am_michael")


def understanding(
    *,
    data: Annotated[
        Path | None, typer.Option(help="The data folder: its text_intents are the public sets.", exists=True)
    ] = None,
    typed: Annotated[
        bool,
        typer.Option(
            "--typed", help="Leave out speech: text only, minutes instead of half an hour the first time."
        ),
    ] = False,
    most: Annotated[int | None, typer.Option(help="Speak at most so many utterances.", min=1)] = None,
    config: Annotated[
        Path | None, typer.Option(envvar="ATTENDANT_CONFIG", help="Settings file, for the models.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and its rows.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the figures for comparison.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Intents of recognised speech, and of public sets; heard and encoded once, then remembered.

    Example: appliance bench understanding --typed --json
    """
    from appliance import settings
    from appliance.bench import report
    from appliance.bench import understanding as bench
    from appliance.bench.checkout import revision
    from appliance.bench.processes import machine
    from appliance.bench.understanding_sets import sets_in
    from appliance.bench.understanding_spoken import spread, utterances
    from appliance.bench.understanding_vectors import KeptVectors
    from appliance.engines.sentence_vectors import MiniLmVectors
    from appliance.errors import ModelMissing
    from appliance.weights.place import resolve

    def tell(done: str) -> None:
        typer.echo(done, err=True)

    box = settings.load(config)
    if (model := resolve(box, "vectors")) is None:
        raise ModelMissing(
            "bench understanding: models.vectors = none.", remedy="Name sentence vectors there."
        )
    kept = settings.home() / "cache" / "understanding"
    vectors = MiniLmVectors(model)
    remembered = KeptVectors(vectors, kept / f"{vectors.name}.npz")
    folder, said = data or recordings_folder(), utterances()
    findings = bench.measure(
        {name: _office(name, vectors, remembered) for name in dict.fromkeys(one.business for one in said)},
        said,
        [] if typed else _hearing(box, kept / "heard.json", said).heard(spread(said, most), tell),
        sets_in(folder) if folder else [],
        remembered,
        command="appliance bench understanding"
        + (" --data DIR" if data else "")
        + (" --typed" if typed else "")
        + (f" --most {most}" if most else ""),
        conditions={"machine": machine(), "models": vectors.name, "revision": revision()},
        tell=tell,
    )
    remembered.keep()
    report.publish(findings, as_json=as_json, out=out, keep=keep)


def _office(name: str, vectors: SentenceVectors, remembered: SentenceVectors) -> Office:
    """Taught with remembered vectors, asked with real ones, so that the time it takes is true."""
    from functools import partial

    from appliance import business
    from appliance.bench.understanding import Office
    from appliance.business.callers import callers
    from appliance.conversation.clauses import clauses, wish_after_story
    from appliance.conversation.lessons import lessons
    from appliance.engines.intent_finder import TrainedIntents
    from appliance.engines.intent_training import train

    office = business.load(name)
    table, _ = train(lessons(office, callers(office.language)), remembered)
    parted = partial(clauses, language=office.language)
    wished = partial(wish_after_story, language=office.language)
    return Office(office, TrainedIntents(vectors, table, parted, wished))


def _hearing(box: Settings, file: Path, said: Sequence[Utterance]) -> Hearing:
    """The box's own voice, and others where the callers' voice is installed; each hears what its callers say."""
    from functools import partial

    from appliance import business
    from appliance.bench.understanding_spoken import Hearing
    from appliance.business.callers import callers
    from appliance.conversation.lessons import lessons
    from appliance.conversation.second_hearing import sayings
    from appliance.engines.kokoro_tts import KokoroVoice
    from appliance.engines.piper_tts import PiperVoice
    from appliance.engines.vosk_asr import VoskModel
    from appliance.errors import ModelMissing
    from appliance.weights.place import resolve

    recogniser, voice, others = (resolve(box, role) for role in ("recogniser", "voice", "caller_voice"))
    if recogniser is None or voice is None:
        raise ModelMissing(
            "bench understanding: no recogniser or no voice.", remedy="Run: appliance models pull"
        )
    voices: dict[str, Callable[[], Voice]] = {voice.name: partial(PiperVoice, voice)}
    if others is not None and others.is_dir():
        voices |= {name: partial(KokoroVoice, others, name) for name in _OTHER_VOICES}
    offices = {one.business: business.load(one.business) for one in said}
    expected = {
        name: sayings(lessons(office, callers(office.language)), office) for name, office in offices.items()
    }
    return Hearing(file, voices, partial(VoskModel, recogniser), recogniser.name, expected)
