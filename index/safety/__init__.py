"""What comes from outside and what goes out: files and answers within bounds, text that nothing obeys, files that are
their owner's alone, packages that report nowhere.
"""

import os

# Packages that report home, told not to. Each reads its variable when it is imported, so that a program which imports
# onnxruntime before this package has to set its variable itself.
_SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime: reports a device id, kept in the user's cache, from its import on
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",  # huggingface_hub, by which Gradio and its client report
}


def be_quiet() -> None:
    """Turns off what packages report home, for this process and those that it starts, whatever the environment says.
    Importing `index` does this, before it can import any of them."""
    os.environ.update(_SWITCHES)
