"""Stand-ins for services: programs that live, die or refuse to."""
