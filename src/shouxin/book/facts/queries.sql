-- lines: one row for each customer and product of which a line was ever opened, as known at the end of a day. *_0, *_1, *_2: on
-- that day, and on the same day one and two months before. The limit of a line in a pool that it does not lead is no limit of
-- its own, and is not among `limit_*`. Here and below each customer is looked up by key, so that many take so many times one.
WITH asked AS (
  SELECT customer_id, as_of, (as_of - interval '1 month')::date AS day_1, (as_of - interval '2 months')::date AS day_2,
    (as_of - interval '12 months')::date AS since_12m
  FROM unnest(%s::uuid[]) AS given (customer_id), (SELECT %s::date) AS day (as_of)
), lines AS (
  SELECT a.*, f.facility_id, f.product, f.pool, f.leads, f.opened, p.owed_0, p.owed_1, p.owed_2, r.reserved_0, r.reserved_1,
    r.reserved_2, i.monthly, i.days_overdue
  FROM asked AS a
  CROSS JOIN LATERAL (
    SELECT facility_id, product, pool, leads, opened FROM facts_facility AS f
    WHERE f.customer_id = a.customer_id AND f.opened <= a.as_of
  ) AS f
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(principal), 0) AS owed_0, coalesce(sum(principal) FILTER (WHERE booked <= a.day_1), 0) AS owed_1,
      coalesce(sum(principal) FILTER (WHERE booked <= a.day_2), 0) AS owed_2
    FROM facts_principal AS p WHERE p.customer_id = a.customer_id AND p.facility_id = f.facility_id AND p.booked <= a.as_of
  ) AS p
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount) FILTER (WHERE ended IS NULL OR ended > a.as_of), 0) AS reserved_0,
      coalesce(sum(amount) FILTER (WHERE asked <= a.day_1 AND (ended IS NULL OR ended > a.day_1)), 0) AS reserved_1,
      coalesce(sum(amount) FILTER (WHERE asked <= a.day_2 AND (ended IS NULL OR ended > a.day_2)), 0) AS reserved_2
    FROM facts_draw AS r WHERE r.customer_id = a.customer_id AND r.facility_id = f.facility_id AND r.asked <= a.as_of
  ) AS r
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(s.monthly) FILTER (WHERE a.as_of < ANY(s.dues)), 0) AS monthly, coalesce(max(o.days), 0) AS days_overdue
    FROM facts_loan AS l
    CROSS JOIN LATERAL (
      SELECT monthly, instalments, dues, grace_ends FROM facts_schedule AS s
      WHERE s.customer_id = l.customer_id AND s.loan_id = l.loan_id AND s.booked <= a.as_of
      ORDER BY s.booked DESC, s.number DESC LIMIT 1
    ) AS s
    CROSS JOIN LATERAL (
      SELECT max(a.as_of - i.due) AS days
      FROM unnest(s.instalments, s.dues, s.grace_ends) AS i (instalment, due, grace_end)
      WHERE i.grace_end < a.as_of AND NOT EXISTS (
        SELECT FROM facts_settlement AS w
        WHERE w.customer_id = l.customer_id AND w.loan_id = l.loan_id AND w.instalment IN (0, i.instalment)
          AND w.booked <= a.as_of AND (w.undone IS NULL OR w.undone > a.as_of)
      )
    ) AS o
    WHERE l.customer_id = a.customer_id AND l.facility_id = f.facility_id AND l.opened <= a.as_of
  ) AS i
), standing AS (
  SELECT l.*, back, v.status, v.most, v.reason, v.booked, v.status IN ('active', 'suspended') AS commits,
    CASE back WHEN 0 THEN owed_0 + reserved_0 WHEN 1 THEN owed_1 + reserved_1 ELSE owed_2 + reserved_2 END AS in_use
  FROM lines AS l CROSS JOIN LATERAL (VALUES (0, as_of), (1, day_1), (2, day_2)) AS at (back, day)
  CROSS JOIN LATERAL (
    SELECT status, most, reason, booked FROM facts_facility_version AS v
    WHERE v.customer_id = l.customer_id AND v.facility_id = l.facility_id AND v.booked <= day ORDER BY v.number DESC LIMIT 1
  ) AS v
  WHERE l.opened <= day
)
SELECT customer_id, product, min(opened) AS opened,
  coalesce(bool_or(commits) FILTER (WHERE back = 0), false) AS held,
  coalesce(sum(most) FILTER (WHERE back = 0 AND commits), 0)::bigint AS line,
  sum(owed_0) FILTER (WHERE back = 0)::bigint AS owed,
  sum(CASE WHEN commits AND pool IS NULL THEN greatest(most, in_use) ELSE in_use END) FILTER (WHERE back = 0)::bigint AS exposure,
  sum(monthly) FILTER (WHERE back = 0)::bigint AS instalment, max(days_overdue) AS days_overdue,
  max(booked) FILTER (WHERE back = 0 AND status = 'closed') AS closed,
  (array_agg(reason ORDER BY booked DESC, facility_id DESC) FILTER (WHERE back = 0 AND status = 'closed'))[1] AS reason,
  count(*) FILTER (WHERE back = 0 AND status = 'closed' AND booked > since_12m) AS closed_12m,
  count(*) FILTER (WHERE back = 0 AND status = 'closed' AND booked > since_12m AND reason = 'BY_CHOICE')
    AS closed_by_customer_12m,
  count(*) FILTER (WHERE back = 0 AND status <> 'closed') AS open_0,
  count(*) FILTER (WHERE back = 1 AND status <> 'closed') AS open_1,
  count(*) FILTER (WHERE back = 2 AND status <> 'closed') AS open_2,
  coalesce(sum(in_use) FILTER (WHERE back = 0), 0)::bigint AS used_0,
  coalesce(sum(in_use) FILTER (WHERE back = 1), 0)::bigint AS used_1,
  coalesce(sum(in_use) FILTER (WHERE back = 2), 0)::bigint AS used_2,
  coalesce(sum(most) FILTER (WHERE back = 0 AND commits AND (pool IS NULL OR leads)), 0)::bigint AS limit_0,
  coalesce(sum(most) FILTER (WHERE back = 1 AND commits AND (pool IS NULL OR leads)), 0)::bigint AS limit_1,
  coalesce(sum(most) FILTER (WHERE back = 2 AND commits AND (pool IS NULL OR leads)), 0)::bigint AS limit_2
