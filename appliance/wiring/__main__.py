"""`python -m appliance.wiring PROCESS`."""

from __future__ import annotations

import sys

from appliance.wiring import main

sys.exit(main())
