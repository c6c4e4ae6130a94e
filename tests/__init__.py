"""The suite mirrors `src/tricorn/`; besides: `house/` (the rules), `journeys/` (a browser)."""
