using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

/// <summary>The models of many targets in one file.</summary>
public sealed class FineTunedFileTests : IDisposable
{
    private const int P = 4;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("targets-").FullName;

    public static TheoryData<string> Kinds => ["Price", "Flag", "Key", "Count"];

    private string File0 => Path.Combine(_folder, "shops.targets");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Models_and_reports_come_back_from_one_file_and_each_as_a_stock_zip(string label)
    {
        var many = Tuned(label);
        Assert.Contains(many.Targets, t => t.IsUnchanged);
        many.SaveAll(File0);
        var loaded = _ml.Model.LoadFineTunedMany(File0);

        var rows = View(Make(3, 10, 7));
        Assert.Equal(many.Keys, loaded.Keys);
        Assert.Equal(many.Targets.Select(t => t.ToString()), loaded.Targets.Select(t => t.ToString()));
        foreach (var (key, model) in many)
        {
            Assert.Equal(Outputs(model, rows, label), Outputs(loaded[key], rows, label));
            Assert.Equal(
                (many.Target(key).Tau, many.Target(key).LeaveOneOutError, many.Target(key).Rows),
                (loaded.Target(key).Tau, loaded.Target(key).LeaveOneOutError, loaded.Target(key).Rows));
        }

        var zip = Path.Combine(_folder, "one.zip");
        loaded.SaveModel("shop 1", zip);
        Assert.Equal(Outputs(many["shop 1"], rows, label), Outputs(_ml.Model.Load(zip, out var schema), rows, label));
        Assert.NotNull(schema.GetColumnOrNull("Shop"));

        // What was loaded is as good as what was tuned: saved again it has the same models.
        loaded.SaveAll(File0);
        var again = _ml.Model.LoadFineTunedMany(File0);
        Assert.Equal(Outputs(many["shop 2"], rows, label), Outputs(again["shop 2"], rows, label));
        Assert.Equal([File0, zip], Directory.GetFiles(_folder).OrderDescending());
    }

    /// <summary>A ratio of bytes: a zip of each would be the model, its featurisation too, so many times.</summary>
    [Fact]
    public void The_file_holds_what_models_share_once()
    {
        var many = Tuned("Price", shops: 200);
        many.SaveAll(File0);
        var zip = Path.Combine(_folder, "one.zip");
        many.SaveModel("shop 1", zip);
        Assert.True(new FileInfo(File0).Length < 20 * new FileInfo(zip).Length);
    }

    [Fact]
    public void Damage_at_any_byte_is_a_FormatException_and_so_is_another_file_or_version()
    {
        Tuned("Price").SaveAll(File0);
        var bytes = File.ReadAllBytes(File0);
        for (var at = 0; at < bytes.Length; at += 1 + (bytes.Length / 300))
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x40;
            Refused(damaged, at < 12 ? File0 : "is damaged");
            Refused(bytes[..at], "damaged");
        }

