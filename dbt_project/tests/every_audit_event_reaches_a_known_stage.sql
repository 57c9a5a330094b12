-- An event whose stage and result name no stage would be in no clock and no count.
select
    uscc,
    audit_round,
    event_date
from {{ ref('int_audit_events_staged') }}
where stage is null
