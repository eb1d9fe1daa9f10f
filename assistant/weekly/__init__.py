"""The weekly summary: a week of papers as themes, every sentence cited and checked, every paper accounted for."""

from assistant.weekly.job import Plan, plan, weekly
from assistant.weekly.map import Point, map_of
from assistant.weekly.weeks import weeks_with_papers

__all__ = ["Plan", "Point", "map_of", "plan", "weekly", "weeks_with_papers"]
