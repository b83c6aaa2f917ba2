"""Foreign bytes are read in processes of their own, under limits of time and memory.

`jobs` says what may be asked, `frames` how it goes over a pipe, `child` is the process that reads,
`process` its owner's side, `sandbox` what the reading process gives up. What is handed over are bytes (or
an address of bytes) and limits, what comes back is an outcome, so that a reader may stand on another machine.
"""
