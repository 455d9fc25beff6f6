"""What decided how a call was held, as a short name that changes with its content: flows, phrases, prompts.

Kept with every call, so that one can tell which wording and which flow a caller met.
"""

from __future__ import annotations

import hashlib
import json

from appliance.business import Business
from appliance.business.flows import shipped_flows
from appliance.business.phrases import LANGUAGES
from appliance.conversation.prompts import system_prompt
from appliance.conversation.summary_words import summary_words

_LENGTH = 12


def conversation_versions(business: Business) -> dict[str, str]:
    """The content hashes of flows, phrases and prompts that a call to `business` is held with, by name."""
    summary = summary_words(business.language)
    flows = {**shipped_flows(), **{flow.name: flow for flow in business.flows}}
    return {
        "flows": _hash(json.dumps({name: flows[name].model_dump(mode="json") for name in sorted(flows)})),
        "phrases": _hash(json.dumps({**LANGUAGES[business.language], **business.phrases}, sort_keys=True)),
        "prompts": _hash(system_prompt(business) + summary.instruction + summary.task),
    }


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:_LENGTH]
