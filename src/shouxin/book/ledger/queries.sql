-- accounts_opened: accounts that a product needs; nothing where they are open already.
INSERT INTO account (account, code, product, part)
SELECT account, code, nullif(product, ''), nullif(part, '')
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS wanted (account, code, product, part)
ON CONFLICT (account) DO NOTHING;

-- journal_posted: postings of one journal, numbered on from a line; `journals.py` repeats the row of `given` for each posting.
-- An account that is not open gives no name, and the column refuses that.
INSERT INTO posting (customer_id, journal, currency, book_date, value_date, loan_id, reverses, line, debit, credit, amount)
SELECT customer_id, journal, currency, book_date, value_date, loan_id, reverses, before + line, debits.account, credits.account, amount
FROM (VALUES (%s::uuid, %s::bigint, %s, %s::date, %s::date, %s::uuid, %s::bigint, %s::smallint))
  AS head (customer_id, journal, currency, book_date, value_date, loan_id, reverses, before)
CROSS JOIN (VALUES (1, %s, %s, %s::bigint)) AS given (line, debit, credit, amount)
LEFT JOIN account AS debits ON debits.account = given.debit
LEFT JOIN account AS credits ON credits.account = given.credit;

-- journal: the postings of one journal.
SELECT debit, credit, amount FROM posting WHERE customer_id = %s AND journal = %s ORDER BY line;

-- open_day: the open business day and the first there was.
SELECT day, since FROM open_day;

-- open_day_held: the same, held until the end of the transaction, so that days end and are sealed one after the other.
SELECT day, since FROM open_day FOR NO KEY UPDATE;

-- first_day_opened: the first business day; nothing where one is set.
INSERT INTO open_day (day, since) VALUES (%s, %s) ON CONFLICT (one) DO NOTHING;

-- next_day_opened: the day after.
UPDATE open_day SET day = day + 1 WHERE day = %s;

-- last_closed_day: the last day that is sealed.
SELECT day, hash FROM closed_day ORDER BY day DESC LIMIT 1;

-- now: the time at which a seal is made.
SELECT clock_timestamp() AS at;

-- rows_of_day: key and hash of each event and posting of a day, in parts. The hash is that of a JSON array of all columns in this
-- order, which reads the same whatever the session's settings are; times are in UTC. It stands here and not in a view, because
-- whoever can change rows could change the view as well. Of SHA-256 the first 16 bytes are kept.
WITH of_day AS (
  SELECT
    uuid_send(customer_id) || int8send(number) || int2send(0::smallint) || 'E'::bytea AS key,
    json_build_array(
      customer_id, number, kind, facility_id, loan_id, effective, booked, at AT TIME ZONE 'UTC', principal, reason, body
    )::text AS content
  FROM event
  WHERE booked = %s
  UNION ALL
  SELECT
    uuid_send(customer_id) || int8send(journal) || int2send(line) || 'P'::bytea AS key,
    json_build_array(
      customer_id, journal, line, debit, credit, amount, currency, book_date, value_date, loan_id, reverses
    )::text AS content
  FROM posting
  WHERE book_date = %s
), placed AS (
  SELECT
    ((row_number() OVER (ORDER BY key) - 1) / 10000)::integer AS part,
    key || substr(sha256(convert_to(content, 'UTF8')), 1, 16) AS row
  FROM of_day
)
SELECT part, string_agg(row, ''::bytea ORDER BY row) AS rows FROM placed GROUP BY part ORDER BY part;

-- balances_of_day: what was debited and credited until the end of a day: until the day before, and on the day.
SELECT account, sum(debits) AS debits, sum(credits) AS credits
FROM (
  SELECT account, debits, credits FROM closed_balance WHERE day = %s::date - 1
  UNION ALL
  SELECT debit, amount, 0 FROM posting WHERE book_date = %s
  UNION ALL
  SELECT credit, 0, amount FROM posting WHERE book_date = %s
) AS legs
GROUP BY account;

-- day_closed: a day that is over, sealed and signed.
INSERT INTO closed_day (day, closed_at, previous_hash, hash, rows, key_id, signature) VALUES (%s, %s, %s, %s, %s, %s, %s);

