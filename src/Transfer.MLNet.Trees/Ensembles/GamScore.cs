using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace Transfer.MLNet.Trees.Ensembles;

/// <summary>The score of a Gam: an intercept and one shape function a feature, whose bins are the leaves.</summary>
internal sealed class GamScore : LeafScore
{
    private readonly GamModelParametersBase _model;
    private readonly int[] _shapes;
    private readonly int[] _first;
    private readonly int[] _bins;

    public GamScore(GamModelParametersBase model)
    {
        _model = model;
        var effects = TreeInternals.BinEffects(model);
        _shapes = [.. Enumerable.Range(0, effects.Length).Where(s => effects[s].Length > 1)];
        _first = new int[_shapes.Length + 1];
        for (var s = 0; s < _shapes.Length; s++)
        {
            _first[s + 1] = _first[s] + effects[_shapes[s]].Length;
        }

        _bins = new int[effects.Length];
        FeatureCount = TreeInternals.FeatureCount(model);
        Offset = TreeInternals.Bias(model) + effects.Where(e => e.Length == 1).Sum(e => e[0]);
    }

    public override int FeatureCount { get; }

    public override int Trees => _shapes.Length;

    public override int LeafCount => _first[^1];

    public override double Unit => 1;

    public override double Offset { get; }

    public override int LastLeafOf(int tree) => _first[tree + 1] - 1;

    public override double[] Values()
    {
        var effects = TreeInternals.BinEffects(_model);
        return [.. _shapes.SelectMany(s => effects[s])];
    }

    public override void LeavesOf(in VBuffer<float> row, Span<int> leaves)
    {
        TreeInternals.BinsOf(_model, in row, _bins);
        for (var s = 0; s < _shapes.Length; s++)
        {
            leaves[s] = _first[s] + _bins[_shapes[s]];
        }
    }

    public override void Write(ReadOnlySpan<double> values, double intercept)
    {
        var effects = TreeInternals.BinEffects(_model);
        for (var s = 0; s < _shapes.Length; s++)
        {
            values[_first[s].._first[s + 1]].CopyTo(effects[_shapes[s]]);
        }

        TreeInternals.Bias(_model) += intercept;
    }
}
