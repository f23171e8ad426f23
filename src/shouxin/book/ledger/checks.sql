-- accounts_misnamed: accounts whose name is not made of their code, product and part.
SELECT account FROM account
WHERE account <> code || coalesce('.' || product, '') || coalesce('.' || part, '')
ORDER BY account LIMIT 100;

-- postings_unsound: what the table's constraints should have stopped, and a second currency.
SELECT customer_id, journal, line FROM posting
WHERE book_date >= %s AND (amount <= 0 OR debit = credit OR currency <> (SELECT currency FROM posting LIMIT 1))
ORDER BY customer_id, journal, line LIMIT 100;

-- journals_dangling: postings without the event that heads them, or with one of another book date.
SELECT DISTINCT customer_id, journal, book_date FROM posting
WHERE book_date >= %s AND NOT EXISTS (
  SELECT FROM event
  WHERE event.customer_id = posting.customer_id AND event.number = posting.journal AND event.booked = posting.book_date
)
ORDER BY customer_id, journal LIMIT 100;

-- reversals_unlike: lines of a reversal that do not undo the same line of the journal reversed, and lines that it leaves out.
SELECT back.customer_id, back.journal, back.line, back.reverses
FROM posting AS back
LEFT JOIN posting AS first
  ON first.customer_id = back.customer_id AND first.journal = back.reverses AND first.line = back.line
WHERE back.book_date >= %s AND back.reverses IS NOT NULL AND (
  back.debit IS DISTINCT FROM first.credit OR back.credit IS DISTINCT FROM first.debit
  OR back.amount IS DISTINCT FROM first.amount OR back.loan_id IS DISTINCT FROM first.loan_id
)
UNION ALL
SELECT DISTINCT first.customer_id, back.journal, first.line, back.reverses
FROM posting AS back
JOIN posting AS first ON first.customer_id = back.customer_id AND first.journal = back.reverses
WHERE back.book_date >= %s AND back.reverses IS NOT NULL AND NOT EXISTS (
  SELECT FROM posting AS same
  WHERE same.customer_id = back.customer_id AND same.journal = back.journal AND same.line = first.line
)
ORDER BY customer_id, journal, line LIMIT 100;

-- events_missing: customers whose events are not numbered 1, 2, 3 up to the counter in the customer's row.
SELECT customer_id, coalesce(customer.events, 0) AS told, coalesce(found, 0) AS found, coalesce(last, 0) AS last
FROM customer
FULL JOIN (
  SELECT customer_id, count(*) AS found, max(number) AS last, min(number) AS first FROM event GROUP BY customer_id
) AS counted USING (customer_id)
WHERE coalesce(customer.events, 0) <> coalesce(found, 0) OR coalesce(last, 0) <> coalesce(found, 0) OR coalesce(first, 1) <> 1
ORDER BY customer_id LIMIT 100;

-- closed_balances_wrong: closed balances that are not those before plus what was posted since.
WITH moved AS (
  SELECT day, account, sum(debits) AS debits, sum(credits) AS credits
  FROM (
    SELECT book_date AS day, debit AS account, amount AS debits, 0 AS credits FROM posting WHERE book_date >= %s
    UNION ALL
    SELECT book_date, credit, 0, amount FROM posting WHERE book_date >= %s
    UNION ALL
    SELECT day + 1, account, debits, credits FROM closed_balance WHERE day = %s::date - 1
  ) AS legs
  GROUP BY day, account
), posted AS (
  SELECT
    day, account,
    coalesce(sum(moved.debits) OVER so_far, 0) AS debits_posted,
    coalesce(sum(moved.credits) OVER so_far, 0) AS credits_posted
  FROM closed_day
  CROSS JOIN account
  LEFT JOIN moved USING (day, account)
  WHERE day >= %s
  WINDOW so_far AS (PARTITION BY account ORDER BY day)
), closed AS (
  SELECT day, account, debits, credits FROM closed_balance WHERE day >= %s
)
SELECT
  day, account,
  coalesce(debits, 0) AS debits, coalesce(credits, 0) AS credits,
  coalesce(debits_posted, 0) AS debits_posted, coalesce(credits_posted, 0) AS credits_posted
FROM posted
FULL JOIN closed USING (day, account)
WHERE coalesce(debits, 0) <> coalesce(debits_posted, 0) OR coalesce(credits, 0) <> coalesce(credits_posted, 0)
ORDER BY day, account LIMIT 100;

-- closed_days_unbalanced: days on which the closed debits and credits are not equal.
SELECT day, sum(debits) AS debits, sum(credits) AS credits FROM closed_balance
WHERE day >= %s
GROUP BY day HAVING sum(debits) <> sum(credits)
ORDER BY day LIMIT 100;
