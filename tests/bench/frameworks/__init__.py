"""Those that are compared: one small program each, all with the same task, and the same handler inside."""
