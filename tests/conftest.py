"""Settings that every test shares."""

from hypothesis import settings

settings.register_profile("course", deadline=None, derandomize=True, database=None, max_examples=100)
settings.load_profile("course")
