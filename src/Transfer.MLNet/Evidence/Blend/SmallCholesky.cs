using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>Cholesky of small matrices in place, thousands of them, without a byte of garbage.</summary>
internal static class SmallCholesky
{
    /// <summary>A := L on and below the diagonal, of a positive definite A.</summary>
    public static void Factor(Matrix a)
    {
        for (var j = 0; j < a.Rows; j++)
        {
            var rowJ = a.Row(j);
            rowJ[j] = Math.Sqrt(rowJ[j] - Product.Dot(rowJ[..j], rowJ[..j]));
            for (var i = j + 1; i < a.Rows; i++)
            {
                var rowI = a.Row(i);
                rowI[j] = (rowI[j] - Product.Dot(rowI[..j], rowJ[..j])) / rowJ[j];
            }
        }
    }

    /// <summary>x := A^-1 x.</summary>
    public static void Solve(Matrix l, Span<double> x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - Product.Dot(l.Row(i)[..i], x[..i])) / l[i, i];
        }

        for (var i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= l[i, i];
            Product.AddScaled(-x[i], l.Row(i)[..i], x[..i]);
        }
    }

    /// <summary>inverse := L^-1, zero above the diagonal.</summary>
    public static void Invert(Matrix l, Matrix inverse)
    {
        for (var i = 0; i < l.Rows; i++)
        {
            var row = inverse.Row(i);
            row.Clear();
            for (var k = 0; k < i; k++)
            {
                Product.AddScaled(-l[i, k], inverse.Row(k)[..(k + 1)], row[..(k + 1)]);
            }

            row[i] = 1;
            foreach (ref var value in row[..(i + 1)])
            {
                value /= l[i, i];
            }
        }
    }
}
