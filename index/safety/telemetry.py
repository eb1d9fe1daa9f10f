"""Packages that report home, told not to. Importing `index` does this, before it can import any of them.

Each reads its variable when it is imported, so that a program which imports onnxruntime before this package has to set
its variable itself.
"""

import os

_SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime: reports a device id, kept in the user's cache, from its import on
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",  # huggingface_hub, by which Gradio and its client report
}


def be_quiet() -> None:
    """Sets the switches for this process and those that it starts, whatever the environment says."""
    os.environ.update(_SWITCHES)
