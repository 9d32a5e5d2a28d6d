"""What the server of the desk tells the notebook, by variables of the environment."""

RUNS_SERVED = "MAEMOH_DESK_RUNS"
"""Path under which the server shows run folders; without one a page is put into its frame whole."""
SCENARIO = "MAEMOH_DESK_SCENARIO"
"""Scenario that the command was asked to begin with."""
