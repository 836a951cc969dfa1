-- One generic derivation for every endpoint.
-- Reads  candidates(endpoint, patient, role, place, label, day, tbl, row_index, field)
--          role: start | event | competing | censor | end; place: the declared order, which decides ties on one day
--        endpoint_patients(endpoint, patient, is_member, from_origin)
-- Gives  one row per endpoint and patient: status, days, because, and the candidate that decided.
-- Days are integers since the patient's origin. Every ordering has a full tie-break.
with
started as (
    select p.endpoint, p.patient, p.is_member,
           case when p.from_origin = 1 then 0 else s.day end as start_day
    from endpoint_patients as p
    left join (
        select endpoint, patient, min(day) as day
        from candidates where role = 'start' and day is not null
        group by endpoint, patient
    ) as s on s.endpoint = p.endpoint and s.patient = p.patient
),
ends as (
    select endpoint, patient, min(day) as end_day
    from candidates where role = 'end' and day is not null
    group by endpoint, patient
),
last_seen as (
    select endpoint, patient, max(day) as seen_day
    from candidates where role = 'censor' and day is not null
    group by endpoint, patient
),
undated as (
    select endpoint, patient, min(label) as label
    from candidates where role in ('event', 'competing') and day is null
    group by endpoint, patient
),
ranked as (
    select endpoint, patient, role, label, day, tbl, row_index, field,
           row_number() over (partition by endpoint, patient order by day, place, tbl, row_index, field) as nth,
           count(*) over (partition by endpoint, patient, day) as on_that_day
    from candidates where role in ('event', 'competing') and day is not null
),
closers as (
    select endpoint, patient, role, label, day, tbl, row_index, field,
           row_number() over (partition by endpoint, patient, role order by
               case when role = 'end' then day else -day end, place, tbl, row_index, field) as nth
    from candidates where role in ('end', 'censor') and day is not null
),
joined as (
    select s.endpoint, s.patient, s.is_member, s.start_day,
           f.role as event_role, f.label as event_label, f.day as event_day, f.on_that_day,
           f.tbl as event_tbl, f.row_index as event_row, f.field as event_field,
           e.end_day, l.seen_day, u.label as undated_label,
           case when l.seen_day is null then null
                when e.end_day is not null and e.end_day <= l.seen_day then e.end_day
                else l.seen_day end as censor_day,
           case when e.end_day is not null and (l.seen_day is null or e.end_day <= l.seen_day)
                then 'end' else 'censor' end as closed_by
    from started as s
    left join ranked as f on f.endpoint = s.endpoint and f.patient = s.patient and f.nth = 1
    left join ends as e on e.endpoint = s.endpoint and e.patient = s.patient
    left join last_seen as l on l.endpoint = s.endpoint and l.patient = s.patient
    left join undated as u on u.endpoint = s.endpoint and u.patient = s.patient
),
decided as (
    select *,
           case
               when is_member = 0 then 'not evaluable'
               when start_day is null then 'not evaluable'
               when event_day is not null and event_day < start_day then 'error'
               when event_day is not null and (end_day is null or event_day <= end_day)
                    and undated_label is null then event_role
               when undated_label is not null then 'not evaluable'
               when censor_day is null then 'not evaluable'
               when censor_day < start_day then 'error'
               else 'censored'
           end as status
    from joined
)
select d.endpoint, d.patient, d.status,
       case when d.status in ('event', 'competing') then d.event_day - d.start_day
            when d.status = 'censored' then d.censor_day - d.start_day end as days,
       case
           when d.is_member = 0 then 'not in the population of this endpoint'
           when d.start_day is null then 'the start of this endpoint was not reached'
           when d.status = 'error' and d.event_day is not null and d.event_day < d.start_day
               then d.event_label || ' before the start'
           when d.status = 'error' then 'observation ends before the start'
           when d.status in ('event', 'competing') and d.on_that_day > 1
               then d.event_label || ' (first in the declared order among several on that day)'
           when d.status in ('event', 'competing') then d.event_label
           when d.undated_label is not null then d.undated_label || ' recorded without a day'
           when d.censor_day is null then 'no day of event or last contact is recorded'
           when d.event_day is not null then c.label || ', before ' || d.event_label
           else c.label
       end as because,
       case when d.status in ('event', 'competing', 'error') and d.event_day is not null then d.event_tbl
            else c.tbl end as tbl,
       case when d.status in ('event', 'competing', 'error') and d.event_day is not null then d.event_row
            else c.row_index end as row_index,
       case when d.status in ('event', 'competing', 'error') and d.event_day is not null then d.event_field
            else c.field end as field
from decided as d
left join closers as c
    on c.endpoint = d.endpoint and c.patient = d.patient and c.role = d.closed_by and c.nth = 1
   and d.status in ('censored', 'error')
order by d.endpoint, d.patient
