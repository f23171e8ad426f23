-- customers_open: the next customers with a line that may have been open in a month, in ascending order of their ids.
SELECT customer_id FROM facility WHERE customer_id > %s AND opened <= %s AND (ended IS NULL OR ended >= %s)
GROUP BY customer_id ORDER BY customer_id LIMIT %s;

-- customers_changed: the next customers of whose loans something was booked between two days that counts from a day on which an
-- earlier month had not ended; since: the first such day. An event that undoes another counts from the day of that one.
SELECT e.customer_id, min(least(e.effective, undone.effective)) AS since
FROM event AS e
LEFT JOIN event AS undone
  ON undone.customer_id = e.customer_id AND undone.number = (e.body ->> 'reverses')::bigint AND e.kind = 'loan.reversed'
WHERE e.customer_id > %s AND e.booked > %s AND e.booked <= %s AND e.kind LIKE 'loan.%%'
  AND least(e.effective, undone.effective) <= %s
GROUP BY e.customer_id ORDER BY e.customer_id LIMIT %s;

-- lines_told: what happened to the lines of customers by a day, in the order of booking.
SELECT customer_id, facility_id, booked, body FROM event
WHERE customer_id = ANY(%s::uuid[]) AND kind LIKE 'facility.%%' AND booked <= %s ORDER BY customer_id, number;

-- loans_told: the same of their loans, but for those of which nothing was open or changed since a day.
SELECT e.customer_id, e.loan_id, l.facility_id, l.product, e.number, e.kind, e.effective, e.booked, e.body
FROM event AS e
JOIN loan AS l USING (customer_id, loan_id)
JOIN loan_state AS s USING (customer_id, loan_id)
WHERE e.customer_id = ANY(%s::uuid[]) AND e.kind LIKE 'loan.%%' AND e.booked <= %s
  AND (s.settled IS NULL OR s.settled >= %s OR s.touched >= %s)
ORDER BY e.customer_id, e.number;

-- disputes_open: the accounts of customers with a dispute that was open at the end of a day.
SELECT DISTINCT customer_id, subject FROM case_file
WHERE customer_id = ANY(%s::uuid[]) AND kind = 'dispute' AND opened <= %s AND (ended IS NULL OR ended > %s);

-- dispute_open: the dispute of one account that is open.
SELECT case_id FROM case_file WHERE customer_id = %s AND kind = 'dispute' AND subject = %s AND ended IS NULL;

-- dispute_begun: which record a dispute is about, as it was told when it began.
SELECT body FROM event WHERE customer_id = %s AND kind = 'bureau.disputed' AND body ->> 'case' = %s;

-- reporting_allowed: which of the customers had agreed to reporting, as it was known on a day, and agree still.
SELECT DISTINCT c.customer_id FROM consent AS c
JOIN event AS e ON e.customer_id = c.customer_id AND e.number = c.number
LEFT JOIN consent_withdrawal AS w ON w.customer_id = c.customer_id AND w.consent = c.number
WHERE c.customer_id = ANY(%s::uuid[]) AND c.purpose = 'bureau_reporting' AND e.booked <= %s AND c.given_on <= %s
  AND (c.ends_on IS NULL OR c.ends_on >= %s) AND (w.withdrawn_on IS NULL OR w.withdrawn_on > %s);

-- records_sent: the last record of each account and month that files before a month have of customers, from a month on.
SELECT DISTINCT ON (customer_id, account_id, month) customer_id, account_id, month, number, sha256 FROM bureau_record
WHERE customer_id = ANY(%s::uuid[]) AND month >= %s AND file < %s ORDER BY customer_id, account_id, month, number DESC;

-- records_added: what a file says of accounts; what it said before stays.
INSERT INTO bureau_record (customer_id, account_id, month, number, file, sha256, booked)
SELECT r.customer_id, r.account_id, r.month, r.number, %s, r.sha256, %s
FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::integer[], %s::bytea[]) AS r (customer_id, account_id, month, number, sha256)
ON CONFLICT (customer_id, account_id, month, number) DO NOTHING;

-- record_sent: the last record of one account and month, in any file.
SELECT number, sha256, file FROM bureau_record WHERE customer_id = %s AND account_id = %s AND month = %s
ORDER BY number DESC LIMIT 1;

-- month_closed: the open day, the first there was, and whether a day is over and sealed.
SELECT o.day, o.since, c.day IS NOT NULL AS closed FROM open_day AS o LEFT JOIN closed_day AS c ON c.day = %s;

-- months_made: the months of which there is a file.
SELECT DISTINCT month FROM bureau_file ORDER BY month;

-- file_made: the last file of a month.
SELECT number, sha256 FROM bureau_file WHERE month = %s ORDER BY number DESC LIMIT 1;

-- file_added: a file of a month, as it was written.
INSERT INTO bureau_file (month, number, day, principal, records, corrections, withheld, sha256)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s);
