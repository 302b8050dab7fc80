using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>Small systems that are not symmetric: Gauss's elimination with row exchanges.</summary>
internal static class Elimination
{
    // Of a system that is near the identity.
    private const double Singular = 1e-12;

    /// <summary>Solves the system whose last column is the right-hand side, in place of which the solution is left; false where it is
    /// singular.</summary>
    public static bool TrySolve(Matrix system)
    {
        var n = system.Rows;
        for (var c = 0; c < n; c++)
        {
            var pivot = c;
            for (var i = c + 1; i < n; i++)
            {
                pivot = Math.Abs(system[i, c]) > Math.Abs(system[pivot, c]) ? i : pivot;
            }

            if (!(Math.Abs(system[pivot, c]) > Singular))
            {
                return false;
            }

            for (var j = 0; j <= n && pivot != c; j++)
            {
                (system[c, j], system[pivot, j]) = (system[pivot, j], system[c, j]);
            }

            for (var i = c + 1; i < n; i++)
            {
                Product.AddScaled(-system[i, c] / system[c, c], system.Row(c)[c..], system.Row(i)[c..]);
            }
        }

        for (var c = n - 1; c >= 0; c--)
        {
            for (var j = c + 1; j < n; j++)
            {
                system[c, n] -= system[c, j] * system[j, n];
            }

            system[c, n] /= system[c, c];
        }

        return true;
    }
}
