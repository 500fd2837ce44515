"""Pages that students get back: with all that they wrote, with nothing that acts, asking nothing of any network."""

import html
import re
import zipfile
from pathlib import Path

import bleach
from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from tools.grading.collect import collected

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # a browser then loads and runs nothing
TAGS = "a b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s span strong sub sup"
TAGS = {*TAGS.split(), "table", "tbody", "td", "th", "thead", "tr", "ul"}
MATH = re.compile(r"\$\$(.+?)\$\$|\$([^$]+)\$", re.S)
CODE = re.compile(r"(<pre.*?</pre>|<code.*?</code>)", re.S)
SCRIPT = re.compile(r"<script\b.*?</script>", re.S)


class Page(HTMLExporter):
    """nbgrader's page of feedback, without its scripts."""

    def from_notebook_node(self, nb, resources=None, **options):
        page, resources = super().from_notebook_node(nb, resources, **options)
        policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        return SCRIPT.sub("", page).replace("<head>", f"<head>\n{policy}", 1), resources


@pass_context
def markdown2html(context, source):
    """Markdown as HTML that cannot act; formulas as MathML, which browsers show by themselves."""
    renderer = IPythonRenderer(escape=False, attachments=context.get("cell", {}).get("attachments", {}))
    page = MarkdownWithMath(renderer=renderer).render(source)
    page = bleach.clean(page, TAGS, allowed, {"http", "https", "mailto", "data"})
    return "".join(part if CODE.fullmatch(part) else MATH.sub(formula, part) for part in CODE.split(page))


def allowed(tag, name, value):
    if name == "src":
        return tag == "img" and value.startswith("data:image/")
    return name in ("alt", "id", "align") or (name == "href" and not value.strip().lower().startswith("data"))


def formula(found):
    """A formula as MathML, or as it was written where it cannot be read."""
    block, line = found.groups()
    try:
        return convert(html.unescape(block or line).strip(), display="block" if block else "inline")
    except Exception:  # whatever a stranger's TeX may lead to
        return found[0]


def pack(assignment):
    """One zip for upload: each page under the name that the student's file came with, so that it finds its way back."""
    came_as = collected(assignment)
    target = Path("feedback") / f"{assignment}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for page in sorted(Path("feedback").glob(f"*/{assignment}/*.html")):
            student = page.parent.parent.name
            packed.write(page, Path(came_as.get(student, f"{student}.ipynb")).with_suffix(".html"))
        return target, len(packed.namelist())
