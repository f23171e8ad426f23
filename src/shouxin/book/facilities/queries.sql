-- line_held: the customer's total line, held.
SELECT total, owed, reserved, credit FROM customer_line WHERE customer_id = %s FOR NO KEY UPDATE;

-- facilities_held: all facilities of the customer, held in ascending order.
SELECT facility_id, product, bundle, pool, leads, status, most, rate_ppm, terms, offered, expires, owed, reserved, loans,
  opened, used, ended, reason
FROM facility WHERE customer_id = %s ORDER BY facility_id FOR NO KEY UPDATE;

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

