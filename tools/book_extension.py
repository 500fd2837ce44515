"""A Sphinx extension: what the book does in its own way."""

from tools import launch


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


def skip_undocumented_fields(app, what, name, obj, skip, options):
    """Leave out of the reference the fields of a NamedTuple, of which Python itself only says their number."""
    return True if str(obj.__doc__).startswith("Alias for field number") else None


def setup(app):
    app.connect("config-inited", name_no_placeholder)
    app.connect("html-page-context", add_launch_menu, priority=900)  # after the theme has made its menus
    app.connect("autodoc-skip-member", skip_undocumented_fields)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
