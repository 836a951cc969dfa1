-- One generic derivation for every endpoint.
-- Reads  candidates(endpoint, patient, role, place, label, day, tbl, row_index, field, is_last, may_precede)
--          role: start | event | competing | censor | end; place: the declared order, which decides ties on one day
--          is_last: 1 where nothing can follow it (death); may_precede: 1 where it may happen before a later start
--          without a contradiction (a transplantation before the response)
--        endpoint_patients(endpoint, patient, is_member, from_origin)
-- Gives  one row per endpoint and patient: status, days, because, the candidate that decided, and the start.
-- Days are integers since the patient's origin. Every ordering has a full tie-break.
with
started as (
    select p.endpoint, p.patient, p.is_member, p.from_origin, s.label as start_label,
           case when p.from_origin = 1 then 0 else s.day end as start_day
    from endpoint_patients as p
    left join (
        select endpoint, patient, min(day) as day, min(label) as label
        from candidates where role = 'start'
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
    -- an undated death does not hide a dated relapse, which must have come before it
    select endpoint, patient,
           min(case when is_last = 0 then label end) as label,
           min(case when is_last = 1 then label end) as last_label
    from candidates where role in ('event', 'competing', 'end') and day is null
    group by endpoint, patient
),
ranked as (
    select endpoint, patient, role, label, day, tbl, row_index, field, may_precede,
           row_number() over (partition by endpoint, patient order by
               day nulls last, place nulls last, tbl nulls last, row_index nulls last, field nulls last) as nth,
           count(*) over (partition by endpoint, patient, day) as on_that_day
    from candidates where role in ('event', 'competing') and day is not null
),
closers as (
    select endpoint, patient, role, label, day, tbl, row_index, field,
           row_number() over (partition by endpoint, patient, role order by
               case when role = 'end' then day else -day end nulls last,
               place nulls last, tbl nulls last, row_index nulls last, field nulls last) as nth
    from candidates where role in ('end', 'censor') and day is not null
),
joined as (
    select s.endpoint, s.patient, s.is_member, s.from_origin, s.start_day, s.start_label,
           f.may_precede, f.role as event_role, f.label as event_label, f.day as event_day, f.on_that_day,
           f.tbl as event_tbl, f.row_index as event_row, f.field as event_field,
           e.end_day, l.seen_day, u.label as undated_label, u.last_label as undated_last_label,
           -- a first event after the end of observation shows that nothing had happened by that end
           case when f.day is not null and e.end_day is not null and f.day > e.end_day then e.end_day
                when l.seen_day is null then null
                when e.end_day is not null and e.end_day <= l.seen_day then e.end_day
                else l.seen_day end as censor_day,
           case when e.end_day is not null and (f.day > e.end_day or l.seen_day is null or e.end_day <= l.seen_day)
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
               when event_day < start_day and may_precede = 1 and from_origin = 0 then 'not evaluable'
               when event_day < start_day then 'error'
               when end_day < start_day then 'not evaluable'
               when undated_label is not null then 'not evaluable'
               when event_day is not null and (end_day is null or event_day <= end_day) then event_role
               when event_day is null and undated_last_label is not null then 'not evaluable'
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
           when d.start_day is null and d.start_label is not null then d.start_label || ' recorded without a day'
           when d.start_day is null then 'the start of this endpoint was not reached'
           when d.event_day < d.start_day then d.event_label || ' before the start'
           when d.end_day < d.start_day then c.label || ' before the start'
           when d.status in ('event', 'competing') and d.on_that_day > 1
               then d.event_label || ' (first in the declared order among several on that day)'
           when d.status in ('event', 'competing') then d.event_label
           when d.undated_label is not null then d.undated_label || ' recorded without a day'
           when d.event_day is null and d.undated_last_label is not null
               then d.undated_last_label || ' recorded without a day'
           when d.status = 'error' then c.label || ' before the start'
           when d.censor_day is null then 'no day of event or last contact is recorded'
           when d.event_day is not null then c.label || ', before ' || d.event_label
           else c.label
       end as because,
       case when d.status in ('event', 'competing') or d.event_day < d.start_day then d.event_tbl
            when d.status in ('censored', 'error') then c.tbl end as tbl,
       case when d.status in ('event', 'competing') or d.event_day < d.start_day then d.event_row
            when d.status in ('censored', 'error') then c.row_index end as row_index,
       case when d.status in ('event', 'competing') or d.event_day < d.start_day then d.event_field
            when d.status in ('censored', 'error') then c.field end as field,
       d.start_day
from decided as d
left join closers as c
    on c.endpoint = d.endpoint and c.patient = d.patient and c.nth = 1
   and c.role = case when d.end_day < d.start_day then 'end' else d.closed_by end
order by d.endpoint nulls last, d.patient nulls last
