"""A Sphinx extension: what the book does in its own way."""

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

from sphinx.ext import mathjax

from emcore.figures import PALETTE, page
from tools import formulas, launch


def add_launch_menu(app, pagename, templatename, context, doctree):
    """Give each chapter a menu that opens it, without its solutions, where it runs; one more entry has them.

    JupyterLite stands inside the book, at an address relative to the page; Colab and Binder need a public repository,
    and are left out where the setting names none. Pages that are not chapters have no notebook to launch.
    """
    path, address = app.env.doc2path(pagename, base=False), launch.setting()
    if not path.endswith(".ipynb"):
        return
    lite = context["pathto"]("lite/notebooks/index.html", 1) + "?path="
    student = path.replace("notebooks/", "student/")
    entries = [("JupyterLite", "jupyterlite.svg", lite + student, "Run in this browser, with nothing installed")]
    if address:
        entries += [
            ("Colab", "colab.png", address.student.colab(path), "Run on a server; it asks for an account"),
            ("Binder", "binder.svg", address.student.binder(path), "Run on a server; it takes minutes to start"),
        ]
    entries.append(("With solutions", "jupyterlite.svg", lite + path, "Run in this browser, solutions included"))
    buttons = [
        {"type": "link", "text": text, "icon": f"_static/images/logo_{icon}", "url": url, "tooltip": tooltip}
        for text, icon, url, tooltip in entries
    ]
    menu = {"type": "group", "label": "launch-buttons", "icon": "fas fa-rocket", "tooltip": "Run this chapter"}
    context["header_buttons"].insert(0, menu | {"buttons": buttons})


def name_no_placeholder(app, config):
    """Without a public repository there are no buttons that lead to it."""
    if launch.setting() is None:
        options = config.html_theme_options
        for name in ("repository_url", "use_repository_button", "use_issues_button"):
            options.pop(name, None)


def write_element(app, exception):
    """Put the element that shows figures where every page finds it."""
    static = Path(app.outdir) / "_static"
    if static.exists():
        (static / "em-figure.css").write_text(page.stylesheet(), encoding="utf-8")
        (static / "em-figure.js").write_text(page.script(), encoding="utf-8")
        (static / "em-live.css").write_text(page.live_stylesheet(), encoding="utf-8")
        (static / "em-live.js").write_text(page.live_script(), encoding="utf-8")


def add_live_scene(app, pagename, templatename, context, doctree):
    """A page with a live scene gets its look and what moves it; the others do without."""
    if "<em-live" in context.get("body", ""):
        app.add_css_file("em-live.css")
        app.add_js_file("em-live.js", priority=100, loading_method="defer")


def typeset_formulas(app, exception):
    """Formulas are drawn now, with MathJax: no page waits for them."""
    if exception is None and app.builder.name == "html":
        formulas.typeset(app.outdir)


def write_covers(app, exception):
    """A small picture of each chapter for home: a panel of its first figure, halfway, without words."""
    if exception is None:
        folder = Path(app.outdir) / "_static" / "cover"
        folder.mkdir(exist_ok=True)
        for path in sorted((Path(app.outdir) / "notebooks").glob("*.html")):
            (folder / f"{path.stem}.svg").write_text(cover(path.read_text(encoding="utf-8")), encoding="utf-8")


def cover(page_html):
    """The first panel of a page's first figure as a file of its own, as it looks halfway."""
    figure = re.search(r"<em-figure.*?</em-figure>", page_html, re.DOTALL)[0]
    book = json.loads(re.search(r'<script type="application/json">(.*?)</script>', figure, re.DOTALL)[1])
    svg = ET.fromstring(re.search(r"<svg.*?</svg>", figure, re.DOTALL)[0])
    run = book["pages"][0]
    for slot in svg.iter("g"):
        if (number := slot.get("data-slot")) is not None:
            slot[:] = ET.fromstring(f"<g>{book['parts'][run[len(run) // 2][0][int(number)]]}</g>")
    for parent in list(svg.iter()):
        for child in [child for child in parent if child.tag == "text"]:
            parent.remove(child)
    text = ET.tostring(svg, encoding="unicode").replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return re.sub(r"var\(--em-(\w[\w-]*)\)", lambda role: PALETTE[role[1]][0], text)


def skip_undocumented_fields(app, what, name, obj, skip, options):
    """Leave out of the reference the fields of a NamedTuple, of which Python itself only says their number."""
    return True if str(obj.__doc__).startswith("Alias for field number") else None


def setup(app):
    app.connect("config-inited", name_no_placeholder)
    app.connect("html-page-context", add_live_scene)
    app.connect("html-page-context", add_launch_menu, priority=900)  # after the theme has made its menus
    os.environ["EMCORE_FIGURES"] = "html"  # no kernel stands behind the pages: figures bring their own controls
    app.add_css_file("em-figure.css")
    app.add_js_file("em-figure.js", priority=100, loading_method="defer")  # before the theme's own scripts
    app.connect("build-finished", write_element)
    app.connect("build-finished", write_covers)
    app.add_html_math_renderer("static", (mathjax.html_visit_math, None), (mathjax.html_visit_displaymath, None))
    app.add_css_file("formulas.css")
    app.connect("build-finished", typeset_formulas)
    app.connect("autodoc-skip-member", skip_undocumented_fields)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
