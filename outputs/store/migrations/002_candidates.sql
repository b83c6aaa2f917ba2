-- What speaks for each candidate, field by field (docs/matching.md); earlier findings have none of it.
-- A new table rather than a change of type: a run killed before the checkpoint replays it safely.
create table findings_with_contributions (
    finding_id varchar primary key,     -- the same finding of the same row keeps its id over re-runs
    submission_id varchar,              -- null for a message's own
    message_id varchar not null,
    row_no integer,
    field varchar,
    code varchar not null,
    outcome varchar not null,
    seen varchar,
    expected varchar,
    candidates struct(
        name varchar, code varchar, score double,
        contributions struct(field varchar, level varchar, points double)[]
    )[] not null,
    message_zh varchar not null,
    message_en varchar not null,
    clause varchar,
    evidence json,                      -- file, page and box in points, or table, row and column
    state varchar not null,             -- open, upheld, waived, corrected
    scope varchar not null,             -- own; window: from looking across a window, written anew each time
    position integer not null,          -- the order in which the rules raised them
    run_id varchar not null
);

insert into findings_with_contributions
select * replace (
    list_transform(candidates, lambda c: {
        'name': c.name, 'code': c.code, 'score': c.score,
        'contributions': cast([] as struct(field varchar, level varchar, points double)[])
    }) as candidates
)
from findings;

drop table findings;

alter table findings_with_contributions rename to findings;
