"""What an operator needs to see: logs, readiness, health."""
