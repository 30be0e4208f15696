"""Tables of monitoring."""

from monitoring.models.calibrations import Calibration
from monitoring.models.warnings import Warning, WarningStep  # noqa: A004 -- the word of the field

__all__ = ["Calibration", "Warning", "WarningStep"]
