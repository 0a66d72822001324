"""What makes somebody active. The rollups keep an index for each; to add one, raise `fold.VERSION`."""

from __future__ import annotations

from authsome.analytics.metric import Activity, Sign
from authsome.connection.events import CredentialsUsed
from authsome.connection.model import UseOutcome
from authsome.principal.events import PrincipalLoggedIn
from authsome.run.events import RunStarted

USE = Sign(event=CredentialsUsed, outcome=UseOutcome.DELIVERED.value)
RUN = Sign(event=RunStarted)
LOG_IN = Sign(event=PrincipalLoggedIn)

AGENT = Activity(name="agent", field="identity_handle", signs=(USE, RUN))
PRINCIPAL = Activity(name="principal", field="principal_id", signs=(LOG_IN, USE, RUN))
RUNNING = Activity(name="running", field="identity_handle", signs=(RUN,))

ACTIVITIES = (AGENT, PRINCIPAL, RUNNING)
