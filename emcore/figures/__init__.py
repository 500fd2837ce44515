"""Figures: matplotlib draws their pages when they are made, and the reader turns them wherever they are shown."""

from . import ch01, ch02, ch03, ch04, ch05, ch06, ch07, ch08, ch09, ch10, ch11, ch12, ch13
from .live import live
from .look import COLOR, LINE, PALETTE, component, panels, style
from .scenes import bound, frames, say_step, say_theta, step, sweep
from .stepper import Predict, Stepper, Words, number, stepper

__all__ = [
    "COLOR",
    "LINE",
    "PALETTE",
    "Predict",
    "Stepper",
    "Words",
    "bound",
    "ch01",
    "ch02",
    "ch03",
    "ch04",
    "ch05",
    "ch06",
    "ch07",
    "ch08",
    "ch09",
    "ch10",
    "ch11",
    "ch12",
    "ch13",
    "component",
    "frames",
    "live",
    "number",
    "panels",
    "say_step",
    "say_theta",
    "step",
    "stepper",
    "style",
    "sweep",
]
