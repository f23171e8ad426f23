-- settled: settlements that count no more, and those that are new, of one loan.
WITH undone AS (
  UPDATE settlement SET undone = %s
  WHERE customer_id = %s AND loan_id = %s AND instalment = ANY(%s::smallint[]) AND undone IS NULL
)
INSERT INTO settlement (customer_id, loan_id, booked, number, instalment, due, grace_end, amount, settled)
SELECT %s, %s, %s, %s, each.instalment, each.due, each.grace_end, each.amount, each.settled
FROM unnest(%s::smallint[], %s::date[], %s::date[], %s::bigint[], %s::date[])
  AS each (instalment, due, grace_end, amount, settled);

-- scheduled: the unsettled instalments of a loan from today on.
INSERT INTO schedule_version (customer_id, loan_id, booked, number, monthly, instalments, dues, grace_ends)
VALUES (%s, %s, %s, %s, %s, %s::smallint[], %s::date[], %s::date[]);
