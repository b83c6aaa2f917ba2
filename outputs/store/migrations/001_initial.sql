-- The store's first schema. Names and meanings: docs/database.md. Times carry their zone.
create table runs (
    run_id varchar primary key,
    started_at timestamptz not null,
    finished_at timestamptz,
    state varchar not null,             -- running, complete, faults, interrupted
    mailbox varchar not null,
    reference_editions json not null,   -- edition by table
    code_version varchar not null,
    counts json
);

create table messages (
    message_id varchar primary key,     -- sha-256 of the message's bytes
    header_message_id varchar,
    sender varchar,
    sender_name varchar,
    subject varchar,
    received_at timestamptz not null,
    "window" varchar,                   -- by its receipt; null when closed
    received_from varchar not null,     -- received-header, date-header, export
    date_header timestamptz,
    source varchar not null,            -- path inside the export
    body varchar not null,
    automatic boolean not null,
    fault varchar,                      -- a fault of the program met on this message
    run_id varchar not null,
    completed_at timestamptz            -- written last; without it the message is read again
);

create table sightings (                -- the same message at other paths
    message_id varchar not null,
    source varchar not null,
    run_id varchar not null,
    primary key (message_id, source)
);

create table files (
    file_id varchar not null,           -- sha-256 of the file's bytes
    message_id varchar not null,
    submission_id varchar,              -- set for a corrected file
    position integer not null,
    name varchar,
    media_type varchar not null,
    kind varchar not null,
    bytes bigint not null,
    role varchar not null,
    state varchar not null,             -- read, unread, refused, unreadable, recorded
    within varchar[] not null,          -- the archives and messages it stands in, outermost first
    run_id varchar not null
);

create table submissions (
    submission_id varchar primary key,
    track varchar not null,             -- occupation, organisation
    "window" varchar,                   -- 2025Q2; null when closed
    message_id varchar not null,
    unit varchar,
    contact varchar,
    phone varchar,
    form_date date,
    unit_raw varchar,
    contact_raw varchar,
    phone_raw varchar,
    form_date_raw varchar,
    received_at timestamptz not null,
    status varchar not null,
    superseded_by varchar,
    file_ids varchar[] not null,
    reference_editions json not null,
    run_id varchar not null,
    judged_at timestamptz not null
);

create table recommendations (
    submission_id varchar not null,
    row_no integer not null,
    raw_priority varchar,
    raw_code varchar,
    raw_occupation varchar,
    raw_work_type varchar,
    raw_standard_name varchar,
    raw_standard_version varchar,
    raw_shortage_flag varchar,
    raw_industries varchar,
    raw_demand varchar,
    raw_reason varchar,
    priority integer,
    code varchar,
    occupation varchar,
    work_type varchar,
    standard_name varchar,
    standard_version varchar,
    shortage_flag boolean,
    industries varchar[],
    demand bigint,
    reason varchar,
    match_score double,
    resolved boolean not null,          -- leads to one occupation
    status varchar not null,
    places json not null,               -- where each cell stood, by field
    primary key (submission_id, row_no)
);

create table findings (
    finding_id varchar primary key,     -- the same finding of the same row keeps its id over re-runs
    submission_id varchar,              -- null for a message's own
    message_id varchar not null,
    row_no integer,
    field varchar,
    code varchar not null,
    outcome varchar not null,
    seen varchar,
    expected varchar,
    candidates struct(name varchar, code varchar, score double)[] not null,
    message_zh varchar not null,
    message_en varchar not null,
    clause varchar,
    evidence json,                      -- file, page and box in points, or table, row and column
    state varchar not null,             -- open, upheld, waived, corrected
    scope varchar not null,             -- own; window: from looking across a window, written anew each time
    position integer not null,          -- the order in which the rules raised them
    run_id varchar not null
);

create table decisions (                -- append-only
    decision_id varchar primary key,
    finding_id varchar,
    submission_id varchar,
    action varchar not null,
    value varchar,
    person varchar not null,
    note varchar,
    decided_at timestamptz not null
);

create table steps (                    -- append-only
    submission_id varchar not null,
    row_no integer,
    step varchar not null,
    date date not null,
    person varchar not null,
    note varchar
);
