"""The weekly summary: a week of papers as themes, every sentence cited and checked, every paper accounted for."""

from assistant.question.weeks import WeekRequest, asks_for_week
from assistant.weekly.job import DigestPlan, plan, weekly
from assistant.weekly.map import map_of
from assistant.weekly.weeks import week_of, weeks_with_papers

__all__ = ["DigestPlan", "WeekRequest", "asks_for_week", "map_of", "plan", "week_of", "weekly", "weeks_with_papers"]
