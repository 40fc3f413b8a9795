-- A key to find a contract's dues by, and the open ones by their day.
ALTER TABLE floor.due ADD PRIMARY KEY (contract_id, seq);

CREATE INDEX due_open ON floor.due (due_on) INCLUDE (contract_id, amount, paid) WHERE paid < amount;
