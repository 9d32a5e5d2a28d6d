"""How a scenario is changed by controls, checked, run and looked at, without a line of code."""
