"""Handing out, collecting, grading and marks, around nbgrader; `python -m tools.grading` has the commands."""
