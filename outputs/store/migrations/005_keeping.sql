-- What was done to keep the store, and which messages' personal data were erased.
create table upkeep (                   -- append-only
    what varchar not null,              -- backup, restore, erase
    done_at timestamptz not null,
    person varchar not null,            -- the account
    folder varchar,                     -- of a backup
    outcome varchar not null            -- whole, or what is lacking
);

create table erasures (                 -- append-only
    message_id varchar primary key,     -- stays known, so that no run takes it in again
    erased_at timestamptz not null,
    person varchar not null,            -- the account
    received_before timestamptz not null -- the day by which it was chosen
);
