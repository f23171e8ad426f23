-- suspended_because: why each line of a customer was suspended last.
SELECT DISTINCT ON (facility_id) facility_id, reason FROM event
WHERE customer_id = %s AND kind = 'facility.suspended' ORDER BY facility_id, number DESC;

-- followed: the last day of which a job is done, and the first that was begun.
SELECT max(key) FILTER (WHERE outcome = 'done') AS last, min(key) AS first FROM job_run WHERE name = %s;

-- concerned: customers with several lines that are not closed, or one that is suspended, who are late with something or to whom
-- something has happened since a day; in ascending order, from one on.
SELECT f.customer_id FROM facility AS f
JOIN (
  SELECT customer_id FROM event WHERE booked >= %s
  UNION
  SELECT customer_id FROM loan_state WHERE oldest_late IS NOT NULL AND settled IS NULL
) AS touched ON touched.customer_id = f.customer_id
WHERE f.status <> 'closed' AND f.customer_id > %s
GROUP BY f.customer_id HAVING count(*) > 1 OR bool_or(f.status = 'suspended') ORDER BY f.customer_id;
