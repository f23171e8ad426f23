-- facilities_unlike_loans: facilities whose owed, or number of loans, is not that of their loans.
SELECT customer_id, facility_id, f.owed, f.loans, coalesce(l.principal, 0) AS principal, coalesce(l.unsettled, 0) AS unsettled
FROM facility AS f LEFT JOIN (
  SELECT customer_id, loan.facility_id, sum(to_come + due_principal) FILTER (WHERE written_off IS NULL) AS principal,
    count(*) FILTER (WHERE settled IS NULL) AS unsettled
  FROM loan JOIN loan_state USING (customer_id, loan_id) GROUP BY customer_id, facility_id
) AS l USING (customer_id, facility_id)
WHERE f.owed <> coalesce(l.principal, 0) OR f.loans <> coalesce(l.unsettled, 0)
ORDER BY customer_id, facility_id LIMIT 100;

-- facilities_unlike_draws: facilities whose reserved is not what their draws under way ask for.
SELECT customer_id, facility_id, f.reserved, coalesce(d.asked, 0) AS asked
FROM facility AS f LEFT JOIN (
  SELECT customer_id, facility_id, sum(amount) AS asked FROM draw WHERE status IN ('reserved', 'instructed')
  GROUP BY customer_id, facility_id
) AS d USING (customer_id, facility_id)
WHERE f.reserved <> coalesce(d.asked, 0)
ORDER BY customer_id, facility_id LIMIT 100;

-- lines_unlike_facilities: total lines whose owed or reserved is not the sum over facilities.
SELECT customer_id, l.owed, l.reserved, coalesce(f.owed, 0) AS facilities_owed, coalesce(f.reserved, 0) AS facilities_reserved
FROM customer_line AS l LEFT JOIN (
  SELECT customer_id, sum(owed) AS owed, sum(reserved) AS reserved FROM facility GROUP BY customer_id
) AS f USING (customer_id)
WHERE l.owed <> coalesce(f.owed, 0) OR l.reserved <> coalesce(f.reserved, 0)
ORDER BY customer_id LIMIT 100;

-- lines_over: total lines that are exceeded, though no event gave repaid principal back or made interest principal.
SELECT customer_id, l.owed, l.reserved, l.total FROM customer_line AS l
WHERE l.owed + l.reserved > l.total AND NOT EXISTS (
  SELECT FROM event AS e WHERE e.customer_id = l.customer_id
  AND ((e.body -> 'changed' ->> 'principal_repaid')::bigint < 0 OR (e.body -> 'changed' ->> 'capitalised')::bigint > 0)
)
ORDER BY customer_id LIMIT 100;

-- facilities_over: facilities that are in use beyond their limit, though it was never changed and no event of a loan explains it.
SELECT customer_id, facility_id, f.owed, f.reserved, f.most FROM facility AS f
WHERE f.owed + f.reserved > f.most AND f.status IN ('offered', 'active', 'suspended') AND NOT EXISTS (
  SELECT FROM event AS e WHERE e.customer_id = f.customer_id AND e.facility_id = f.facility_id
  AND (e.kind = 'facility.limit_changed' OR (e.body -> 'changed' ->> 'principal_repaid')::bigint < 0
    OR (e.body -> 'changed' ->> 'capitalised')::bigint > 0)
)
ORDER BY customer_id, facility_id LIMIT 100;

-- pools_over: pools that are in use beyond the limit of the facility that leads them, though nothing happened that explains it.
SELECT p.customer_id, p.pool, p.in_use, p.most FROM (
  SELECT customer_id, pool, sum(owed + reserved) AS in_use,
    coalesce(sum(most) FILTER (WHERE leads AND status IN ('active', 'suspended')), 0) AS most
  FROM facility WHERE pool IS NOT NULL GROUP BY customer_id, pool
) AS p
WHERE p.in_use > p.most AND NOT EXISTS (
  SELECT FROM event AS e LEFT JOIN facility AS f USING (customer_id, facility_id)
  WHERE e.customer_id = p.customer_id AND f.pool = p.pool
  AND (e.kind IN ('facility.limit_changed', 'facility.closing', 'facility.closed', 'facility.closing_again')
    OR (e.body -> 'changed' ->> 'principal_repaid')::bigint < 0 OR (e.body -> 'changed' ->> 'capitalised')::bigint > 0)
)
ORDER BY customer_id, pool LIMIT 100;

-- loans_unlike_postings: loans whose principal or fees are not what the ledger has of them.
SELECT customer_id, loan_id, s.principal, s.fees, coalesce(p.principal, 0) AS principal_posted, coalesce(p.fees, 0) AS fees_posted
FROM (
  SELECT customer_id, loan_id, CASE WHEN written_off IS NULL THEN to_come + due_principal ELSE 0 END AS principal,
    CASE WHEN written_off IS NULL THEN fees ELSE 0 END AS fees
  FROM loan_state
) AS s FULL JOIN (
  SELECT customer_id, loan_id, coalesce(sum(amount) FILTER (WHERE code = '1303'), 0) AS principal,
    coalesce(sum(amount) FILTER (WHERE code = '1124'), 0) AS fees
  FROM (
    SELECT customer_id, loan_id, split_part(debit, '.', 1) AS code, amount FROM posting WHERE loan_id IS NOT NULL
    UNION ALL SELECT customer_id, loan_id, split_part(credit, '.', 1), -amount FROM posting WHERE loan_id IS NOT NULL
  ) AS legs GROUP BY customer_id, loan_id
) AS p USING (customer_id, loan_id)
WHERE s.principal IS DISTINCT FROM coalesce(p.principal, 0) OR s.fees IS DISTINCT FROM coalesce(p.fees, 0)
ORDER BY customer_id, loan_id LIMIT 100;

