"""The command line: one sub-command a job, one module a sub-command."""
