"""How long things take, in fresh processes; nothing here is asserted."""
