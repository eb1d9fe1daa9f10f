"""Where a library lies when nobody says so."""

import os
from pathlib import Path


def default_home() -> Path:
    """The folder that PAPERS_HOME names, else one among the user's data."""
    named = os.environ.get("PAPERS_HOME", "").strip()
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("daily-papers", appauthor=False)
