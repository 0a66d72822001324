"""The admin's pages about telemetry: how it goes, and the past that may leave too."""
