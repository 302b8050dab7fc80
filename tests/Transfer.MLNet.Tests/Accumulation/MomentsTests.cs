using System.Numerics;
using CsCheck;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Rows;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Accumulation;

public class MomentsTests
{
    private static readonly Workers One = new(1);

    [Fact]
    public void Features_about_a_million_with_variance_one_lose_nothing()
    {
        // Single precision near 10^6 goes in steps of 1/16; the exact scatter is then a whole number over 256 n.
        var random = new Random(1);
        const int n = 3000;
        var x = new Matrix(n, 2);
        var y = new double[n];
        for (var i = 0; i < n; i++)
        {
            x[i, 0] = 1e6 + (random.Next(-28, 29) / 16.0);
            x[i, 1] = -2e6 + (random.Next(-28, 29) / 8.0);
            y[i] = 5e5 + (random.Next(-100, 101) / 32.0);
        }

        // Relative to n sd sd. One block loses nothing; blocks that are merged have means that are rounded to 10^-10, and these times
        // their differences (about 0.05) is what is lost.
        foreach (var (folds, tolerance) in new[] { (1, 1e-14), (7, 1e-11) })
        {
            var total = MomentsReader.Of(new HeldRows(x, y), folds, 1, One).Total;
            for (var a = 0; a < 2; a++)
            {
                var deviation = Math.Sqrt(total.Scatter[a, a]);
                Close.To(
                    ExactScatter(n, i => x[i, a], i => y[i]) / (deviation * Math.Sqrt(total.LabelScatter)),
                    total.Cross[a] / (deviation * Math.Sqrt(total.LabelScatter)),
                    tolerance);
                for (var b = 0; b < 2; b++)
                {
                    deviation = Math.Sqrt(total.Scatter[a, a] * total.Scatter[b, b]);
                    Close.To(ExactScatter(n, i => x[i, a], i => x[i, b]) / deviation, total.Scatter[a, b] / deviation, tolerance);
                }
            }

            Close.To(1, total.LabelScatter / ExactScatter(n, i => y[i], i => y[i]), tolerance);
        }
    }

    [Fact]
    public void A_fit_to_features_about_a_million_is_that_to_the_same_features_about_zero()
    {
        var random = new Random(2);
        var (near, far) = (new Matrix(400, 5), new Matrix(400, 5));
        var y = new double[400];
        for (var i = 0; i < y.Length; i++)
        {
            for (var j = 0; j < 5; j++)
            {
                near[i, j] = random.Next(-28, 29) / 16.0;
                far[i, j] = near[i, j] + 1e6;
            }

            y[i] = near[i, 0] - (2 * near[i, 3]) + Sample.Normal(random);
        }

        var start = Sample.Start(5, 1);
        var expected = RidgeSolver.Solve(new HeldRows(near, y), start, 0.1, InterceptRule.Free, One).Weights;

        // The means themselves are rounded to 10^-10.
        Close.To(expected, RidgeSolver.Solve(new HeldRows(far, y), start, 0.1, InterceptRule.Free, One).Weights, 1e-12);
        var spectrum = TaskSpectrum.Of(new HeldRows(far, y), true, One);
        Close.To(expected, spectrum.Towards(start.Weights, 0.1), 1e-12);
    }

