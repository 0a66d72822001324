"""What PostHog has of what was sent: asked in two fixed questions, and compared.

`hogql` is the questions and what they compute; `ask` asks them within PostHog's limits; `consented` reads
the facts as the relay does; `compare` puts both beside each other, and `judge` names what it finds. `connect`
leads from settings to somebody who can be asked.
"""