-- closed_day: one of them.
SELECT day, closed_at, previous_hash, hash, rows, key_id, signature FROM closed_day WHERE day = %s;

-- closed_days: all of them.
SELECT day, closed_at, previous_hash, hash, rows, key_id, signature FROM closed_day ORDER BY day;

-- closed_balances: what stands in the books about the end of a day.
SELECT account, debits, credits FROM closed_balance WHERE day = %s;

-- sealed_parts: the parts of a day's seal, by their hashes.
SELECT part, sha256(rows) AS hash, length(rows) AS bytes FROM sealed WHERE day = %s ORDER BY part;

-- sealed_rows: the parts of a day's seal.
SELECT part, rows FROM sealed WHERE day = %s ORDER BY part;

-- rows_outside: events and postings booked on days that never were business days.
SELECT 'event' AS table, customer_id, number, 0 AS line, booked AS day FROM event WHERE booked < %s OR booked > %s
UNION ALL
SELECT 'posting', customer_id, journal, line, book_date FROM posting WHERE book_date < %s OR book_date > %s
ORDER BY day, customer_id, number, line;

-- trial_balance: opening balance, debits and credits of a day by account; it starts from the last day closed before.
WITH last AS (
  SELECT coalesce(max(day), '-infinity') AS day FROM closed_day WHERE day < %s
), legs AS (
  SELECT account, debits - credits AS opening, 0 AS debits, 0 AS credits
  FROM closed_balance WHERE day = (SELECT day FROM last)
  UNION ALL
  SELECT debit, CASE WHEN book_date < %s THEN amount ELSE 0 END, CASE WHEN book_date = %s THEN amount ELSE 0 END, 0
  FROM posting WHERE book_date > (SELECT day FROM last) AND book_date <= %s
  UNION ALL
  SELECT credit, CASE WHEN book_date < %s THEN -amount ELSE 0 END, 0, CASE WHEN book_date = %s THEN amount ELSE 0 END
  FROM posting WHERE book_date > (SELECT day FROM last) AND book_date <= %s
)
SELECT account, sum(opening) AS opening, sum(debits) AS debits, sum(credits) AS credits
FROM legs
GROUP BY account
HAVING sum(opening) <> 0 OR sum(debits) <> 0 OR sum(credits) <> 0
ORDER BY account;

-- currency: of the books; no row where nothing is posted.
SELECT currency FROM posting LIMIT 1;

-- account_found: whether an account is open, and one that is.
SELECT EXISTS (SELECT FROM account WHERE account = %s) AS open, (SELECT min(account) FROM account) AS example;

-- account_opening: the balance of an account before a day; it starts from the last day closed before.
WITH last AS (
  SELECT coalesce(max(day), '-infinity') AS day FROM closed_day WHERE day < %s
)
SELECT coalesce(sum(amount), 0) AS opening
FROM (
  SELECT debits - credits AS amount FROM closed_balance WHERE day = (SELECT day FROM last) AND account = %s
  UNION ALL
  SELECT CASE WHEN debit = %s THEN amount ELSE -amount END
  FROM posting
  WHERE book_date > (SELECT day FROM last) AND book_date < %s AND (debit = %s OR credit = %s)
) AS moved;

-- account_postings: the postings of an account between two days, both included.
SELECT book_date, value_date, customer_id, journal, line, debit, credit, amount, loan_id, reverses
FROM posting
WHERE book_date BETWEEN %s AND %s AND (debit = %s OR credit = %s)
ORDER BY book_date, customer_id, journal, line;

-- customer_postings: all postings of a customer with the kind of the event that they book.
SELECT
  posting.book_date, posting.value_date, posting.customer_id, posting.journal, posting.line,
  posting.debit, posting.credit, posting.amount, posting.loan_id, posting.reverses, event.kind
FROM posting
LEFT JOIN event ON event.customer_id = posting.customer_id AND event.number = posting.journal
WHERE posting.customer_id = %s
ORDER BY posting.journal, posting.line;
