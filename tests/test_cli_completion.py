"""What `papers --print-completion` prints is a script that completes commands, options and files."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main


def printed(capsys: Any, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert ended.value.code == 0
    return str(capsys.readouterr().out)


def completed(script: str, folder: Path, *words: str) -> set[str]:
    """What bash offers for the last of these words."""
    line = " ".join(words)
    asked = f"""{script}
COMP_WORDS=({" ".join(f"'{word}'" for word in words)}) COMP_CWORD={len(words) - 1} COMP_LINE='{line}'
COMP_POINT={len(line)}; _shtab_papers 2>/dev/null; printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, cwd=folder)
    return set(filter(None, done.stdout.splitlines()))


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_completes_commands_options_and_files(tmp_path: Path, capsys: Any) -> None:
    script = printed(capsys, "--print-completion", "bash")
    (tmp_path / "page.html").touch()
    assert {"weekly"} == completed(script, tmp_path, "papers", "wee")
    assert "--topic" in completed(script, tmp_path, "papers", "weekly", "--to")
    assert "page.html" in completed(script, tmp_path, "papers", "add", "pa")


def test_zsh_has_one_too(capsys: Any) -> None:
    assert printed(capsys, "--print-completion=zsh").startswith("#compdef papers")


def test_another_shell_is_refused(capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--print-completion", "cmd"])
    assert ended.value.code == 2
    assert "bash" in capsys.readouterr().err


def test_no_other_command_loads_what_makes_it() -> None:
    code = "import sys; from assistant.cli.parser import parse; parse(['list']); print('shtab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_reader_that_has_enough_is_no_error() -> None:
    code = "import sys; from assistant.cli import main; sys.exit(main(['--print-completion', 'bash']))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        assert done.stdout
        assert done.stderr
        done.stdout.close()  # before anything is printed
        assert done.stderr.read() == b""
    assert done.returncode == 0
