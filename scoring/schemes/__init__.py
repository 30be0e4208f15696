"""What the editor of schemes knows beside the engine: edits, words, formulas, golden cases, workbooks. Pure."""
