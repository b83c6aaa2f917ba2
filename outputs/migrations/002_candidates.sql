-- What speaks for each candidate, field by field (docs/matching.md). Earlier findings have none.
alter table findings alter column candidates type
    struct(name varchar, code varchar, score double,
           contributions struct(field varchar, level varchar, points double)[])[]
    using list_transform(candidates, lambda c: {
        'name': c.name, 'code': c.code, 'score': c.score,
        'contributions': cast([] as struct(field varchar, level varchar, points double)[])
    });
