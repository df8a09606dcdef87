"""notify: Indicator -> Alert -> webhook; a line was crossed: tell them, surely and once."""
