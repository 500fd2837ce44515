"""A Sphinx extension: what the book does in its own way."""

import os
from pathlib import Path

from emcore.figures import page


def add_jupyterlite(app, pagename, templatename, context, doctree):
    """Let the launch menu of each chapter open that chapter in JupyterLite too, inside the book.

    The theme's own entry for JupyterLite holds one address for all pages; this one is relative to its page, so that
    it works wherever the book stands. Pages that are not chapters have no notebook to launch, and get no menu.
    """
    menus = context.get("header_buttons", [])
    for menu in [menu for menu in menus if menu.get("label") == "launch-buttons"]:
        path = app.env.doc2path(pagename, base=False)
        if not path.endswith(".ipynb"):
            menus.remove(menu)
            continue
        menu["buttons"].insert(
            0,
            {
                "type": "link",
                "text": "JupyterLite",
                "tooltip": "Run in this browser, with nothing installed",
                "icon": "_static/images/logo_jupyterlite.svg",
                "url": f"{context['pathto']('lite/notebooks/index.html', 1)}?path={path}",
            },
        )


def write_element(app, exception):
    """Put the element that shows figures where every page finds it."""
    static = Path(app.outdir) / "_static"
    if static.exists():
        (static / "em-figure.css").write_text(page.stylesheet(), encoding="utf-8")
        (static / "em-figure.js").write_text(page.script(), encoding="utf-8")


def skip_undocumented_fields(app, what, name, obj, skip, options):
    """Leave out of the reference the fields of a NamedTuple, of which Python itself only says their number."""
    return True if str(obj.__doc__).startswith("Alias for field number") else None


def setup(app):
    os.environ["EMCORE_FIGURES"] = "html"  # no kernel stands behind the pages: figures bring their own controls
    app.add_css_file("em-figure.css")
    app.add_js_file("em-figure.js", priority=100, loading_method="defer")  # before the theme's own scripts
    app.connect("build-finished", write_element)
    app.connect("html-page-context", add_jupyterlite, priority=900)  # after the theme has made its menus
    app.connect("autodoc-skip-member", skip_undocumented_fields)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
