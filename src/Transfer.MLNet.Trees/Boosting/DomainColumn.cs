using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Trees.Boosting;

/// <summary>
/// A predictor that was trained on features and the domain, as a chain that takes the features alone and says "target" of every row, made
/// of ML.NET's own transforms.
/// </summary>
internal static class DomainColumn
{
    /// <summary>What the column of features and domain is called.</summary>
    public static string NameOf(string features) => features + "AndDomain";

    /// <param name="ml">Where it lives.</param>
    /// <param name="features">The column of the features.</param>
    /// <param name="count">How many features there are.</param>
    /// <param name="predictor">Reads the column <see cref="NameOf"/>.</param>
    public static ITransformer Before(MLContext ml, string features, int count, ITransformer predictor)
    {
        var domain = features + "Domain";
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Values)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, count);
        schema[nameof(Row.Values)].ColumnName = features;

        // ML.NET has no transform that makes a constant. So the first feature is taken alone, by a selection of the features that are ever
        // different from zero, which in this row it alone is; and whatever it is becomes 1.
        var first = new float[count];
        first[0] = 1;
        var rows = ml.Data.LoadFromEnumerable([new Row { Values = first }], schema);
        var one = ml.Transforms.FeatureSelection.SelectFeaturesBasedOnCount(domain, features, count: 1)
            .Append(ml.Transforms.Expression(domain, "(x) : 1f", domain))
            .Append(ml.Transforms.Concatenate(NameOf(features), features, domain))
            .Fit(rows);
        return new TransformerChain<ITransformer>([.. one, predictor]);
    }

    private sealed class Row
    {
        public float[] Values { get; set; } = [];
    }
}
