"""`python -m appliance.sip.known_codecs`: the codecs the SIP library here was built with, one JSON list of names."""

from __future__ import annotations

import json

import pjsua2 as pj

from appliance.sip.library import silent_stdout


def known_codecs() -> list[str]:
    """Names as in SDP (PCMU, G722), each once, in the library's order. Once a process."""
    library = pj.Endpoint()
    with silent_stdout():
        library.libCreate()
        chosen = pj.EpConfig()
        chosen.logConfig.level = chosen.logConfig.consoleLevel = 0
        chosen.uaConfig.threadCnt = 0
        chosen.uaConfig.mainThreadOnly = True
        library.libInit(chosen)
        known = library.codecEnum2()  # keep it: its elements are references into it
        names = dict.fromkeys(one.codecId.partition("/")[0] for one in known)
        library.libDestroy()
    return list(names)


if __name__ == "__main__":
    print(json.dumps(known_codecs()))
