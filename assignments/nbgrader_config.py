"""nbgrader's settings for this course: run its commands in this folder, as book/teaching.md says."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import grading

c = get_config()  # noqa: F821, given by nbgrader
c.CourseDirectory.course_id = "em-course"

# Hidden checks draw their data from a number that only the teacher has: the file seed.txt, kept out of git.
os.environ["EM_COURSE_SEED"] = grading.seed(Path("seed.txt"))
os.environ["PYTHONWARNINGS"] = "ignore"  # nbgrader gives no points where a check prints a warning

# Students find the names and signatures that a check asks for, and nothing else.
c.GenerateAssignment.preprocessors.insert(0, grading.Stubs)
c.ClearSolutions.code_stub = {"python": ""}

# What students break must not stop the batch.
c.Autograde.sanitize_preprocessors.insert(0, grading.Mend)
c.Autograde.autograde_preprocessors.insert(1, grading.Shorten)  # right after the notebook was executed
c.Execute.timeout = 30  # seconds for a cell

# Submissions in downloaded/<assignment>/archive are named <student>_<assignment>.ipynb.
c.FileNameCollectorPlugin.named_regexp = r".*[/\\](?P<student_id>[^/\\_]+)_(?P<file_id>[^/\\]+)\.ipynb$"

c.ExportApp.plugin_class = grading.Marks
