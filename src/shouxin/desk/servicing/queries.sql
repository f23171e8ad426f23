-- loan_held: one loan of a customer, who is held, with its state.
SELECT l.facility_id, l.bundle, l.agreement, l.funders, l.opened, s.*
FROM loan_state AS s JOIN loan AS l USING (customer_id, loan_id)
WHERE s.customer_id = %s AND s.loan_id = %s;

-- loans_held: all loans of a customer, who is held, that are not settled, with their states.
SELECT l.facility_id, l.bundle, l.agreement, l.funders, l.opened, s.*
FROM loan_state AS s JOIN loan AS l USING (customer_id, loan_id)
WHERE s.customer_id = %s AND s.settled IS NULL ORDER BY s.loan_id;

-- loan_events: what happened to a loan, in the order of booking.
SELECT number, kind, effective, booked, body FROM event
WHERE customer_id = %s AND loan_id = %s AND kind LIKE 'loan.%%' ORDER BY number;

-- loan_added: what does not change of a loan.
INSERT INTO loan (customer_id, loan_id, facility_id, product, bundle, agreement, funders, opened)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s);

-- state_added: the state of a new loan.
INSERT INTO loan_state (customer_id, loan_id, product, on_day, turn, pending, touched, rate_ppm, extra_ppm, year_days, to_come,
  due_principal, due_interest, late_principal, oldest_late, fees, accrued, raised, penalty, level, fallen, from_day, due_days,
  grace_ends, principals, dues, paid_out, principal_repaid, interest_raised, interest_paid, penalty_paid, fees_raised, fees_paid,
  capitalised, written_off_principal, written_off_interest, written_off_penalty, written_off_fees, recovered, overpaid, settled,
  written_off, rare)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
  %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- state_stored: the state of a loan after an event, or rolled to a later day.
UPDATE loan_state SET (product, on_day, turn, pending, touched, rate_ppm, extra_ppm, year_days, to_come, due_principal,
  due_interest, late_principal, oldest_late, fees, accrued, raised, penalty, level, fallen, from_day, due_days, grace_ends,
  principals, dues, paid_out, principal_repaid, interest_raised, interest_paid, penalty_paid, fees_raised, fees_paid,
  capitalised, written_off_principal, written_off_interest, written_off_penalty, written_off_fees, recovered, overpaid, settled,
  written_off, rare)
= (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
  %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
WHERE customer_id = %s AND loan_id = %s;

-- oldest_late: since when the customer is late on any loan; null where on none. Loans that fell late since the last roll are
-- found by their turn: they are rolled before anything is drawn.
SELECT min(oldest_late) AS since, min(turn) FILTER (WHERE settled IS NULL) AS turn FROM loan_state WHERE customer_id = %s;

-- draw_added: money that is asked for.
INSERT INTO draw (customer_id, loan_id, facility_id, status, amount, fee, method, months, rate_ppm, purpose, merchant_category,
  entrusted, payee, disclosure, contract, rail, asked)
VALUES (%s, %s, %s, 'reserved', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- proof_added: the documents that prove what it is for, in the order in which they were given.
INSERT INTO draw_proof (customer_id, loan_id, number, kind, sha256)
SELECT %s, %s, p.number, p.kind, p.sha256 FROM unnest(%s::integer[], %s::text[], %s::bytea[]) AS p (number, kind, sha256);

-- draw_held: a draw of a customer, who is held.
SELECT loan_id, facility_id, status, amount, fee, method, months, rate_ppm, purpose, merchant_category, entrusted, payee,
  disclosure, contract, rail, asked, ended, failure
FROM draw WHERE customer_id = %s AND loan_id = %s;

-- draw_read: a draw of the customer, not held.
SELECT amount, fee, payee FROM draw WHERE customer_id = %s AND loan_id = %s;

-- draw_stored: what became of a draw.
UPDATE draw SET status = %s, ended = %s, failure = %s WHERE customer_id = %s AND loan_id = %s;

-- draws_waiting: draws that are to be given to a rail, or were and are not answered, oldest first.
SELECT customer_id, loan_id, status FROM draw WHERE status IN ('reserved', 'instructed') AND rail = %s
ORDER BY asked, customer_id, loan_id LIMIT %s;

-- payment_events: what a payment paid, and whether it bounced: the events that name it, and the payment itself.
SELECT number, kind, loan_id, body FROM event
WHERE customer_id = %s AND number >= %s AND body ->> 'payment' = %s
  AND kind IN ('loan.repaid', 'loan.recovered', 'credit.added', 'payment.bounced') ORDER BY number;

-- facility_product: the product of a facility, and the bundle that says what it is.
SELECT product, bundle FROM facility WHERE customer_id = %s AND facility_id = %s;
