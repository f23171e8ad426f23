-- shape_made: lives, what is not state; `lived` will have the state. place: of the product; repaid, interest: paid on the evening's day.
CREATE UNLOGGED TABLE shape (number int PRIMARY KEY, place int, product text, opened date, agreement jsonb, paid_out jsonb,
  amount bigint, repaid bigint, interest bigint);

-- slot_made: the order in which the book takes them.
CREATE UNLOGGED TABLE slot (slot int PRIMARY KEY, number int);

-- shape_added: one life.
INSERT INTO shape VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s);

-- slot_added: one slot.
INSERT INTO slot VALUES (%s, %s);

-- lived_made: the states of the lives, which were put into the table itself under their numbers.
CREATE UNLOGGED TABLE lived AS
SELECT shape.number, loan_state.* FROM shape JOIN loan_state ON loan_id = lpad(to_hex(number), 32, '0')::uuid;

-- state_columns: of `loan_state` in their order.
SELECT attname FROM pg_attribute WHERE attrelid = 'loan_state'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum;

-- drawn_made: the loans, two to a customer, one or two to a facility. Keys are as if made one after the other, which version 7
-- makes them: new rows lie together.
CREATE UNLOGGED TABLE drawn AS
SELECT n, number,
  ('01980000-0000-7000-8000-' || lpad(to_hex((n + 1) / 2), 12, '0'))::uuid AS customer_id,
  ('01980000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid AS loan_id,
  ('01980000-0000-7000-a00' || place || '-' || lpad(to_hex((n + 1) / 2), 12, '0'))::uuid AS facility_id
FROM generate_series(1, %s) AS n JOIN slot ON slot.slot = n %% %s JOIN shape USING (number);

-- loans: what does not change of them.
INSERT INTO loan (customer_id, loan_id, facility_id, product, bundle, agreement, funders, opened)
SELECT customer_id, loan_id, facility_id, product, %s, agreement, '{"self": 1000000}', opened
FROM drawn JOIN shape USING (number) ORDER BY n;

-- facilities: with the sums of their loans. One in so many has its last day on the evening, the others in a month or later.
INSERT INTO facility (customer_id, facility_id, product, bundle, pool, status, most, rate_ppm, terms, owed, loans, offered,
  opened, expires, used)
SELECT customer_id, facility_id, min(product), %s, CASE WHEN min(product) <> 'business-loan' THEN 'consumer' END, 'active',
  20000000, 109500, '[["equal_instalment", [3, 6, 12]]]', sum(to_come + due_principal), count(*), min(opened), min(opened),
  CASE WHEN row_number() OVER (ORDER BY customer_id, facility_id) %% %s = 0 THEN day
    ELSE day + 30 + (hashtext(facility_id::text) & 255) END, max(touched)
FROM loan JOIN loan_state USING (customer_id, loan_id, product), open_day GROUP BY customer_id, facility_id, day;

-- lines: the total line of each customer.
INSERT INTO customer_line (customer_id, total, owed) SELECT customer_id, 60000000, sum(owed) FROM facility GROUP BY customer_id;

-- customers: with four events each at most, two for each loan.
INSERT INTO customer (customer_id, kind, events, since) SELECT customer_id, 'person', 4, '2025-01-01' FROM customer_line;

-- payouts: the first event of each loan, in the order of days.
INSERT INTO event (customer_id, number, kind, facility_id, loan_id, effective, booked, principal, body)
SELECT customer_id, 2 - n % 2, 'loan.paid_out', facility_id, loan_id, opened, opened, 'benchmark', paid_out
FROM drawn JOIN shape USING (number) ORDER BY opened, n;

-- payouts_posted: and its posting.
INSERT INTO posting (customer_id, journal, line, debit, credit, amount, currency, book_date, value_date, loan_id)
SELECT customer_id, 2 - n % 2, 1, '1303.' || product, '1002', amount, 'CNY', opened, opened, loan_id
FROM drawn JOIN shape USING (number) ORDER BY opened, n;

-- repayments: what was paid on the evening's day.
INSERT INTO event (customer_id, number, kind, facility_id, loan_id, effective, booked, principal, body)
SELECT customer_id, 4 - n % 2, 'loan.repaid', facility_id, loan_id, day, day, 'benchmark', jsonb_build_object(
  'amount', repaid + interest, 'changed', jsonb_build_object('principal_repaid', repaid, 'interest_paid', interest),
  'payment', 4 - n % 2, 'source', 'direct')
FROM drawn JOIN shape USING (number), open_day WHERE repaid > 0 ORDER BY n;

-- repayments_posted: principal and interest.
INSERT INTO posting (customer_id, journal, line, debit, credit, amount, currency, book_date, value_date, loan_id)
SELECT customer_id, 4 - n % 2, line, '1002', account || product || part, money, 'CNY', day, day, loan_id
FROM drawn JOIN shape USING (number), open_day,
  LATERAL (VALUES (1, '1303.', '', repaid), (2, '1132.', '.current', interest)) AS given (line, account, part, money)
WHERE repaid > 0 ORDER BY n, line;

-- day_before: as if the day before had been closed.
INSERT INTO closed_day (day, closed_at, previous_hash, hash, rows, key_id, signature)
SELECT day - 1, now(), decode(repeat('00', 32), 'hex'), sha256('before'), 0, 'none', '' FROM open_day;

-- principal_before: and its balances, of principal.
INSERT INTO closed_balance (day, account, debits, credits)
SELECT day - 1, '1303.' || product, sum(paid_out), sum(principal_repaid) - (
  SELECT coalesce(sum(amount), 0) FROM posting WHERE credit = '1303.' || product AND book_date = day)
FROM loan_state, open_day GROUP BY product, day;

-- money_before: and of money.
INSERT INTO closed_balance (day, account, debits, credits)
SELECT day, '1002', sum(credits), sum(debits) FROM closed_balance GROUP BY day;

-- tables_dropped: what the book was made from.
DROP TABLE drawn, shape, slot, lived;

-- vacuumed: as autovacuum leaves it.
VACUUM ANALYZE;

-- summarized: as autovacuum leaves it.
SELECT brin_summarize_new_values('event_booked'), brin_summarize_new_values('posting_booked');