FROM standing GROUP BY customer_id, product ORDER BY customer_id, product;

-- payments: one row for each customer who ever had a loan: what was due, and what was paid when, as known at the end of a day.
-- An instalment ends when it is settled, or its loan is; a day late is one after the end of its grace on which it has not ended.
WITH asked AS (
  SELECT customer_id, as_of, (as_of - interval '3 months')::date AS since_3m, (as_of - interval '6 months')::date AS since_6m,
    (as_of - interval '12 months')::date AS since_12m, (as_of - interval '24 months')::date AS since_24m
  FROM unnest(%s::uuid[]) AS given (customer_id), (SELECT %s::date) AS day (as_of)
)
SELECT a.customer_id, l.loans_ever, l.loans_held, l.oldest_loan, p.last_late, p.worst_3m, p.worst_6m, p.worst_12m,
  p.worst_24m, p.due_12m, p.on_time_12m, p.due_24m, p.on_time_24m
FROM asked AS a
CROSS JOIN LATERAL (
  SELECT count(*) AS loans_ever, count(*) FILTER (WHERE w.loan_id IS NULL) AS loans_held,
    min(l.opened) FILTER (WHERE w.loan_id IS NULL) AS oldest_loan
  FROM facts_loan AS l LEFT JOIN facts_settlement AS w ON w.customer_id = l.customer_id AND w.loan_id = l.loan_id
    AND w.instalment = 0 AND w.booked <= a.as_of AND (w.undone IS NULL OR w.undone > a.as_of)
  WHERE l.customer_id = a.customer_id AND l.opened <= a.as_of
) AS l
CROSS JOIN LATERAL (
  SELECT max(ended) FILTER (WHERE ended > grace_end) AS last_late,
    coalesce(max(ended - due) FILTER (WHERE ended > grace_end AND ended > a.since_3m), 0) AS worst_3m,
    coalesce(max(ended - due) FILTER (WHERE ended > grace_end AND ended > a.since_6m), 0) AS worst_6m,
    coalesce(max(ended - due) FILTER (WHERE ended > grace_end AND ended > a.since_12m), 0) AS worst_12m,
    coalesce(max(ended - due) FILTER (WHERE ended > grace_end AND ended > a.since_24m), 0) AS worst_24m,
    count(*) FILTER (WHERE (is_over OR grace_end < a.as_of) AND due > a.since_12m) AS due_12m,
    count(*) FILTER (WHERE is_over AND ended <= grace_end AND due > a.since_12m) AS on_time_12m,
    count(*) FILTER (WHERE (is_over OR grace_end < a.as_of) AND due > a.since_24m) AS due_24m,
    count(*) FILTER (WHERE is_over AND ended <= grace_end AND due > a.since_24m) AS on_time_24m
  FROM (
    SELECT s.due, s.grace_end, s.settled AS ended, true AS is_over FROM facts_settlement AS s
    WHERE s.customer_id = a.customer_id AND s.instalment > 0 AND s.amount > 0
      AND s.booked <= a.as_of AND (s.undone IS NULL OR s.undone > a.as_of)
    UNION ALL
    SELECT i.due, i.grace_end, coalesce(w.settled, a.as_of), w.settled IS NOT NULL
    FROM facts_loan AS l
    CROSS JOIN LATERAL (
      SELECT instalments, dues, grace_ends FROM facts_schedule AS s
      WHERE s.customer_id = l.customer_id AND s.loan_id = l.loan_id AND s.booked <= a.as_of
      ORDER BY s.booked DESC, s.number DESC LIMIT 1
    ) AS s
    LEFT JOIN facts_settlement AS w ON w.customer_id = l.customer_id AND w.loan_id = l.loan_id
      AND w.instalment = 0 AND w.booked <= a.as_of AND (w.undone IS NULL OR w.undone > a.as_of)
    CROSS JOIN LATERAL unnest(s.instalments, s.dues, s.grace_ends) AS i (instalment, due, grace_end)
    WHERE l.customer_id = a.customer_id AND l.opened <= a.as_of AND i.due <= least(a.as_of, w.settled) AND NOT EXISTS (
      SELECT FROM facts_settlement AS s
      WHERE s.customer_id = l.customer_id AND s.loan_id = l.loan_id AND s.instalment = i.instalment
        AND s.booked <= a.as_of AND (s.undone IS NULL OR s.undone > a.as_of)
    )
  ) AS fallen
) AS p
WHERE l.loans_ever > 0 ORDER BY a.customer_id;

