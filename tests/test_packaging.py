"""An installed package, without the repository beside it, still has its prompts, its sample and its style sheets."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from assistant.cli.parser import parse
from assistant.settings import Settings

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


def test_what_is_said_of_the_package_elsewhere_is_true() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = json.loads((ROOT / ".mcp" / "server.json").read_text(encoding="utf-8"))
    (package,) = told["packages"]
    assert package["identifier"] == project["name"]
    assert {told["version"], package["version"]} == {project["version"]}
    assert project["name"] in project["scripts"]  # what `uvx` runs
    assert f"mcp-name: {told['name']} " in (ROOT / "README.md").read_text(encoding="utf-8")  # or it cannot be published
    assert len(told["description"]) <= 100
    variables = {str(each.validation_alias or f"PAPERS_{name.upper()}") for name, each in Settings.model_fields.items()}
    assert {each["name"] for each in package["environmentVariables"]} <= variables
    server, window = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"].values()
    assert {name for name in server["environment"] if name != "OPENAI_API_KEY"} <= variables
    assert not window.get("ports")


def test_a_container_serves_no_one_without_a_password() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    command = json.loads(next(line for line in lines if line.startswith("CMD [")).removeprefix("CMD "))
    args = parse(command)
    assert (args.run, args.host, args.auth, args.open) == (
        "assistant.cli.serving:chat", "0.0.0.0", "/data/people.json", False,
    )  # fmt: skip
    assert "USER papers" in lines
