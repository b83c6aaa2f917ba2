"""What carries a run: processes, and Prefect's flows and servers."""
