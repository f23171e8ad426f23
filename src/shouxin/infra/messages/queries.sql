-- event_added: one thing that happened to a customer.
INSERT INTO event (customer_id, number, kind, facility_id, loan_id, effective, booked, principal, reason, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- event_begun: the first event of a unit of work; the customer has events to tell, which may be known already.
WITH wanted AS (INSERT INTO outbox (customer_id, sent) VALUES (%s, %s) ON CONFLICT (customer_id) DO NOTHING)
INSERT INTO event (customer_id, number, kind, facility_id, loan_id, effective, booked, principal, reason, body)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- outbox_leased: customers that are due, longest waiting first; a lease makes each due again only when it has run out.
WITH due AS (
  SELECT customer_id FROM outbox WHERE next_try <= now() ORDER BY next_try LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET leased_by = %s, leased_until = until.at, next_try = until.at
FROM due, (SELECT now() + %s AS at) AS until
WHERE outbox.customer_id = due.customer_id
RETURNING outbox.customer_id, outbox.sent;

-- outbox_events: the next events of leased customers that were not told yet, at most so many of each.
SELECT event.customer_id, event.number, event.kind, event.facility_id, event.loan_id, event.effective, event.booked, event.at,
  event.principal, event.reason, event.body
FROM outbox CROSS JOIN LATERAL (
  SELECT * FROM event WHERE event.customer_id = outbox.customer_id AND number > outbox.sent ORDER BY number LIMIT %s
) AS event
WHERE outbox.leased_by = %s
ORDER BY event.customer_id, event.number;

-- outbox_told: how far each customer got, and why not further.
UPDATE outbox SET
  sent = told.last,
  trouble = told.trouble,
  failures = CASE WHEN told.trouble IS NULL THEN 0 WHEN told.last > outbox.sent THEN 1 ELSE outbox.failures + 1 END
FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS told (customer_id, last, trouble)
WHERE outbox.customer_id = told.customer_id AND outbox.leased_by = %s;

-- customers_held_if_free: those customers that no command holds, held until the end of the transaction.
SELECT customer_id, state FROM customer WHERE customer_id = ANY(%s) ORDER BY customer_id FOR NO KEY UPDATE SKIP LOCKED;

-- outbox_finished: held customers that have nothing more to tell, out of the outbox.
DELETE FROM outbox WHERE customer_id = ANY(%s) AND leased_by = %s
AND NOT EXISTS (SELECT FROM event WHERE event.customer_id = outbox.customer_id AND event.number > outbox.sent)
RETURNING customer_id;

-- outbox_released: the end of a lease, with a pause after a failure, twice as long each time, and a short one for the busy.
UPDATE outbox SET leased_by = NULL, leased_until = NULL, next_try = now() + interval '1 second' * CASE
  WHEN failures > 0 THEN least(%s * power(2, least(failures - 1, 30)), %s)
  WHEN customer_id = ANY(%s) THEN %s
  ELSE 0
END
WHERE leased_by = %s;

-- notice_added: something that a customer is to be told; nothing where that is written already.
INSERT INTO notice (customer_id, kind, about, on_day, lang, facts) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (customer_id, kind, about, on_day) DO NOTHING;

-- notices_found: the same for all rows of a query that stands before it under the name `found`.
INSERT INTO notice (customer_id, kind, about, on_day, facts)
SELECT customer_id, kind, about, on_day, facts FROM found
ON CONFLICT (customer_id, kind, about, on_day) DO NOTHING;

-- notices_of: all notices of a customer.
SELECT customer_id, kind, about, on_day, lang, facts, status, failures FROM notice
WHERE customer_id = %s ORDER BY on_day DESC, kind, about;

-- local_time: now, in UTC and in the lender's time zone.
SELECT now.at AT TIME ZONE 'UTC' AS utc, now.at AT TIME ZONE %s AS local FROM (SELECT clock_timestamp() AS at) AS now;

-- notices_due: notices that wait, the longest waiting first.
SELECT customer_id FROM notice WHERE status = 'waiting' AND next_try <= %s ORDER BY next_try, customer_id LIMIT %s;

-- notices_waiting: what held customers are to be told now.
SELECT customer_id, kind, about, on_day, lang, facts, (
  SELECT coalesce(max(attempt), 0) FROM notice_attempt AS tried
  WHERE tried.customer_id = notice.customer_id AND tried.kind = notice.kind
  AND tried.about = notice.about AND tried.on_day = notice.on_day
) AS attempts, failures
FROM notice WHERE customer_id = ANY(%s) AND status = 'waiting' AND next_try <= %s;

-- contacts_made: how often each customer was contacted on a local day; what was begun counts unless it is known to have failed.
SELECT customer_id, count(*) FILTER (WHERE step = 'begun') - count(*) FILTER (WHERE step = 'failed') AS made
FROM notice_attempt WHERE customer_id = ANY(%s) AND local_day = %s GROUP BY customer_id;

-- notice_postponed: when a notice is looked at again.
UPDATE notice SET next_try = %s WHERE customer_id = %s AND kind = %s AND about = %s AND on_day = %s;

-- notice_failed: one more failure, and when the next try is.
UPDATE notice SET failures = failures + 1, next_try = %s
WHERE customer_id = %s AND kind = %s AND about = %s AND on_day = %s;

-- notice_ended: a notice that waits no more.
UPDATE notice SET status = %s WHERE customer_id = %s AND kind = %s AND about = %s AND on_day = %s AND status = 'waiting';

-- attempt_added: a step of a try to tell a customer something.
INSERT INTO notice_attempt (customer_id, kind, about, on_day, attempt, step, at, local_day, contact, detail)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- document_added: what was shown or signed, sealed.
INSERT INTO document (customer_id, document_id, kind, about, lang, sha256, sealed, day) VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- documents_added: two of them at once.
INSERT INTO document (customer_id, document_id, kind, about, lang, sha256, sealed, day)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s), (%s, %s, %s, %s, %s, %s, %s, %s);

-- document_read: a document of a customer.
SELECT document_id, kind, about, lang, sha256, day, sealed FROM document WHERE customer_id = %s AND document_id = %s;

-- document_language: the language of the newest document about something.
SELECT lang FROM document WHERE customer_id = %s AND about = %s ORDER BY day DESC, document_id DESC LIMIT 1;

-- documents_of: the documents of a customer without their texts.
SELECT document_id, kind, about, lang, sha256, day FROM document WHERE customer_id = %s ORDER BY document_id;

-- job_begun: a job taken: one that is new, that failed, or whose holder has not been seen for so long.
INSERT INTO job_run AS run (name, key, holder, started, heartbeat) VALUES (%s, %s, %s, clock_timestamp(), clock_timestamp())
ON CONFLICT (name, key) DO UPDATE SET
  holder = excluded.holder, attempts = run.attempts + 1, started = excluded.started, heartbeat = excluded.heartbeat,
  ended = NULL, outcome = NULL
WHERE run.outcome = 'failed' OR (run.outcome IS NULL AND run.heartbeat < clock_timestamp() - %s)
RETURNING attempts, detail;

-- job_read: how a job stands.
SELECT ended, outcome, heartbeat FROM job_run WHERE name = %s AND key = %s;

-- job_beaten: how far a job is; no row where it was taken over. Holds the row until the end of the transaction.
UPDATE job_run SET heartbeat = clock_timestamp(), detail = %s WHERE name = %s AND key = %s AND holder = %s AND ended IS NULL
RETURNING name;

-- job_ended: the end of a job; no row where it was taken over.
UPDATE job_run SET heartbeat = clock_timestamp(), ended = clock_timestamp(), outcome = %s, detail = %s
WHERE name = %s AND key = %s AND holder = %s AND ended IS NULL
RETURNING name;
