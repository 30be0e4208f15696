"""What is done with report cards, progress reports and evidence packs, one module per matter."""
