"""What can go wrong in a library. Each message is one or two sentences: what happened, and what to do next."""

from index.paper import Paper


class LibraryError(Exception):
    """A library could not do what was asked; the message says why and what to do."""


class TooLarge(LibraryError, ValueError):
    """A text, or a part of one, is longer than the limit (see `index.safety.limits`)."""


class EmbeddingError(LibraryError):
    """A text could not be embedded: the model is missing, or its server refused or failed."""


class UnknownPaper(LibraryError):
    """An id that matches no paper, or several. `candidates` are the matching papers, or else the nearest ones."""

    def __init__(self, message: str, candidates: tuple[Paper, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates
