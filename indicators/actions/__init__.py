"""What may be done, one module per holder: collecting (province), filling (county), reviewing (all)."""
