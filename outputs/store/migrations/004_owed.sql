-- What a run still owes, from the transaction that causes it until the one that has done it.
create table owed (
    what varchar not null,              -- across: a window to look across; reports: a window's to write;
                                        -- rest: an export of which not every message is stored
    about varchar not null,             -- the window, or closed; the export
    folder varchar not null,            -- where the reports go; empty for the others
    detail json,                        -- of rest: the median demands by which the run judges
    run_id varchar not null,            -- the run that owes it
    since timestamptz not null
);
