using System.Globalization;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>Rows for the corpus.</summary>
internal static class Sample
{
    public static MLContext Ml { get; } = new(seed: 1);

    public static IDataView Of(int count, int features)
    {
        var random = new Random(features);
        var rows = Enumerable.Range(0, count).Select(i =>
        {
            float[] x = [.. Enumerable.Range(0, features).Select(_ => (float)random.NextDouble())];
            return new Row { Features = x, Label = x.Sum() + (float)random.NextDouble(), Shop = $"shop {i % 4}" };
        }).ToArray();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return Ml.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>The same with two classes that overlap.</summary>
    public static IDataView Classes(int count, int features)
    {
        var rows = Of(count, features);
        var middle = rows.GetColumn<float>("Label").Average();
        return Ml.Transforms.CustomMapping<Number, Class>((row, named) => named.Label = row.Label > middle, null).Fit(rows).Transform(rows);
    }

    /// <summary>A table as text, with numbers, words and dates.</summary>
    public static string Table(int rows, char delimiter = ',', bool classes = false)
    {
        var random = new Random(rows);
        var text = new StringBuilder(string.Join(delimiter, ["size", "town", "day", "open", "y"])).Append('\n');
        for (var i = 0; i < rows; i++)
        {
            var (size, town) = (random.Next(1000) / 10.0, random.Next(3));
            var y = size + (10 * town) + random.NextDouble();
            string[] cells =
            [
                size.ToString(CultureInfo.InvariantCulture), i % 11 == 5 ? "" : ((string[])["Ulm", "Bad Berka", "Köln"])[town],
                new DateOnly(2024, 1, 1).AddDays(random.Next(700)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                i % 2 == 0 ? "yes" : "no", classes ? (y > 60 ? "yes" : "no") : y.ToString("F2", CultureInfo.InvariantCulture),
            ];
            text.Append(string.Join(delimiter, cells)).Append('\n');
        }

        return text.ToString();
    }

    private sealed class Number
    {
        public float Label { get; set; }
    }

    private sealed class Class
    {
        public bool Label { get; set; }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public string Shop { get; set; } = "";
    }
}
