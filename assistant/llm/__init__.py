"""The only package that talks to a chat API: streamed words, JSON by a schema, usage, named failures.

Knows nothing of papers: messages in, text or data out.
"""

from assistant.llm.chat import ChatModel, Done, Retract, StructuredReply, Words
from assistant.llm.errors import (
    BadKey,
    ContextTooLong,
    CutOff,
    LLMError,
    Loading,
    NoCredit,
    Nonsense,
    NotConfigured,
    RateLimited,
    RequestRefused,
    Runaway,
    ServerError,
    Silence,
    UnknownModel,
    Unreachable,
)

__all__ = [
    "BadKey",
    "ChatModel",
    "ContextTooLong",
    "CutOff",
    "Done",
    "LLMError",
    "Loading",
    "NoCredit",
    "Nonsense",
    "NotConfigured",
    "RateLimited",
    "RequestRefused",
    "Retract",
    "Runaway",
    "ServerError",
    "Silence",
    "StructuredReply",
    "UnknownModel",
    "Unreachable",
    "Words",
]
