"""What can go wrong in a library, by name. Each message is one sentence or two: what happened, and the next step."""

from index.paper import Paper


class LibraryError(Exception):
    """Something asked of a library was not done; the message says why and what to do."""


class TooLarge(LibraryError, ValueError):
    """A text, or a part of one, is longer than what is taken (see `index.safety.limits`)."""


class EmbeddingError(LibraryError):
    """A text could not be turned into a vector: the model is missing, or its server refused or failed."""


class UnknownPaper(LibraryError):
    """An id that names no paper, or several. `candidates` are those that fit, or the nearest ones."""

    def __init__(self, message: str, candidates: tuple[Paper, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates
