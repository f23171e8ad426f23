-- due_soon: what falls due on a day, of plain loans: the number of the instalment and what it will be if nothing happens before.
SELECT customer_id, 'instalment_due_soon'::text AS kind, loan_id AS about, %s::date AS on_day, jsonb_build_object(
  'number', fallen + 1, 'due', turn,
  'amount', principals[1] - raised
    + round((accrued + (to_come + due_principal) * rate_ppm * (turn - on_day))::numeric / (year_days * 1000000::bigint))::bigint
  ) AS facts
FROM loan_state
WHERE turn = %s AND due_days[1] = turn AND rare IS NULL AND settled IS NULL

-- late: what some loans owe on the day on which they fell late, penalty to the day included.
SELECT customer_id, 'instalment_late'::text AS kind, loan_id AS about, %s::date AS on_day, jsonb_build_object(
  'due', oldest_late, 'day', %s::date,
  'amount', due_principal + due_interest + fees - penalty_paid
    + round((penalty + late_principal * extra_ppm * (%s::date - on_day))::numeric / (year_days * 1000000::bigint))::bigint
  ) AS facts
FROM loan_state
WHERE customer_id = ANY(%s) AND loan_id = ANY(%s) AND oldest_late IS NOT NULL AND rare IS NULL AND settled IS NULL

-- ending_soon: lines whose last day comes.
SELECT customer_id, 'facility_expires_soon'::text AS kind, facility_id AS about, %s::date AS on_day,
  jsonb_build_object('expires', expires, 'product', product) AS facts
FROM facility WHERE expires = %s AND status = 'active'