-- conduct: one row for each customer: the total line, draws, refused ones, misuse and days over a limit, as known at the end of
-- a day. A day is over the limit when its end is; a finding of misuse that was reversed counts no more.
WITH asked AS (
  SELECT customer_id, as_of, (as_of - interval '3 months')::date AS since_3m, (as_of - interval '12 months')::date AS since_12m,
    (as_of - interval '24 months')::date AS since_24m
  FROM unnest(%s::uuid[]) AS given (customer_id), (SELECT %s::date) AS day (as_of)
)
SELECT a.customer_id, t.total, d.count_3m, d.amount_3m, d.count_12m, d.amount_12m, r.refused_3m, m.misuse_12m, m.misuse_24m,
  o.over_12m
FROM asked AS a
LEFT JOIN LATERAL (
  SELECT total FROM facts_line_version AS t
  WHERE t.customer_id = a.customer_id AND t.booked <= a.as_of ORDER BY t.number DESC LIMIT 1
) AS t ON true
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE asked > since_3m) AS count_3m, count(*) AS count_12m,
    coalesce(sum(amount) FILTER (WHERE asked > since_3m), 0)::bigint AS amount_3m, coalesce(sum(amount), 0)::bigint AS amount_12m
  FROM facts_draw AS d
  WHERE d.customer_id = a.customer_id AND d.asked <= a.as_of AND d.asked > a.since_12m
    AND (d.status <> 'failed' OR d.ended > a.as_of)
) AS d
CROSS JOIN LATERAL (
  SELECT count(*) AS refused_3m FROM facts_refused_draw AS r
  WHERE r.customer_id = a.customer_id AND r.day <= a.as_of AND r.day > a.since_3m
) AS r
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE m.booked > a.since_12m) AS misuse_12m, count(*) AS misuse_24m FROM facts_misuse AS m
  WHERE m.customer_id = a.customer_id AND m.booked <= a.as_of AND m.booked > a.since_24m AND NOT EXISTS (
    SELECT FROM facts_reversal AS u
    WHERE u.customer_id = m.customer_id AND u.loan_id = m.loan_id AND u.reverses = m.number AND u.booked <= a.as_of
  )
) AS m
CROSS JOIN LATERAL (
  SELECT coalesce(sum(upper(span) - lower(span)), 0)::bigint AS over_12m FROM (
    SELECT unnest(range_agg(daterange(greatest(o.since, a.since_12m + 1), least(o.until, a.as_of + 1)))) AS span
    FROM facts_over_limit AS o
    WHERE o.customer_id = a.customer_id AND o.since <= a.as_of AND (o.until IS NULL OR o.until > a.since_12m + 1)
      AND (o.until IS NULL OR o.until > o.since)
  ) AS spans
) AS o
ORDER BY a.customer_id;
