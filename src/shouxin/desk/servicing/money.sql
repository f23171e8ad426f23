-- line_known: what became of a line of a statement.
SELECT status, customer_id, amount FROM statement_line WHERE source = %s AND reference = %s;

-- line_added: a line of a statement.
INSERT INTO statement_line (source, reference, day, amount, status, customer_id, booked) VALUES (%s, %s, %s, %s, %s, %s, %s);

-- line_held: a line in suspense, held.
SELECT status, amount, day FROM statement_line WHERE source = %s AND reference = %s FOR NO KEY UPDATE;

-- line_resolved: a line in suspense has found its customer.
UPDATE statement_line SET status = 'resolved', customer_id = %s WHERE source = %s AND reference = %s;

-- lines_in_suspense: what nobody was found for, oldest first.
SELECT source, reference, day, amount FROM statement_line WHERE status = 'suspense' ORDER BY day, source, reference;

-- owner_of: the customer of a loan, or of a customer's id.
SELECT customer_id FROM loan WHERE loan_id = ANY(%s::uuid[]) UNION SELECT customer_id FROM customer WHERE customer_id = ANY(%s::uuid[])
  AND kind <> 'house';

-- mandate_held: the account from which may be debited, held.
SELECT mandate_id, account, since FROM mandate WHERE customer_id = %s AND ended IS NULL FOR NO KEY UPDATE;

-- mandate_added: an account from which may be debited.
INSERT INTO mandate (customer_id, mandate_id, account, since) VALUES (%s, %s, %s, %s);

-- mandate_ended: it may no more.
UPDATE mandate SET ended = %s WHERE customer_id = %s AND mandate_id = %s;

-- debits_of: the last debits of a customer, newest first, held.
SELECT day, mandate_id, amount, attempt, status, again FROM debit WHERE customer_id = %s ORDER BY day DESC LIMIT 1 FOR NO KEY UPDATE;

-- debit_added: an auto-debit that goes to the bank.
INSERT INTO debit (customer_id, day, mandate_id, amount, attempt, status) VALUES (%s, %s, %s, %s, %s, 'instructed');

-- debit_ended: what became of it.
UPDATE debit SET status = %s, again = %s, why = %s WHERE customer_id = %s AND day = %s;

-- debits_wanted: customers with a mandate who owe something that is due, and were not debited or are to be debited again.
SELECT m.customer_id FROM mandate AS m
LEFT JOIN LATERAL (SELECT day, status, again FROM debit AS d WHERE d.customer_id = m.customer_id ORDER BY day DESC LIMIT 1) AS last ON true
WHERE m.ended IS NULL AND (last.day IS NULL OR last.status = 'paid' OR last.again <= %s)
  AND (last.day IS NULL OR last.day < %s)
  AND EXISTS (SELECT FROM loan_state AS s WHERE s.customer_id = m.customer_id AND s.settled IS NULL AND s.written_off IS NULL
    AND s.due_principal + s.due_interest + s.fees > 0)
ORDER BY m.customer_id LIMIT %s;

-- debits_open: auto-debits without an answer, and the accounts that they are from.
SELECT customer_id, d.day, d.amount, m.account FROM debit AS d JOIN mandate AS m USING (customer_id, mandate_id)
WHERE d.status = 'instructed' ORDER BY d.day, customer_id LIMIT %s;
