"""Tables of monitoring."""

from monitoring.models.calibrations import Calibration

__all__ = ["Calibration"]
