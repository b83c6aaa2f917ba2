-- What a decision was about, cell by cell, so that it can be carried over, shown and taken back.
-- A new table rather than changes of columns: see 002.
create table decisions_with_cells (     -- append-only
    decision_id varchar primary key,
    finding_id varchar,
    submission_id varchar,
    row_no integer,
    code varchar,                       -- the finding's
    action varchar not null,            -- take, value, uphold, waive, refuse, ask, undo
    value varchar,                      -- what was decided, as people read it; the decision taken back
    cells struct(field varchar, was varchar, value varchar)[] not null,
    person varchar not null,
    note varchar,
    decided_at timestamptz not null
);

insert into decisions_with_cells
select decision_id, finding_id, submission_id, null, null, action, value, [], person, note, decided_at
from decisions;

drop table decisions;

alter table decisions_with_cells rename to decisions;