        Refused([.. bytes, 0], "goes on after its end");
        var later = (byte[])bytes.Clone();
        later[8] = 9;
        Refused(later, "is of version 9");
        Refused([.. "PK\u0003\u0004"u8, .. new byte[100]], "does not hold models of many targets");
    }

    /// <summary>Checksums prove that a file arrived, not that it makes sense.</summary>
    [Fact]
    public void Numbers_that_cannot_be_are_refused_though_the_checksums_agree()
    {
        Tuned("Price").SaveAll(File0);
        var bytes = File.ReadAllBytes(File0);
        foreach (var (at, value) in new[] { (16, -1), (16, int.MaxValue), (20, 7), (24, int.MaxValue), (24, -5) })
        {
            var changed = (byte[])bytes.Clone();
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), value);
            Seal(changed);
            Refused(changed, "damaged");
        }
    }

    /// <summary>What ML.NET makes of a zip that is no model has many types; from here it is one.</summary>
    [Fact]
    public void A_model_within_that_ML_NET_cannot_read_is_refused_though_the_checksums_agree()
    {
        Tuned("Price").SaveAll(File0);
        var bytes = File.ReadAllBytes(File0);
        var from = Seal(bytes);
        var refused = 0;
        for (var at = from; at < bytes.Length - 1000; at += 17)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 0x40;
            Seal(changed);
            File.WriteAllBytes(File0, changed);
            try
            {
                // Where it was a date, nothing else is different.
                Assert.Equal(7, _ml.Model.LoadFineTunedMany(File0).Count);
            }
            catch (FormatException e)
            {
                Assert.Contains("is damaged", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused > 50, $"{refused}");
    }

    [Fact]
    public void A_cancelled_save_leaves_the_old_file()
    {
        var many = Tuned("Price");
        File.WriteAllText(File0, "old");
        Assert.Throws<OperationCanceledException>(() => many.SaveAll(File0, new CancellationToken(canceled: true)));
        Assert.Equal("old", File.ReadAllText(File0));
        Assert.Equal([File0], Directory.GetFiles(_folder));
    }

    // Checksums made anew; returns where what follows the head begins.
    private static int Seal(byte[] bytes)
    {
        var head = 16 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        SHA256.HashData(bytes.AsSpan(0, head)).CopyTo(bytes, head);
        SHA256.HashData([.. bytes[..head], .. bytes[(head + 32)..^32]]).CopyTo(bytes, bytes.Length - 32);
        return head + 32;
    }

    private void Refused(byte[] bytes, string why)
    {
        var file = Path.Combine(_folder, "damaged");
        File.WriteAllBytes(file, bytes);
        var e = Assert.Throws<FormatException>(() => _ml.Model.LoadFineTunedMany(file));
        Assert.Contains(why == File0 ? file : why, e.Message, StringComparison.Ordinal);
    }

    private FineTunedModelCollection Tuned(string label, int shops = 6)
    {
        var source = View(Make(3, 60, 1));
        var features = _ml.Transforms.NormalizeMeanVariance("Features");
        ITransformer model = label switch
        {
            "Price" => features.Append(_ml.Regression.Trainers.L2SpRidge("Price", tau: 0.1)).Fit(source),
            "Flag" => features.Append(_ml.BinaryClassification.Trainers.L2SpLogisticRegression("Flag", tau: 0.1)).Fit(source),
            "Count" => features.Append(_ml.Regression.Trainers.L2SpPoissonRegression("Count", tau: 0.1)).Fit(source),
            _ => features.Append(_ml.MulticlassClassification.Trainers.L2SpMaximumEntropy("Key", tau: 0.1)).Fit(source),
        };
        Row[] rows = [.. Make(shops, 12, 2), .. Make(1, 1, 3).Select(r => { r.Shop = "one row"; return r; })];
        return _ml.Model.FineTuneMany(model, View(rows), "Shop", new() { LabelColumnName = label });
    }

    private static Row[] Make(int shops, int each, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, shops * each).Select(i =>
        {
            float[] x = [.. Enumerable.Range(0, P).Select(_ => (float)Sample.Normal(random))];
            var z = x[0] - (0.5 * x[1]) + (0.2 * (i % shops)) + (0.5 * Sample.Normal(random));
            return new Row
            {
                Shop = $"shop {i % shops}", Features = x, Price = (float)z, Flag = z > 0.3, Kind = z > 0.8 ? "a" : z > 0 ? "b" : "c",
                Count = Math.Max(0, (float)Math.Round(2 + z)),
            };
        })];
    }

    private static string[] Outputs(ITransformer model, IDataView rows, string label)
    {
        var view = model.Transform(rows);
        var scores = label == "Key"
            ? view.GetColumn<float[]>("Score").Select(s => string.Join(' ', s)).Zip(
                view.GetColumn<uint>("PredictedLabel"), (s, k) => $"{s} {k}")
            : view.GetColumn<float>("Score").Select(s => s.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        return [.. scores];
    }

    private IDataView View(IEnumerable<Row> rows)
    {
        var view = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey(
            "Key", "Kind", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Fit(view).Transform(view);
    }

    private sealed class Row
    {
        public string Shop { get; set; } = string.Empty;

        [VectorType(P)]
        public float[] Features { get; set; } = [];

        public float Price { get; set; }

        public bool Flag { get; set; }

        public string Kind { get; set; } = string.Empty;

        public float Count { get; set; }
    }
}
