"""Everything on one machine: the embedded broker, every service as a child, and the sample wire going through."""
