"""Collections and recovery for auto finance: from the first missed instalment to money in hand."""
