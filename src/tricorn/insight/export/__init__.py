"""Everything that the house keeps, written out as plain files: for its owner, to leave or to keep."""

from tricorn.insight.export.write import Exported, count_rows, export

__all__ = ["Exported", "count_rows", "export"]
