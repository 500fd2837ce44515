"""Figures: matplotlib draws their pages when they are made, and the reader turns them wherever they are shown."""

from .look import COLOR, LINE, PALETTE, component, panels, style
from .stepper import Stepper, Words, number, stepper

__all__ = ["COLOR", "LINE", "PALETTE", "Stepper", "Words", "component", "number", "panels", "stepper", "style"]
