"""A stepped figure in a notebook: the same element as an anywidget, linked to ipywidgets' Play and sliders."""

from typing import Any

import anywidget
import ipywidgets
import traitlets

from . import page
from .live import Live
from .live import html as live_html
from .stepper import Stepper

RENDER = """
export default { render({ model, el }) {
  el.innerHTML = model.get("markup");
  const figure = el.querySelector("em-figure"), follow = () => figure.go(model.get("start"), model.get("step"));
  figure.addEventListener("em-move", ({ detail }) => { model.set(detail); model.save_changes(); });
  model.on("change:step change:start", follow);
  follow();
  return () => model.off("change:step change:start", follow);
} };
"""


class Flipbook(anywidget.AnyWidget):
    """The figure's element; `start` and `step` say which page it shows."""

    _esm = page.script() + RENDER
    _css = page.stylesheet()
    markup = traitlets.Unicode().tag(sync=True)
    start = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __repr__(self) -> str:
        return "Flipbook()"


def widget(figure: Stepper) -> dict[str, Any]:
    """The figure's widgets, as the widget-view that a notebook shows."""
    plan = figure.plan
    book = Flipbook(markup=page.html(figure, controls=False), step=plan["at"])
    if plan["places"]:
        return _view(book)
    play = ipywidgets.Play(max=len(plan["stops"]) - 1, value=plan["at"], interval=plan["interval"])
    ipywidgets.jslink((play, "value"), (book, "step"))
    kind = ipywidgets.ToggleButtons if plan["choices"] else ipywidgets.SelectionSlider
    controls = [play, _linked(kind, plan["label"], plan["stops"], book, "step")]
    if len(plan["starts"]) > 1:
        controls.append(_linked(ipywidgets.ToggleButtons, plan["start_label"], plan["starts"], book, "start"))
    row = ipywidgets.HBox(controls, layout={"flex_flow": "row wrap", "align_items": "center"})
    return _view(ipywidgets.VBox([book, row]))


class Hands(anywidget.AnyWidget):
    """A live scene's element: all it does is done in the page."""

    _esm = page.live_script() + "export default { render({ model, el }) { el.innerHTML = model.get('markup'); } };"
    _css = page.stylesheet() + page.live_stylesheet()
    markup = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        return "Hands()"


def live(scene: Live) -> dict[str, Any]:
    """The scene's widget, as the widget-view that a notebook shows."""
    return _view(Hands(markup=live_html(scene)))


def _view(shown: ipywidgets.Widget) -> dict[str, Any]:
    return {"version_major": 2, "version_minor": 0, "model_id": shown.model_id}


def _linked(kind: type, label: str, names: list[str], book: Flipbook, trait: str) -> ipywidgets.Widget:
    control = kind(options=names, description=label, index=getattr(book, trait), style={"description_width": "initial"})
    ipywidgets.jslink((control, "index"), (book, trait))
    return control
