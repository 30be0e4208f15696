"""What the editor of schemes knows beside the engine: edits, words, texts of formulas, golden cases, workbooks. Pure."""
