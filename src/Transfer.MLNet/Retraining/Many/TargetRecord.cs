using System.Text;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// A target in a file of many: key, rows (int64), tau (double, NaN for null), left-out error (the same), whether it was drawn to what all
/// have in common (byte), measure, reason why it is unchanged (empty: it was moved); then, where it was moved, p weights and the intercept
/// of each output (single).
/// </summary>
internal static class TargetRecord
{
    public static void Write(BinaryWriter writer, FineTunedTarget target, RoundedScores? scores)
    {
        writer.Write(target.Key);
        writer.Write(target.Rows);
        writer.Write(target.Tau ?? double.NaN);
        writer.Write(target.LeaveOneOutError ?? double.NaN);
        writer.Write(target.LearntPrior);
        writer.Write(target.Measure);
        writer.Write(target.ReasonUnchanged ?? string.Empty);
        writer.Write(scores is not null);
        for (var k = 0; k < scores?.Weights.Length; k++)
        {
            foreach (var weight in scores.Weights[k])
            {
                writer.Write(weight);
            }

            writer.Write(scores.Intercepts[k]);
        }
    }

    /// <exception cref="FormatException">It is no such record, or has numbers that no fit has.</exception>
    /// <exception cref="EndOfStreamException">It is too short.</exception>
    public static (FineTunedTarget Target, RoundedScores? Scores) Read(byte[] bytes, int outputs, int features)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var (key, rows, tau, error) = (reader.ReadString(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble());
        var (learnt, measure, reason) = (reader.ReadBoolean(), reader.ReadString(), reader.ReadString());
        var scores = reader.ReadBoolean() ? Scores(reader, bytes.Length, outputs, features) : null;
        if (reader.BaseStream.Position != bytes.Length || rows < 0 || tau < 0 || (scores is null) != (reason.Length > 0))
        {
            throw new FormatException($"the record of '{key}' has a number that no fit has");
        }

        return (
            new()
            {
                Key = key,
                Rows = rows,
                Tau = double.IsNaN(tau) ? null : tau,
                LeaveOneOutError = double.IsNaN(error) ? null : error,
                LearntPrior = learnt,
                Measure = measure,
                ReasonUnchanged = reason.Length > 0 ? reason : null,
            },
            scores);
    }

    private static RoundedScores Scores(BinaryReader reader, int length, int outputs, int features)
    {
        if ((long)outputs * (features + 1L) * sizeof(float) > length || outputs == 0)
        {
            throw new FormatException($"a record is too short for {outputs} x {features} weights");
        }

        var (weights, intercepts) = (new float[outputs][], new float[outputs]);
        for (var k = 0; k < outputs; k++)
        {
            weights[k] = new float[features];
            for (var j = 0; j < features; j++)
            {
                weights[k][j] = reader.ReadSingle();
            }

            intercepts[k] = reader.ReadSingle();
            if (!float.IsFinite(intercepts[k]) || !Array.TrueForAll(weights[k], float.IsFinite))
            {
                throw new FormatException("a record has a weight that is not finite");
            }
        }

        return new(weights, intercepts);
    }
}
