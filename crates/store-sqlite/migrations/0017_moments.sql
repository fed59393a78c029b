-- Whoever remembers what it read asks only whether these numbers are still the same.
CREATE TABLE moments (
    sessions INTEGER NOT NULL, -- raised by everything that changes what is known of a caller
    boxes    INTEGER NOT NULL  -- raised by every transaction of programs that run beside the server
) STRICT;
INSERT INTO moments (sessions, boxes) VALUES (0, 0);

-- A new token raises nothing, for nobody remembers it, and neither do tokens that open nothing (kind 1 is access). Rows that
-- take the place of others count as new ones.
CREATE TRIGGER organization_added AFTER INSERT ON organizations BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER organization_changed AFTER UPDATE ON organizations BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER organization_gone AFTER DELETE ON organizations BEGIN UPDATE moments SET sessions = sessions + 1; END;

CREATE TRIGGER department_added AFTER INSERT ON departments BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER department_changed AFTER UPDATE ON departments BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER department_gone AFTER DELETE ON departments BEGIN UPDATE moments SET sessions = sessions + 1; END;

CREATE TRIGGER user_added AFTER INSERT ON users BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER user_changed AFTER UPDATE ON users BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER user_gone AFTER DELETE ON users BEGIN UPDATE moments SET sessions = sessions + 1; END;

CREATE TRIGGER employee_added AFTER INSERT ON employees BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER employee_changed AFTER UPDATE ON employees BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER employee_gone AFTER DELETE ON employees BEGIN UPDATE moments SET sessions = sessions + 1; END;

CREATE TRIGGER api_client_added AFTER INSERT ON api_clients BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER api_client_changed AFTER UPDATE ON api_clients BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER api_client_gone AFTER DELETE ON api_clients BEGIN UPDATE moments SET sessions = sessions + 1; END;

CREATE TRIGGER token_replaced BEFORE INSERT ON tokens WHEN EXISTS (SELECT 1 FROM tokens WHERE hash = NEW.hash)
BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER token_changed AFTER UPDATE ON tokens WHEN OLD.kind = 1 OR NEW.kind = 1
BEGIN UPDATE moments SET sessions = sessions + 1; END;
CREATE TRIGGER token_gone AFTER DELETE ON tokens WHEN OLD.kind = 1
BEGIN UPDATE moments SET sessions = sessions + 1; END;
