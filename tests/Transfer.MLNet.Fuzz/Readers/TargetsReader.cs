using Transfer.MLNet.Fuzz.Damage;

namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>The models of many targets in one file; of what is accepted every model is saved, and loaded again.</summary>
internal sealed class TargetsReader : Reader
{
    public override string Name => "targets";

    public override int Share => 6;

    public override IEnumerable<(string Name, byte[] Bytes)> Sound()
    {
        var folder = Directory.CreateTempSubdirectory("targets").FullName;
        foreach (var p in new[] { 1, 3 })
        {
            var (rows, path) = (Sample.Of(40, p), Path.Combine(folder, $"p{p}.targets"));
            Sample.Ml.Model.FineTuneMany(Sample.Ml.Regression.Trainers.L2SpRidge(tau: 0.1).Fit(rows), rows, "Shop").SaveAll(path);
            yield return ($"p{p}.targets", File.ReadAllBytes(path));
        }

        Directory.Delete(folder, recursive: true);
    }

    public override bool Read(byte[] input, string folder, Random random)
    {
        var path = Path.Combine(folder, "a.targets");
        File.WriteAllBytes(path, input);
        var many = Sample.Ml.Model.LoadFineTunedMany(path);
        foreach (var key in many.Keys)
        {
            _ = many.Target(key).ToString();
            many.SaveModel(key, Path.Combine(folder, "a.zip"));
            _ = Sample.Ml.Model.LoadChecked(Path.Combine(folder, "a.zip"), out _);
        }

        many.SaveAll(path);
        return Sample.Ml.Model.LoadFineTunedMany(path).Count == many.Count;
    }

    public override byte[]? Crafted(byte[] damaged, byte[] sound, Mutator mutator, Random random) => Sealed.Moments(damaged);
}
