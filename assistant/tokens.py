"""Counting tokens, and cutting a text to a number of them.

Counts with `o200k_base` if its table is on this machine, otherwise with an upper bound that never undercounts.
Knows nothing of models or calls; all it may fetch is that table, in the background.
"""

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index import default_home
from index.errors import TooLarge
from index.safety.files import open_file, read_whole
from index.safety.permissions import private_folder, write_private
from index.sentences import token_bound

if TYPE_CHECKING:
    import tiktoken

TABLE_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
TABLE_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
TABLE_NAME = hashlib.sha1(TABLE_URL.encode(), usedforsecurity=False).hexdigest()  # as tiktoken names its files
FOLDER = "tiktoken"  # within the library's folder
STALLED, WHOLE = 5.0, 300.0  # seconds: without progress, and for all of it, until the download is given up
LARGEST = 8 << 20  # bytes: the table has 3.6 million
BOUND_RATIO = 1.28  # of the bound to the true count, on abstracts (see `token_bound`)
PER_MESSAGE = 6  # tokens that a chat format adds to a message, at most

_LOOK_AGAIN = 1.0  # seconds after the table was not found: looking for it takes longer than to count a sentence

_lock = threading.Lock()
_encoding: "tiktoken.Encoding | None" = None
_look_at = 0.0  # by the monotonic clock
_own_folder: Path | None = None


def _folders() -> list[Path]:
    """Where the table may be: in tiktoken's own cache, or in the folder that we fetch it into."""
    named = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    tiktokens = Path(named or Path(tempfile.gettempdir()) / "data-gym-cache")
    return [tiktokens, _own_folder or default_home() / FOLDER]


def _holds_table(folder: Path) -> bool:
    """Whether a folder has the complete table: tiktoken would fetch a damaged one again, without a time limit."""
    try:
        with open_file(folder / TABLE_NAME) as file:  # others may be able to write into this folder
            return hashlib.sha256(read_whole(file, LARGEST)).hexdigest() == TABLE_SHA256
    except (OSError, TooLarge):
        return False


def encoding() -> "tiktoken.Encoding | None":
    """The `o200k_base` encoding if its table is on this machine, else None. Fetches nothing."""
    global _encoding, _look_at
    with _lock:
        if _encoding is None and time.monotonic() >= _look_at:
            _encoding = _found()
            _look_at = time.monotonic() + _LOOK_AGAIN
        return _encoding


def _found() -> "tiktoken.Encoding | None":
    if folder := next(filter(_holds_table, _folders()), None):
        try:  # a broken installation must not cost an answer: the upper bound counts
            import tiktoken

            os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
            return tiktoken.get_encoding("o200k_base")
        except (ImportError, OSError, ValueError):
            pass
    return None


def prepare(home: Path, *, offline: bool, say: Callable[[str], None]) -> threading.Thread:
    """Makes the exact counter ready in the background: loads its table, or fetches it into `home` (unless
    `offline`). `say` is called with one sentence if that fails."""
    global _own_folder
    _own_folder = folder = home / FOLDER

    def work() -> None:
        global _look_at
        _look_at = 0.0
        if encoding() is None and not offline:
            if problem := _fetch_table(folder):
                say(f"The token counter's table could not be fetched ({problem}): an upper bound is used instead.")
            _look_at = 0.0
            encoding()

    thread = threading.Thread(target=work, name="token-table", daemon=True)
    thread.start()
    return thread


def _fetch_table(folder: Path) -> str | None:
    """Fetches the table into a folder; returns what went wrong, or None."""
    import httpx

    from index.safety.http import NotTaken, TookTooLong, answer_to

    request = httpx.Request("GET", TABLE_URL)
    try:
        answer = answer_to(request, seconds=WHOLE, largest=LARGEST, silence=STALLED)
        content = answer.raise_for_status().content
        if hashlib.sha256(content).hexdigest() != TABLE_SHA256:
            return "what came was a different file"
        private_folder(folder)
        write_private(folder / TABLE_NAME, content)
    except TookTooLong:
        return f"not complete after {WHOLE:.0f} s"
    except NotTaken as failure:
        return f"its server {failure}"
    except httpx.TimeoutException:
        return f"no progress for {STALLED:.0f} s"
    except (httpx.HTTPError, OSError) as failure:
        return type(failure).__name__
    return None


def count_tokens(text: str) -> int:
    """The tokens of a text in `o200k_base`; an upper bound if its table is missing."""
    exact = encoding()
    return len(exact.encode(text, disallowed_special=())) if exact else token_bound(text)


def token_counter() -> str:
    """The counter in use, in words."""
    return "tiktoken o200k_base" if encoding() else "upper bound of o200k_base (its table is not on this machine)"


def counted(tokens: int) -> int:
    """What the counter in use reports for so many tokens of English text: the bound reports 1.28 times as many."""
    return tokens if encoding() else round(tokens * BOUND_RATIO)


def cut_to(text: str, limit: int) -> str:
    """The beginning of a text that takes at most `limit` tokens."""
    while (count := count_tokens(text)) > limit:
        text = text[: min(len(text) * limit // count, len(text) - 1)]
    return text


def count_messages(messages: Sequence[Mapping[str, str]]) -> int:
    """An upper bound on the prompt tokens of chat messages."""
    return sum(count_tokens(message["content"]) + PER_MESSAGE for message in messages)
