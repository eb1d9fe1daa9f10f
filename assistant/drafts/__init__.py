"""A draft in the format it is written in -> the text that `check_text` reads: blocks of prose with `[@key]` for each
citation, and a list of references.

Each format has a file with a function. They know nothing of the library: which paper a reference is, and whether a
sentence agrees with it, is the checker's to say.
"""

from assistant.drafts.draft import Draft, DraftError, Reference
from assistant.drafts.reading import read_draft

__all__ = ["Draft", "DraftError", "Reference", "read_draft"]
