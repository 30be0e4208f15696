"""Pure decisions about progress reports."""
