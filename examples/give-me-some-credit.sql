-- The rows that the card of give-me-some-credit is fitted on: the data file's columns as the bundle's facts.yaml and
-- derived.yaml read them, under the same names; `{data}` is the file. What became of the borrower is for the fit alone.
SELECT
    row_id,
    SeriousDlqin2yrs,
    CASE WHEN age <> 0 THEN age END AS age, -- measured, not in the card
    NumberOfDependents AS dependants, -- measured, not in the card
    CASE WHEN MonthlyIncome NOT IN (0, 1) THEN MonthlyIncome END AS monthly_income, -- 0 and 1 say "not stated"
    CASE WHEN MonthlyIncome >= 500 THEN DebtRatio END AS debt_share, -- an amount of dollars where no income is stated
    CASE WHEN RevolvingUtilizationOfUnsecuredLines < 10 THEN RevolvingUtilizationOfUnsecuredLines END AS line_use,
    CASE WHEN "NumberOfTime30-59DaysPastDueNotWorse" NOT IN (96, 98) THEN "NumberOfTime30-59DaysPastDueNotWorse" END
        AS times_late_30, -- 96 and 98 are codes for "not reported"
    CASE WHEN "NumberOfTime60-89DaysPastDueNotWorse" NOT IN (96, 98) THEN "NumberOfTime60-89DaysPastDueNotWorse" END
        AS times_late_60,
    CASE WHEN NumberOfTimes90DaysLate NOT IN (96, 98) THEN NumberOfTimes90DaysLate END AS times_late_90,
    NumberRealEstateLoansOrLines AS home_loans,
    NumberOfOpenCreditLinesAndLoans AS open_lines
FROM '{data}'
ORDER BY row_id
