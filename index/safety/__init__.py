"""What comes in from outside and what goes out: bounds on files and replies, inert text, private files, and packages
kept from reporting home.
"""

import os

# What keeps packages from reporting home. Each reads its variable on import, so a program that imports onnxruntime
# before this package has to set that variable itself.
_SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime: from its import on reports a device id kept in the user's cache
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",  # huggingface_hub, through which Gradio and its client report
}


def be_quiet() -> None:
    """Turns off telemetry for this process and those it starts, whatever the environment says. Importing `index` does
    this, before any of the packages can be imported through it."""
    os.environ.update(_SWITCHES)
