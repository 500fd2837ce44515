"""A Sphinx extension: the launch menu of each chapter also opens that chapter in JupyterLite, inside the book.

The theme's own entry for JupyterLite holds one address for all pages; this one is relative to its page, so that
it works wherever the book stands. Pages that are not chapters have no notebook to launch, and get no menu.
"""


def add(app, pagename, templatename, context, doctree):
    """Called for every page, after the theme has made its menus."""
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


def setup(app):
    app.connect("html-page-context", add, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
