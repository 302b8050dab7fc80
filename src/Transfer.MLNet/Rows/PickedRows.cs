using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Rows;

/// <summary>
/// Some rows of a view, in its order: those whose place is in the mask. A cursor's position is the row's place among all of them, so that a
/// complaint names the row that was given.
/// </summary>
/// <param name="all">The rows.</param>
/// <param name="picked">The mask.</param>
/// <param name="andBeyond">Whether rows beyond the mask are there too.</param>
internal sealed class PickedRows(IDataView all, bool[] picked, bool andBeyond = false) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => all.Schema;

    public long? GetRowCount() => andBeyond ? null : picked.LongCount(p => p);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(all.GetRowCursor(columnsNeeded), picked, andBeyond);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor inner, bool[] picked, bool andBeyond) : DataViewRowCursor
    {
        private long _at = -1;
        private bool _isOver;

        public override long Position => _isOver ? -1 : _at;

        public override long Batch => 0;

        public override DataViewSchema Schema => inner.Schema;

        public override bool MoveNext()
        {
            while (inner.MoveNext())
            {
                if (++_at < picked.Length ? picked[_at] : andBeyond)
                {
                    return true;
                }
            }

            _isOver = true;
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
