"""Prompts for the three jobs, which a person picks in another program (MCP). Their text is in `prompts/`."""

from collections.abc import Callable

import prompts


def ask(question: str) -> str:
    """Answer a question from my papers, with citations."""
    return prompts.load("mcp-ask", question=question)


def compare(papers: str) -> str:
    """Compare two to eight of my papers. papers: their ids or titles, with semicolons between them."""
    return prompts.load("mcp-compare", papers=papers)


def weekly(week: str = "") -> str:
    """Sum up a week of papers. week: such as 2026-W16; empty: the latest that has papers."""
    return prompts.load("mcp-weekly", week=week.strip() or "the latest that has papers")


ALL: tuple[Callable[..., str], ...] = (ask, compare, weekly)
