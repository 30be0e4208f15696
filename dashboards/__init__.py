"""Pictures of the province, a city, a county: charts with their tables, exactly as filtered."""