    [Fact]
    public void Merging_in_any_split_gives_the_same_fit() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[2, 700], Gen.Int[0, 1000], Gen.Bool, Gen.Int[0, 699].List[0, 5])
            .Sample((p, n, seed, weighted, cuts) =>
        {
            var rows = Sample.Rows(n, p, seed, weighted);
            var whole = MomentsReader.Of(rows, 1, 0, One);
            int[] edges = [0, .. cuts.Select(c => c % n).Where(c => c > 0).Distinct().Order(), n];
            var merged = edges.Zip(edges.Skip(1), (from, to) => MomentsReader.Of(Dense.Except(rows, i => i < from || i >= to), 1, 0, One))
                .Aggregate((a, b) => a.Merge(b));

            Assert.Equal(n, merged.Count);
            Close.To(whole.TotalWeight, merged.TotalWeight, 1e-13);
            Close.To(whole.LabelMean, merged.LabelMean, 1e-12);
            Close.To([.. whole.FeatureMeans], [.. merged.FeatureMeans], 1e-12);
            Close.To(whole.Total.Scatter.Values, merged.Total.Scatter.Values, 1e-12);
            Close.To(whole.Total.LabelScatter, merged.Total.LabelScatter, 1e-12);
            var start = Sample.Start(p, seed);
            Close.To(
                RidgeSolver.Solve(whole, start, 0.1, InterceptRule.Free, One).Weights,
                RidgeSolver.Solve(merged, start, 0.1, InterceptRule.Free, One).Weights,
                1e-10);
        }, iter: 200);

    [Fact]
    public void Merging_does_not_change_what_is_merged()
    {
        var (a, b) = (MomentsReader.Of(Sample.Rows(20, 3, 1), 2, 0, One), MomentsReader.Of(Sample.Rows(30, 3, 2), 2, 0, One));
        var before = (double[])a.Blocks[0].Scatter.Values.Clone();

        var merged = a.Merge(b);

        Assert.Equal(before, a.Blocks[0].Scatter.Values);
        Assert.Equal(50, merged.Count);
        Assert.Equal(25, merged.Blocks[1].Count);
    }

    [Fact]
    public void Folds_together_are_the_whole_and_each_is_about_its_own_mean()
    {
        var rows = Sample.Rows(1000, 4, 3, weighted: true);
        var folded = MomentsReader.Of(rows, 10, 5, One);
        var folds = new Folds(10, 5);
        var own = Dense.Except(rows, i => folds.Of(i) != 3);

        Close.To(MomentsReader.Of(rows, 1, 0, One).Total.Scatter.Values, folded.Total.Scatter.Values, 1e-12);
        Close.To(MomentsReader.Of(own, 1, 0, One).Total.Scatter.Values, folded.Blocks[3].Scatter.Values, 1e-12);
        Assert.All(folded.Blocks, b => Assert.Equal(100, b.Count));
    }

    [Fact]
    public void Folds_are_random_reproducible_and_differ_by_seed()
    {
        int[] Draw(int seed)
        {
            var folds = new Folds(5, seed);
            return [.. Enumerable.Range(0, 5000).Select(i => folds.Of(i))];
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));

        // Neither contiguous nor periodic: a row and the fifth after it share a fold about one time in five (sd of the share 0.0057).
        var draw = Draw(1);
        Assert.InRange(Enumerable.Range(0, 4995).Average(i => draw[i] == draw[i + 5] ? 1.0 : 0), 0.17, 0.23);
        Assert.All(Enumerable.Range(0, 5), k => Assert.Equal(1000, draw.Count(f => f == k)));
        var backwards = new Folds(5, 1);
        Assert.Equal(draw, Enumerable.Range(0, 5000).Reverse().Select(i => backwards.Of(i)).Reverse());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Moments_of_a_view_are_those_of_its_rows_dense_or_sparse(bool sparse)
    {
        // Enough rows for every buffer to be filled again, and zeros that a sparse row leaves out.
        var rows = View.Rounded(Sample.Rows(2000, 7, 4, weighted: true));
        for (var i = 0; i < rows.Features.Values.Length; i += 3)
        {
            rows.Features.Values[i] = 0;
        }

        var expected = MomentsReader.Of(rows, 3, 9, One);

        var read = MomentsReader.Read(View.Of(rows, sparse, [.. "abcdefg".Select(c => $"{c}")]), View.Weighted, 3, 9, One);

        Assert.Equal(expected.Blocks.SelectMany(b => b.Scatter.Values), read.Blocks.SelectMany(b => b.Scatter.Values));
        Assert.Equal(expected.TotalWeight, read.TotalWeight);
        Assert.Equal("g", read.FeatureNames[6]);
        Assert.Equal(("Features", "Label", 7, 3), (read.FeatureColumnName, read.LabelColumnName, read.FeatureCount, read.Folds));
    }

    [Fact]
    public void A_row_that_is_left_out_does_not_move_the_others_to_other_folds()
    {
        var rows = View.Rounded(Sample.Rows(40, 2, 4, weighted: true));
        var folds = new Folds(4, 1);
        var spoilt = new HeldRows(rows.Features.Clone(), rows.Labels, rows.Weights);
        spoilt.Features[10, 0] = double.NaN;

        var read = MomentsReader.Read(View.Of(spoilt), View.Weighted, 4, 1, One);

        var last = folds.Of(39);
        var expected = MomentsReader.Of(Dense.Except(rows, i => i == 10 || folds.Of(i) != last), 1, 0, One);
        Assert.Equal(39, read.Count);
        Close.To(expected.Total.Scatter.Values, read.Blocks[last].Scatter.Values, 1e-12);
    }

    [Fact]
    public void Same_seed_same_bits_on_any_number_of_threads()
    {
        var rows = Sample.Rows(2000, 150, 6);
        double[] Scatter(int threads) => MomentsReader.Of(rows, 3, 1, new Workers(threads)).Total.Scatter.Values;

        Assert.Equal(Scatter(1), Scatter(2));
        Assert.Equal(Scatter(1), Scatter(5));
    }

    [Fact]
    public void Moments_that_do_not_belong_together_are_not_merged()
    {
        var rows = Sample.Rows(10, 2, 1);
        Moments With(TaskColumns? columns = null, int folds = 2, string[]? names = null, HeldRows? other = null) => MomentsReader.Of(
            new HeldRows((other ?? rows).Features, (other ?? rows).Labels, null, names ?? []), folds, 0, One, columns);
        void Refused(Moments a, Moments b, string why) =>
            Assert.Contains(why, Assert.Throws<ArgumentException>(() => a.Merge(b)).Message, StringComparison.Ordinal);

        Refused(With(), With(other: Sample.Rows(10, 3, 1)), "of 2 and of 3 features (column 'Features')");
        Refused(With(), With(folds: 3), "in 2 and in 3 folds");
        Refused(With(), With(new TaskColumns(Features: "X")), "feature column 'Features' and 'X'");
        Refused(With(), With(new TaskColumns(Label: "Y")), "label column 'Label' and 'Y'");
        Refused(With(names: ["a", "b"]), With(names: ["a", "c"]), "feature 1 'b' and 'c'");
        Assert.Equal("b", With().Merge(With(names: ["a", "b"])).FeatureNames[1]);
    }

    /// <summary>sum (u - mean u)(v - mean v) of multiples of 1/32, in whole numbers.</summary>
    private static double ExactScatter(int n, Func<int, double> u, Func<int, double> v)
    {
        var (su, sv, suv) = (BigInteger.Zero, BigInteger.Zero, BigInteger.Zero);
        for (var i = 0; i < n; i++)
        {
            var (a, b) = (new BigInteger(u(i) * 32), new BigInteger(v(i) * 32));
            (su, sv, suv) = (su + a, sv + b, suv + (a * b));
        }

        return (double)((n * suv) - (su * sv)) / (1024.0 * n);
    }
}
