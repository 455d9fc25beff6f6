"""What every call in the agent shares: the business, the engines, the threads they work in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from appliance.agent.looking_up import LookingUp
from appliance.agent.tooling import Tooling
from appliance.agent.vitals import Vitals
from appliance.agent.voicing import VoiceQueue
from appliance.business import Business
from appliance.clock import Clock
from appliance.conversation.phrases import Phrases
from appliance.engines.ports import IntentFinder, RecogniserModel, SpeechDetector
from appliance.ops.metrics import Figures
from appliance.ops.prepared import MenuSounds
from appliance.settings import Settings


@dataclass(frozen=True, slots=True)
class Equipment:
    """What every call shares: the business, the engines, the threads they work in."""

    settings: Settings
    business: Business
    phrases: Phrases
    clock: Clock
    recogniser: RecogniserModel
    new_detector: Callable[[], SpeechDetector]
    finder: IntentFinder | None
    voice_queue: VoiceQueue
    versions: dict[str, str]
    tooling: Tooling | None = None
    """What uses the business's tools; None: every use fails."""
    documents: LookingUp | None = None
    """The office's documents; None: open questions go to the model at once."""
    vitals: Vitals | None = None
    """What the engines tell of their health."""
    sayings: tuple[str, ...] = ()
    """What callers say here, for a second hearing (conversation.second_hearing); none: they are heard once."""
    menu: MenuSounds | None = None
    """What callers are served with by keys when they cannot be understood; None: they are asked to call again."""
    figures: Figures = field(default_factory=Figures)
    """What is counted for whoever observes the box."""
