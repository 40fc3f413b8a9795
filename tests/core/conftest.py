"""Hypothesis draws the same examples every time, so that a red test stays red."""

from hypothesis import settings

settings.register_profile("core", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("core")
