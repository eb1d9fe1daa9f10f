"""An installed package, without the repository beside it, still has its prompts, its sample and its style sheets."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

CHECK = """
import assistant, prompts
from index.sample import sample_papers
from assistant.render.references import references
from importlib.metadata import entry_points
print(assistant.__file__)
print(len(sample_papers()))
print(len(prompts.load("ask")))
print(references(sample_papers()[:1], "ieee").strip())
print(sorted(e.name for e in entry_points(group="console_scripts") if e.value == "assistant.cli:main"))
"""


def test_the_wheel_carries_what_is_read_at_run_time(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = [*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    subprocess.run([*pip, "install", "-q", "--no-deps", "--no-index", "--target", str(site), str(wheel)], check=True)

    environment = os.environ | {"PYTHONPATH": str(site)}
    run = [sys.executable, "-c", CHECK]
    shown = subprocess.run(run, check=True, capture_output=True, text=True, cwd=tmp_path, env=environment)

    place, sample, prompt, reference, commands = shown.stdout.splitlines()
    assert Path(place).is_relative_to(site)
    assert int(sample) >= 20
    assert int(prompt) > 200
    assert reference.startswith("[1] ")
    assert "Available: http" in reference  # laid out by the style sheet, not put together plainly
    assert commands == "['daily-papers', 'daily-papers-assistant', 'papers']"
