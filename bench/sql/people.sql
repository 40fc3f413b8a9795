-- Four lenders, thirty teams with a leader, and the collectors who take cases.
INSERT INTO parties_lender (id, code, name, currency)
SELECT n, 'BENCH' || n, '模拟委托方 ' || n, 'CNY' FROM generate_series(1, %(lenders)s) n;

INSERT INTO workforce_team (id, code, name)
SELECT n, 'T' || n, '电催' || n || '组' FROM generate_series(1, %(teams)s) n;

INSERT INTO workforce_user
       (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
        date_joined, team_id, employee_number, display_name, language, takes_cases)
SELECT n, '!bench' || n, false, 'bench' || n, '', '', '', false, true, %(at)s,
       1 + n %% %(teams)s, 'E' || n, '催收员' || n, 'zh-hans', n <= %(collectors)s
  FROM generate_series(1, %(collectors)s + %(teams)s) n;

INSERT INTO workforce_grant (user_id, role, granted_at)
SELECT n, CASE WHEN n <= %(collectors)s THEN 'COLLECTOR' ELSE 'LEADER' END, %(at)s
  FROM generate_series(1, %(collectors)s + %(teams)s) n;
