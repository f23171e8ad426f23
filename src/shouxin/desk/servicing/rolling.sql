-- turned: one turn of each plain loan of some customers that has one by a day: an instalment falls due, or a grace ends unpaid.
-- It says what `engines/loans/roll.py` says, for loans that the columns describe in full (see `state.is_plain`); a loan whose
-- instalment is nothing is left to Python, which settles it.
WITH turning AS (
  SELECT customer_id, loan_id, turn AS day, extra_ppm, dues, raised, fallen, from_day, oldest_late,
    late_principal, to_come, due_principal, due_interest, due_days, grace_ends, principals, interest_raised,
    accrued + (to_come + due_principal) * rate_ppm * (turn - on_day) AS accrued,
    penalty + late_principal * extra_ppm * (turn - on_day) AS penalty,
    coalesce(due_days[1] = turn, false) AS falls, year_days * 1000000::bigint AS unit
  FROM loan_state
  WHERE customer_id = ANY(%s::uuid[]) AND turn <= %s AND rare IS NULL AND (pending IS NULL OR pending > %s)
), earned AS (
  SELECT *,
    CASE WHEN falls THEN accrued / unit
      + CASE WHEN accrued %% unit * 2 > unit OR (accrued %% unit * 2 = unit AND accrued / unit %% 2 = 1) THEN 1 ELSE 0 END
      - raised ELSE 0 END AS interest,
    CASE WHEN falls THEN principals[1] ELSE 0 END AS principal
  FROM turning
), owed AS (
  SELECT *,
    CASE WHEN falls
      THEN dues || jsonb_build_array(jsonb_build_array(fallen + 1, day, coalesce(grace_ends[1], day), principal, interest,
        principal, interest, 0))
      ELSE dues END AS all_dues
  FROM earned WHERE NOT falls OR principal + interest > 0
), told AS (
  SELECT owed.*, lately.dues AS new_dues, lately.principal AS new_late, lately.penalty AS new_penalty, lately.oldest,
    lately.grace_end
  FROM owed CROSS JOIN LATERAL (
    SELECT
      jsonb_agg(CASE WHEN ends THEN jsonb_set(due, '{7}', '1') ELSE due END ORDER BY place) AS dues,
      coalesce(sum((due ->> 5)::bigint) FILTER (WHERE ends), 0)::bigint AS principal,
      coalesce(sum((due ->> 5)::bigint * extra_ppm * ((due ->> 2)::date + 1 - (due ->> 1)::date)) FILTER (WHERE ends), 0)::bigint
        AS penalty,
      min((due ->> 1)::date) FILTER (WHERE ends) AS oldest,
      min((due ->> 2)::date) FILTER (WHERE NOT ends AND due -> 7 = '0') AS grace_end
    FROM (
      SELECT due, place, due -> 7 = '0' AND (due ->> 2)::date < day AS ends
      FROM jsonb_array_elements(all_dues) WITH ORDINALITY AS each (due, place)
    ) AS dues
  ) AS lately
)
UPDATE loan_state AS s SET
  on_day = t.day,
  turn = least(CASE WHEN t.falls THEN t.due_days[2] ELSE t.due_days[1] END, t.grace_end + 1),
  to_come = t.to_come - t.principal,
  due_principal = t.due_principal + t.principal,
  due_interest = t.due_interest + t.interest,
  late_principal = t.late_principal + t.new_late,
  oldest_late = least(t.oldest_late, t.oldest),
  accrued = CASE WHEN t.falls THEN 0 ELSE t.accrued END,
  raised = CASE WHEN t.falls THEN 0 ELSE t.raised END,
  penalty = t.penalty + t.new_penalty,
  fallen = CASE WHEN t.falls THEN t.fallen + 1 ELSE t.fallen END,
  from_day = CASE WHEN NOT t.falls THEN t.from_day WHEN cardinality(t.due_days) > 1 THEN t.day END,
  due_days = CASE WHEN t.falls THEN t.due_days[2:] ELSE t.due_days END,
  grace_ends = CASE WHEN t.falls THEN t.grace_ends[2:] ELSE t.grace_ends END,
  principals = CASE WHEN t.falls THEN t.principals[2:] ELSE t.principals END,
  dues = coalesce(t.new_dues, '[]'),
  interest_raised = t.interest_raised + t.interest
FROM told AS t
WHERE s.customer_id = t.customer_id AND s.loan_id = t.loan_id
RETURNING s.customer_id, s.loan_id, t.day, t.falls, t.new_late > 0 OR t.oldest IS NOT NULL AS late,
  coalesce(s.turn <= %s, false) AS again;

-- left: what SQL does not turn, of some customers: loans with something rare, and those for which a booked event begins to count.
SELECT l.facility_id, l.bundle, l.agreement, l.funders, l.opened, c.events, s.*
FROM loan_state AS s JOIN loan AS l USING (customer_id, loan_id) JOIN customer AS c USING (customer_id)
WHERE s.customer_id = ANY(%s::uuid[]) AND (s.turn <= %s OR s.pending <= %s) ORDER BY s.customer_id, s.loan_id;

-- turning_customers: customers who have a loan with a turn by a day, in ascending order.
SELECT customer_id FROM loan_state WHERE turn <= %s
UNION SELECT customer_id FROM loan_state WHERE pending <= %s
ORDER BY customer_id;
