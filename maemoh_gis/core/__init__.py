"""What everything else stands on: faults, messages, units, the grid. Knows nothing of planning."""
