-- queue_held: nobody else opens a case in a queue until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('shouxin case queue ' || %s, 0)) IS NULL AS held;

-- waiting_in_queue: how many cases of a queue are not ended.
SELECT count(*) AS waiting FROM case_file WHERE queue = %s AND status IN ('open', 'taken', 'proposed');

-- waiting: the same for each queue that has any.
SELECT queue, count(*) AS waiting FROM case_file WHERE status IN ('open', 'taken', 'proposed') GROUP BY queue;

-- case_added: a new case.
INSERT INTO case_file (
  customer_id, case_id, kind, queue, subject, amount, lang, opened, expires, fallback,
  status, taken_by, maker, checker, outcome, granted, ended, acts, late
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- case_changed: what was made of it.
UPDATE case_file
SET status = %s, taken_by = %s, maker = %s, checker = %s, outcome = %s, granted = %s, ended = %s, acts = %s, late = %s
WHERE customer_id = %s AND case_id = %s;

-- act_added: what was done about a case.
INSERT INTO case_act (customer_id, case_id, number, act, principal, day, outcome, granted, sealed)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s);

-- case_held: a case, held until the end of the transaction.
SELECT customer_id, case_id, kind, queue, subject, amount, lang, opened, expires, fallback,
  status, taken_by, maker, checker, outcome, granted, ended, acts, late
FROM case_file WHERE customer_id = %s AND case_id = %s FOR NO KEY UPDATE;

-- case_read: a case of a customer.
SELECT customer_id, case_id, kind, queue, subject, amount, lang, opened, expires, fallback,
  status, taken_by, maker, checker, outcome, granted, ended, acts, late
FROM case_file WHERE customer_id = %s AND case_id = %s;

-- case_found: a case, whosever it is.
SELECT customer_id, case_id, kind, queue, subject, amount, lang, opened, expires, fallback,
  status, taken_by, maker, checker, outcome, granted, ended, acts, late
FROM case_file WHERE case_id = %s;

-- cases_of: all cases of a customer.
SELECT customer_id, case_id, kind, queue, subject, amount, lang, opened, expires, fallback,
  status, taken_by, maker, checker, outcome, granted, ended, acts, late
FROM case_file WHERE customer_id = %s ORDER BY case_id;

-- cases_in_queue: cases of a queue that are not ended, after a place in their order.
SELECT customer_id, case_id, kind, queue, subject, amount, lang, opened, expires, fallback,
  status, taken_by, maker, checker, outcome, granted, ended, acts, late
FROM case_file
WHERE queue = %s AND status IN ('open', 'taken', 'proposed') AND (expires, case_id) > (%s, %s)
ORDER BY expires, case_id LIMIT %s;

-- cases_due: cases of some kinds that nobody decided in time, and that were not marked as late.
SELECT customer_id, case_id, kind, queue, subject, amount, lang, opened, expires, fallback,
  status, taken_by, maker, checker, outcome, granted, ended, acts, late
FROM case_file
WHERE status IN ('open', 'taken', 'proposed') AND expires < %s AND late IS NULL AND kind = ANY(%s)
ORDER BY expires, customer_id, case_id LIMIT %s;

-- acts_of: all that was done about a case.
SELECT number, act, principal, day, at, outcome, granted, sealed
FROM case_act WHERE customer_id = %s AND case_id = %s ORDER BY number;
