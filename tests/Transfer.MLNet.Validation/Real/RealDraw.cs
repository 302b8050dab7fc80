using System.Text;
using MathNet.Numerics.Random;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Validation.Real;

/// <summary>What a way is given: the source, some rows of the target, and the features of the rows that it is measured on.</summary>
internal sealed class RealDraw
{
    private const int Taus = 50;

    private readonly Lazy<SquaredParts> _parts;
    private readonly Lazy<Advisor> _advisor;

    public RealDraw(RealSource source, HeldRows target, Matrix unseen, Workers workers)
    {
        (Source, Target, Unseen, Workers) = (source, target, unseen, workers);
        Spectrum = TaskSpectrum.Of(target, intercept: true, workers);
        Scratch = TunedFit.ByLeaveOneOut(target, Start.Zero(target.FeatureCount), InterceptRule.Free, workers);
        _parts = new(() => SquaredParts.Of(source.Spectrum, TargetData.Of(target, intercept: true, workers), Taus, Taus, workers));
        _advisor = new(() => new(_parts.Value));
    }

    public RealSource Source { get; }

    /// <summary>n1 rows of the target.</summary>
    public HeldRows Target { get; }

    /// <summary>Features of the target's other rows.</summary>
    public Matrix Unseen { get; }

    public Workers Workers { get; }

    /// <summary>The target's rows in their eigenbasis.</summary>
    public TaskSpectrum Spectrum { get; }

    /// <summary>Ridge on the target's rows alone, its tau by leave-one-out: what all risks are relative to.</summary>
    public TunedFit Scratch { get; }

    /// <summary>rho, and the single starts.</summary>
    public SquaredParts Parts => _parts.Value;

    /// <summary>What is decided of them.</summary>
    public Advisor Advisor => _advisor.Value;

    /// <summary>A generator of its own for everything that has a name: no draw depends on which others are made.</summary>
    public static Random RandomOf(string name)
    {
        // FNV-1a: the same in every process, which string.GetHashCode is not.
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ value) * 16777619u);
        }

        return new Xoshiro256StarStar(unchecked((int)hash), threadSafe: false);
    }

    /// <summary>b + Xw of the unseen rows.</summary>
    public double[] Scores(double[] weights, double intercept) => Array.ConvertAll(Product.Times(Unseen, weights), s => s + intercept);

    /// <summary>The same with the intercept that the target's rows have for these weights.</summary>
    public double[] Scores(double[] weights) => Scores(weights, Spectrum.Intercept(weights));
}
