"""The places that facts can be sent to. Each is a `telemetry.sink.Sink` and knows one outside."""
