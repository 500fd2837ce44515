"""Figures: matplotlib draws their pages when they are made, and the reader turns them wherever they are shown."""

from . import ch05
from .look import COLOR, LINE, PALETTE, component, panels, style
from .scenes import bound, frames, say_step, say_theta, step
from .stepper import Stepper, Words, number, stepper

__all__ = [
    "COLOR",
    "LINE",
    "PALETTE",
    "Stepper",
    "Words",
    "bound",
    "ch05",
    "component",
    "frames",
    "number",
    "panels",
    "say_step",
    "say_theta",
    "step",
    "stepper",
    "style",
]
