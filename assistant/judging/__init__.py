"""A second opinion, when asked for: one call in which a model judges the wording of sentences against what they cite.

It adds hints of the kind `judge` and nothing else: no flag, hint or verdict of the check changes.
"""

from assistant.judging.job import cost_line, judge
from assistant.judging.prompt import JudgePlan, plan_of

__all__ = ["JudgePlan", "cost_line", "judge", "plan_of"]
