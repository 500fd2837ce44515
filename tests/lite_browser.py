"""A chapter in JupyterLite, as the tests and the benchmark drive it."""

RUN = """async () => {
    await jupyterapp.restored;
    const {context, sessionContext} = jupyterapp.shell.currentWidget;
    await context.ready; await sessionContext.ready;
    jupyterapp.commands.execute("notebook:run-all-cells").then(() => { window.ranAll = true; });
}"""
OUTPUTS = """() => {
    const cells = [...jupyterapp.shell.currentWidget.content.model.cells].filter(cell => cell.type === "code");
    return cells.map(cell => cell.outputs.toJSON());
}"""
CLEAR = """async () => {
    await jupyterapp.restored;
    await jupyterapp.shell.currentWidget.context.ready;
    await jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
}"""
FIRST = """() => [...jupyterapp.shell.currentWidget.content.model.cells]
    .some(cell => cell.type === "code" && cell.outputs.length > 0)"""


def start(page):
    """Run every cell of the notebook that is opening; return at its first output."""
    page.wait_for_function("() => window.jupyterapp", timeout=60_000)
    page.evaluate(CLEAR)
    page.evaluate(RUN)
    page.wait_for_function(FIRST, timeout=120_000)


def finish(page):
    """Wait for the last cell; the outputs of every code cell."""
    page.wait_for_function("() => window.ranAll", timeout=180_000)
    return page.evaluate(OUTPUTS)
