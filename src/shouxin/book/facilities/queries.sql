-- standing: what a command on a held customer begins with: the open day, the answer that was given to its key, the total line,
-- and the facilities, a row for each; one row where there is none. Whoever changes any of it holds the customer first, so
-- nothing here needs a lock of its own.
SELECT d.day, r.hash, r.answer, l.total, l.owed AS line_owed, l.reserved AS line_reserved, l.credit,
  f.facility_id, f.product, f.bundle, f.pool, f.leads, f.status, f.most, f.rate_ppm, f.terms, f.offered, f.expires, f.owed,
  f.reserved, f.loans, f.opened, f.used, f.ended, f.reason
FROM open_day AS d
LEFT JOIN request AS r ON r.customer_id = %s AND r.key = %s
LEFT JOIN customer_line AS l ON l.customer_id = %s
LEFT JOIN facility AS f ON f.customer_id = %s
ORDER BY f.facility_id;

-- line_added: a total line.
INSERT INTO customer_line (customer_id, total) VALUES (%s, %s);

-- line_stored: the total line, and the sums over all facilities.
UPDATE customer_line SET total = %s, owed = %s, reserved = %s, credit = %s WHERE customer_id = %s;

-- facility_added: a facility that is offered.
INSERT INTO facility (customer_id, facility_id, product, bundle, pool, leads, status, most, rate_ppm, terms, offered, expires)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- facility_stored: what may change of a facility.
UPDATE facility SET status = %s, most = %s, expires = %s, owed = %s, reserved = %s, loans = %s, opened = %s, used = %s,
  ended = %s, reason = %s
WHERE customer_id = %s AND facility_id = %s;

-- both_stored: a changed line and the one facility that changed it.
WITH line AS (
  UPDATE customer_line SET total = %s, owed = %s, reserved = %s, credit = %s WHERE customer_id = %s
)
UPDATE facility SET status = %s, most = %s, expires = %s, owed = %s, reserved = %s, loans = %s, opened = %s, used = %s,
  ended = %s, reason = %s
WHERE customer_id = %s AND facility_id = %s;

-- line_version_added: the total line from today on.
INSERT INTO line_version (customer_id, number, total, booked) VALUES (%s, %s, %s, %s);

-- facility_version_added: what a facility is from today on.
INSERT INTO facility_version (customer_id, facility_id, number, status, most, expires, reason, booked)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- over_limit_begun: more of a facility is in use than its limit, from today on.
INSERT INTO over_limit (customer_id, facility_id, number, since) VALUES (%s, %s, %s, %s);

-- over_limit_ended: it is so no more.
UPDATE over_limit SET until = %s WHERE customer_id = %s AND facility_id = %s AND until IS NULL;
