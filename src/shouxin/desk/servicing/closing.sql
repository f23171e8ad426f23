-- standing_sums: what open loans owe on a day, exact, by product, bucket and class, of those whose state says it.
-- Interest and penalty are in minor units x ppm x nights, still to be divided by a million and the days of the year.
SELECT product, bucket, band, year_days, count(*) AS loans, sum(principal)::bigint AS principal,
  sum(earned) AS earned, sum(unpaid)::bigint AS unpaid, sum(penalty) AS penalty, sum(penalty_paid)::bigint AS penalty_paid
FROM (
  SELECT product, year_days, to_come + due_principal AS principal, due_interest - raised AS unpaid, penalty_paid,
    width_bucket(coalesce(%s::date - oldest_late, 0), %s::integer[]) AS bucket,
    width_bucket(coalesce(%s::date - oldest_late, 0), %s::integer[]) AS band,
    accrued + (to_come + due_principal) * rate_ppm * (%s::date - on_day) AS earned,
    penalty + late_principal * extra_ppm * (%s::date - on_day) AS penalty
  FROM loan_state
  WHERE settled IS NULL AND written_off IS NULL AND rare IS NULL AND touched <= %s AND on_day <= %s
    AND (turn IS NULL OR turn > %s) AND (pending IS NULL OR pending > %s)
) AS loans
GROUP BY product, bucket, band, year_days;

-- standing_others: the loans of which it does not: something rare, or of which later days know more already.
SELECT l.agreement, s.* FROM loan_state AS s JOIN loan AS l USING (customer_id, loan_id)
WHERE (s.touched > %s OR s.on_day > %s OR (s.settled IS NULL AND s.written_off IS NULL
  AND (s.rare IS NOT NULL OR s.turn <= %s OR s.pending <= %s))) AND l.opened <= %s;

-- older_transactions: a new transaction id, above all that were given before. The upper end of a snapshot would not do: it is one
-- past the last that has ended, and one that still runs may be above it.
SELECT pg_current_xact_id()::text::bigint AS next;

-- oldest_running: the oldest transaction id that may still write.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest;

-- unused: customers with active facilities that were neither drawn nor owed since a day of their product.
SELECT DISTINCT f.customer_id FROM facility AS f
JOIN unnest(%s::text[], %s::date[]) AS of_product (product, since) ON of_product.product = f.product
WHERE f.status = 'active' AND f.owed = 0 AND f.reserved = 0 AND f.loans = 0 AND f.used < of_product.since ORDER BY f.customer_id;

-- expired: customers with facilities whose last day is over.
SELECT DISTINCT customer_id FROM facility
WHERE expires < %s AND status IN ('offered', 'active', 'suspended') ORDER BY customer_id;

-- flipped: whether a day is over and not sealed.
SELECT day = %s::date + 1 AND since <= %s::date AND NOT EXISTS (SELECT 1 FROM closed_day WHERE closed_day.day = open_day.day - 1)
  AS unfinished FROM open_day;

-- roomy: memory for sorting the rows of a day, until the end of the transaction.
SET LOCAL work_mem = '64MB';

-- one_snapshot: the whole transaction sees one state; else a loan that a command of the next day changes between two sums would
-- be in both.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- sealed: whether a day is sealed.
SELECT day FROM closed_day WHERE day = %s;
