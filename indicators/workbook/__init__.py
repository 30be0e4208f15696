"""The workbook a county takes away and brings back: what it holds, how it is written, read and merged."""
