using Microsoft.ML;
using Microsoft.ML.Runtime;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>Weights that single precision does not hold, and starts so large that digits are lost: told, refused or right.</summary>
public sealed class ExtremeSizesTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warned = [];

    public ExtremeSizesTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning)
        {
            _warned.Add(e.RawMessage);
        }
    };

    [Theory]
    [InlineData(1e30, 1e-16, true)] // weights of some 1e-46: none is left
    [InlineData(1e30, 1e-14, true)] // of 1e-44: two digits are
    [InlineData(1e30, 1e-8, false)] // 1e-38 has all of them
    [InlineData(1, 1, false)]
    public void Weights_below_single_precision_are_told(double features, double labels, bool told)
    {
        var rows = Sized(features, labels);
        var trainer = _ml.Regression.Trainers.L2SpRidge(tau: 0);
        var fit = trainer.Fit(rows.View(_ml), out var report);

        Assert.All(report.Weights, w => Assert.InRange(Math.Abs(w), 0.01 * labels / features, 100 * labels / features));
        var lost = fit.Model.Weights.Zip(report.Weights).Any(w => Math.Abs(w.First - w.Second) > 1e-3 * Math.Abs(w.Second));
        Assert.Equal(told, lost);
        Assert.Equal(told, _warned.Exists(w => w.Contains("less than ML.NET's models can hold", StringComparison.Ordinal)
            && w.Contains("'Features'", StringComparison.Ordinal)));
    }

    [Fact]
    public void Weights_that_tau_makes_small_are_no_loss()
    {
        // Nothing of them would be seen in a label about 1.
        _ml.Regression.Trainers.L2SpRidge(tau: 1e46).Fit(Sized(1, 1).View(_ml), out var report);
        Assert.All(report.Weights, w => Assert.InRange(Math.Abs(w), 1e-50, 1e-44));
        Assert.DoesNotContain(_warned, w => w.Contains("less than ML.NET's models can hold", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1e6, 40)]
    [InlineData(1e12, 40)]
    [InlineData(1e20, 40)]
    [InlineData(1e38, 40)]
    [InlineData(1e150, 40)]
    [InlineData(1e300, 40)]
    [InlineData(1e20, 3)]
    [InlineData(1e150, 3)]
    [InlineData(1e300, 3)]
    public void A_start_of_any_size_with_tau_zero_is_right_or_refused(double size, int count)
    {
        // Six features: with 40 rows the start says nothing, with 3 it says what the rows leave open.
        var rows = Regressions.Make(count, Regressions.Truth(6));
        var random = new Random(3);
        double[] start = [.. Enumerable.Range(0, 6).Select(_ => size * (0.5 + random.NextDouble()))];
        L2SpRidgeReport report;
        try
        {
            _ml.Regression.Trainers.L2SpRidge(startingPoint: StartingPoint.From(start), tau: 0).Fit(
                rows.View(_ml), out report);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            Assert.True(size > 1e6, e.Message);
            Assert.Matches("start|weight", e.Message);
            return;
        }

        // Scores that the least squares have: of 3 rows their labels, of 40 those of the fit without a start; to the digits that double
        // precision has where the weights stay as large as the start.
        var tolerance = count > 6 ? 1e-2 : 1e-2 + (1e-13 * size);
        var (weights, intercept) = count > 6 ? rows.Solve(0) : ([.. report.Weights], 0.0);
        for (var i = 0; i < count; i++)
        {
            var score = report.Intercept + rows.X[i].Zip(report.Weights, (x, w) => x * w).Sum();
            var expected = count > 6 ? intercept + rows.X[i].Zip(weights, (x, w) => x * w).Sum() : rows.Y[i];
            Assert.Equal(expected, score, tolerance);
        }
    }

    [Theory]
    [InlineData(1e6)]
    [InlineData(1e20)]
    [InlineData(1e150)]
    [InlineData(1e300)]
    public void A_start_of_any_size_of_a_classifier_is_right_told_or_refused(double size)
    {
        // Classes that overlap, so that without a penalty there is one minimum, wherever one begins.
        var rows = Regressions.Make(300, [1, -0.5, 0.25], noise: 3, intercept: 0);
        var view = _ml.Transforms.Expression("Label", "y => y > 0.0f", "Label").Fit(rows.View(_ml)).Transform(rows.View(_ml));
        _ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: 0).Fit(view, out var expected);
        try
        {
            double[] start = [size, -size, size];
            _ml.BinaryClassification.Trainers.L2SpLogisticRegression(startingPoint: StartingPoint.From(start), tau: 0)
                .Fit(view, out var report);
            if (report.Converged)
            {
                Assert.Equal(expected.Weights, report.Weights, (a, b) => Math.Abs(a - b) < 1e-3);
            }
            else
            {
                Assert.Contains(_warned, w => w.Contains("Not converged", StringComparison.Ordinal));
            }
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            Assert.True(size > 1e6, e.Message);
            Assert.Matches("start|weight", e.Message);
        }
    }

    private static Regressions Sized(double features, double labels)
    {
        var rows = Regressions.Make(60, [1, -2, 0.5], intercept: 0);
        return new()
        {
            X = [.. rows.X.Select(x => x.Select(v => v * features).ToArray())],
            Y = [.. rows.Y.Select(y => y * labels)],
            S = rows.S,
        };
    }
}
