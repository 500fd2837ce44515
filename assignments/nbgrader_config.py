"""nbgrader's settings for this course, for its commands in this folder and for Formgrader."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades

from tools.grading import feedback, marks, notebooks, submission

c = get_config()  # noqa: F821, given by nbgrader
c.CourseDirectory.course_id = "em-course"

c.ClearSolutions.code_stub = {"python": ""}  # a function that is handed out has a signature, and says what it is for

# A submission is read for its answers alone, runs in a box, and is judged from outside.
c.Autograde.exporter_class = submission.Reader
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [notebooks.Judge, SaveAutoGrades, AssignLatePenalties]
c.Judge.seed = marks.seed(Path(__file__).with_name("seed.txt"))
c.Judge.seconds = 30

# What students wrote is shown without what could act in it.
c.GenerateFeedback.exporter_class = feedback.Page
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"markdown2html": feedback.markdown2html}
