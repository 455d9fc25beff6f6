"""What `appliance rca` says, for operators: each cause by its code, what it means, and what to do. Data only.

`{...}` is filled from the record; a text names no person and repeats no word of a call.
"""

from __future__ import annotations

from typing import Final

CAUSES: Final[dict[str, tuple[str, str]]] = {
    "still_open": (
        "The record is still open: the call is going on, or the box died in it.",
        "If nobody is on the line, restart the agent: it closes what a crash left open.",
    ),
    "turned_away": (
        "The call was refused while it rang: {why} (SIP {status}).",
        "What to look at: {why_remedy}",
    ),
    "gave_up": (
        "The caller gave up while it rang (SIP 487).",
        "A box that is well answers within a second: look at the agent's log at that time.",
    ),
    "system_failure": (
        "A fault of the box ended the call.",
        "journalctl -u attendant-agent --grep {call_id} shows it; send it with the record to the maintainers.",
    ),
    "line_lost": (
        "At {at} the line process died, and the call with it.",
        "journalctl -u attendant-line says why it died.",
    ),
    "resumed": (
        'At {at} the agent was restarted in the middle of the call; the caller heard "one moment".',
        "journalctl -u attendant-agent says why it died.",
    ),
    "level": (
        "At {at} the box could only do part of its work: level {level}{lost}.",
        "appliance degrade show says which part is down now; docs/degradation.md what each level means.",
    ),
    "level_from_start": (
        "The call began at level {level}{lost}.",
        "appliance degrade show says which part is down now; docs/degradation.md what each level means.",
    ),
    "no_sound": (
        "Not one packet of sound came from the caller.",
        "NAT or a firewall eats the sound: sip.public_address, and UDP from sip.rtp_port on; appliance doctor.",
    ),
    "silent": (
        "Nobody ever spoke, though packets came.",
        "Nothing, for one call: a pocket, a scanner. If it is many, listen to one: appliance calls play {call_id}.",
    ),
    "turn_waiting": (
        "At {at} the answer took {gap} ({kind}): {step} of it until it was sure that the caller was done.",
        'Words that end on a digit, a name or "and" are waited for longer; [turns] in the settings says how long.',
    ),
    "turn_recogniser": (
        "At {at} the answer took {gap} ({kind}): {step} of it for the recogniser's last words.",
        "The processor was busy, or the model is too large for it: appliance bench recognition, appliance doctor.",
    ),
    "turn_reply": (
        "At {at} the answer took {gap} ({kind}): {step} of it to decide what to say.",
        "Slow tools and a slow disk stand behind this: appliance calls show {call_id} has the tools' times.",
    ),
    "turn_model": (
        "At {at} the answer took {gap} ({kind}): {step} of it for the language model's first words.",
        "A fact or a document answers at once: appliance kb add, [[facts]]; or a smaller models.language_model.",
    ),
    "turn_voice": (
        "At {at} the answer took {gap} ({kind}): {step} of it until the voice had made its first sound.",
        "The processor was busy: fewer sip.max_calls, or a core more; appliance bench turns.",
    ),
    "turn_playout": (
        "At {at} the answer took {gap} ({kind}): {step} of it between voice and line.",
        "The line process did not get the processor: real-time permission and cores in appliance doctor.",
    ),
    "more_slow_turns": (
        "{count} more answers were slow.",
        "appliance calls show {call_id} has the times of each.",
    ),
    "late_ticks": (
        "Our packets were sent late: 99 % up to {p99}, the worst {worst}.",
        "The line process did not get the processor: real-time permission and cores in appliance doctor.",
    ),
    "loss": (
        "{share} of the caller's packets were lost.",
        "The network between phone system and box: give voice priority (DSCP EF), no wireless in between.",
    ),
    "jitter": (
        "The caller's packets came unevenly: jitter {jitter}.",
        "The network between phone system and box: give voice priority (DSCP EF), no wireless in between.",
    ),
    "poor_sound": (
        "The caller could be heard poorly: MOS {mos} of 4.5.",
        "G.722 or G.711 end to end, and less loss; appliance calls play {call_id} lets you hear it.",
    ),
    "dropped": (
        "{count} ticks of sound (20 ms each) were thrown away because the box did not keep up.",
        "Too many calls for this processor: appliance bench capacity, then sip.max_calls.",
    ),
    "transfer_refused": (
        "At {at} the phone system did not take the transfer: SIP {status}, {why}.",
        "Allow REFER for the box's extension; see docs/transfer.md and the recipe for your phone system.",
    ),
    "colleague_gone": (
        "At {at} a colleague could not be had: SIP {status}, {why}.",
        "The directory of the business file: is the extension right, is somebody there at that hour?",
    ),
    "unanswered": (
        "{count} questions were not answered.",
        "appliance calls show {call_id} has them; a fact, a document or a phrase to learn answers them next time.",
    ),
    "guard_refused": (
        "{count} answers of the language model were held back: they said what nothing vouches for.",
        "Put what callers ask into [[facts]] or into a document: appliance kb add.",
    ),
    "model": (
        "{count} questions to the language model came to no answer in time.",
        "A smaller models.language_model, or more of mind.threads; appliance doctor measures its speed.",
    ),
    "tool": (
        "{count} uses of a tool failed: {tools}.",
        "The machine that is asked: appliance calls show {call_id} has what it answered.",
    ),
    "unsure": (
        "{count} of the caller's {turns} turns were heard without certainty.",
        "appliance calls play {call_id}: noise, an accent, a name? Names of the business belong into its file.",
    ),
    "barge_ins": (
        "The caller cut us short {count} times.",
        "Long answers invite it: shorten facts and phrases. If nobody spoke, it was echo: look at ERLE.",
    ),
}

STATUS: Final[dict[int, tuple[str, str]]] = {
    486: (
        "every line was taken",
        "appliance report shows busy hours; sip.max_calls allows more calls at once.",
    ),
    488: ("no codec in common", "what the phone system offers, and sip.codecs, which says what is taken."),
    480: ("nobody was there to answer", "the agent's log at that time: it was starting, or down."),
    404: ("unknown there", ""),
    403: ("forbidden there", ""),
    405: ("not allowed there", ""),
    408: ("no answer in time", ""),
    487: ("given up", ""),
    501: ("not implemented there", ""),
    503: ("no line was free", ""),
    600: ("busy everywhere", ""),
    603: ("declined", ""),
}
OTHER_STATUS: Final = ("refused", "the SIP status, in RFC 3261, 21.")

LEVEL_LOST: Final[dict[str, str]] = {
    "rules": " (no language model)",
    "keys": " (no recogniser: served by keys)",
    "prepared": " (no voice: served by keys, from prepared sound)",
    "alone": " (no agent: served by keys, by the line process)",
}

NOTHING: Final = "Nothing went wrong in this call that its record could tell."
SLOWEST: Final = "The slowest answer took {gap} ({kind})."
