"""The composition of the stages: the plain pipeline, Prefect around it, the command line."""
