using Microsoft.ML;
using Transfer.MLNet.Cluster.Tenants;

namespace Transfer.MLNet;

/// <summary>A row as it reaches the model's last layer.</summary>
/// <param name="Label">What is predicted, in the unit of the layer's scores; with two classes 1 for true and 0 for false.</param>
/// <param name="Features">x (p).</param>
public readonly record struct TenantRow(float Label, float[] Features)
{
    /// <summary>Rows of any schema that the model takes, brought to its last layer by the model's own featurisation.</summary>
    /// <param name="mlContext">For the log, which is told of rows that are left out for a NaN or an infinity.</param>
    /// <param name="model">The model that the tenants were made of.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="labelColumnName">The column that is predicted; where the model makes its label of it (a logarithm), that is
    /// taken.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public static TenantRow[] From(MLContext mlContext, ITransformer model, IDataView rows, string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        return FeaturisedRows.Of(mlContext, model, rows, labelColumnName);
    }
}