-- credits_unlike_postings: customers whose credit is not what the ledger says that they are owed.
SELECT customer_id, coalesce(l.credit, 0) AS credit, coalesce(p.credit, 0) AS posted
FROM customer_line AS l FULL JOIN (
  SELECT customer_id, sum(amount) AS credit FROM (
    SELECT customer_id, amount FROM posting WHERE credit = '2242'
    UNION ALL SELECT customer_id, -amount FROM posting WHERE debit = '2242'
  ) AS legs GROUP BY customer_id
) AS p USING (customer_id)
WHERE coalesce(l.credit, 0) <> coalesce(p.credit, 0)
ORDER BY customer_id LIMIT 100;

-- statuses_wrong: facilities closed with something left, or closing with nothing left.
SELECT customer_id, facility_id, status, owed, reserved, loans FROM facility
WHERE (status IN ('offered', 'closed') AND (owed > 0 OR reserved > 0 OR loans > 0))
  OR (status = 'closing' AND owed = 0 AND reserved = 0 AND loans = 0)
  OR (status = 'closed') <> (ended IS NOT NULL) OR (status = 'active' AND opened IS NULL)
ORDER BY customer_id, facility_id LIMIT 100;

-- draws_unlike_loans: draws that are paid out without a loan of their facility, loans without such a draw, loans without a state.
SELECT customer_id, loan_id, coalesce(d.status, 'missing') AS status, l.loan_id IS NOT NULL AS loan, s.loan_id IS NOT NULL AS state
FROM draw AS d FULL JOIN loan AS l USING (customer_id, loan_id) FULL JOIN loan_state AS s USING (customer_id, loan_id)
WHERE (d.status IS NOT DISTINCT FROM 'paid') <> (l.loan_id IS NOT NULL) OR (l.loan_id IS NULL) <> (s.loan_id IS NULL)
  OR d.facility_id <> l.facility_id OR l.product <> s.product
ORDER BY customer_id, loan_id LIMIT 100;

-- answers_missing: draws and payments of the last 400 days that are not told in exactly one answer.
WITH done AS (
  SELECT customer_id, answer -> 'body' AS body FROM request WHERE (answer ->> 'done')::boolean
), told AS (
  SELECT customer_id, 'payment ' || (body ->> 'payment') AS what FROM done WHERE body ? 'credit' AND body ? 'payment'
), happened AS (
  SELECT customer_id, booked, 'payment ' || number AS what FROM event
  WHERE kind = 'payment.received' OR body ->> 'payment' = number::text
)
SELECT customer_id, h.what, count(t.what) AS answers
FROM happened AS h LEFT JOIN told AS t USING (customer_id, what)
WHERE h.booked > (SELECT day - 400 FROM open_day) GROUP BY customer_id, h.what HAVING count(t.what) <> 1
UNION ALL
SELECT d.customer_id, 'draw ' || d.loan_id, count(done.body) AS answers
FROM draw AS d LEFT JOIN done ON done.customer_id = d.customer_id AND done.body = jsonb_build_object('loan', d.loan_id)
WHERE d.asked > (SELECT day - 400 FROM open_day) GROUP BY d.customer_id, d.loan_id HAVING count(done.body) = 0
ORDER BY customer_id, what LIMIT 100;

-- all_states: every loan with its state.
SELECT l.agreement, s.* FROM loan_state AS s JOIN loan AS l USING (customer_id, loan_id) ORDER BY customer_id, loan_id;

-- all_facilities: every facility.
SELECT customer_id, facility_id, product, bundle, pool, leads, status, most, rate_ppm, terms, offered, expires, owed, reserved,
  loans, opened, used, ended, reason
FROM facility ORDER BY customer_id, facility_id;

-- loan_events: what happened to every loan, in the order of booking.
SELECT customer_id, loan_id, number, kind, effective, booked, body FROM event
WHERE loan_id IS NOT NULL AND kind LIKE 'loan.%%' ORDER BY customer_id, number;

-- facility_events: what happened to every facility itself, in the order of booking.
SELECT customer_id, facility_id, reason, body FROM event
WHERE kind LIKE 'facility.%%' ORDER BY customer_id, number;

-- last_sealed: the last day that is closed; null before the first.
SELECT max(day) AS day FROM closed_day;

-- settlements: the instalments that are settled.
SELECT customer_id, loan_id, instalment, due, grace_end, amount, settled FROM settlement WHERE undone IS NULL;

-- schedules: the last schedule of each loan.
SELECT DISTINCT ON (customer_id, loan_id) customer_id, loan_id, instalments, dues, coalesce(grace_ends, dues)
FROM schedule_version ORDER BY customer_id, loan_id, booked DESC, number DESC;
