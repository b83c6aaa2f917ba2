"""What is written: the DuckDB store, the kept originals, the workbooks."""
