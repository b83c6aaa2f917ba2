"""Coverage-guided fuzzing of what reads foreign bytes, and a sweep of damaged samples.

`python -m tests.fuzz TARGET --seconds 1200 --corpus DIR` fuzzes one reader (atheris, the extra `fuzz`);
`python -m tests.fuzz.damaged --digital 20000 --scanned 500` damages the samples. Both keep their totals, so
that a later run goes on where the last one ended.
"""
