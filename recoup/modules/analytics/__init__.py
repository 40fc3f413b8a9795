"""Read-only views over many days: flows, roll rates, dashboards."""
