"""The weekly summary: a week of papers as themes, every sentence cited and checked, every paper accounted for."""

from assistant.weekly.job import DigestPlan, plan, weekly
from assistant.weekly.map import Point, map_of
from assistant.weekly.weeks import weeks_with_papers

__all__ = ["DigestPlan", "Point", "map_of", "plan", "weekly", "weeks_with_papers"]
