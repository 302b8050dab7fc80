using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;

namespace NewsgroupsTransfer;

/// <summary>Both tasks of a pairing in the features of the source.</summary>
internal sealed class Featurisation
{
    /// <summary>Words kept. The extractor keeps the first that it meets, which, the posts being shuffled, are the more frequent.</summary>
    private const int Words = 20_000;

    private Featurisation(IReadOnlyList<FeaturisedPost> source, IReadOnlyList<FeaturisedPost> target)
    {
        Source = source;
        Target = target;
    }

    public IReadOnlyList<FeaturisedPost> Source { get; }

    public IReadOnlyList<FeaturisedPost> Target { get; }

    public int FeatureCount => Source[0].Features.Length;

    /// <exception cref="ArgumentException">A group of the pairing has no posts.</exception>
    public static Featurisation Of(Pairing pairing, IReadOnlyList<Post> posts)
    {
        var ml = new MLContext(seed: 1);
        ILookup<string, Post> groups = posts.ToLookup(p => p.Group);
        ClassedPost[] source = Classed(groups, pairing.Source);
        new Random(1).Shuffle(source);

        // Fitted on the source alone: weights can only be carried over between features that mean the same.
        ITransformer words = ml.Transforms.Text.FeaturizeText(nameof(FeaturisedPost.Features), new TextFeaturizingEstimator.Options
        {
            WordFeatureExtractor = new WordBagEstimator.Options
            {
                NgramLength = 1,
                Weighting = NgramExtractingEstimator.WeightingCriteria.TfIdf,
                MaximumNgramsCount = [Words],
            },
            CharFeatureExtractor = null,
            KeepNumbers = false,
            KeepPunctuations = false,
            Norm = TextFeaturizingEstimator.NormFunction.L2,
        }, nameof(ClassedPost.Text)).Fit(ml.Data.LoadFromEnumerable(source));

        return new Featurisation(Featurise(ml, words, source), Featurise(ml, words, Classed(groups, pairing.Target)));
    }

    private static ClassedPost[] Classed(ILookup<string, Post> groups, IEnumerable<IReadOnlyList<string>> classes) =>
    [
        .. classes.SelectMany((names, position) => names.SelectMany(name => groups[name].Any()
            ? groups[name].Select(p => new ClassedPost { Text = p.Text, Class = PairedClass.NameOf(names), Position = position })
            : throw new ArgumentException($"There are no posts of {name}; the groups are: "
            + $"{string.Join(", ", groups.Select(g => g.Key))}."))),
    ];

    private static FeaturisedPost[] Featurise(MLContext ml, ITransformer words, ClassedPost[] posts)
    {
        IDataView rows = words.Transform(ml.Data.LoadFromEnumerable(posts));
        return
        [
            .. rows.GetColumn<VBuffer<float>>(nameof(FeaturisedPost.Features)).Zip(posts, (features, post) => new FeaturisedPost
            {
                Features = Copy(features),
                Class = post.Class,
                Position = post.Position,
                Label = post.Position == 1,
            }),
        ];
    }

    /// <summary>ML.NET reads every row into the same buffer.</summary>
    private static VBuffer<float> Copy(VBuffer<float> features)
    {
        VBuffer<float> copy = default;
        features.CopyTo(ref copy);
        return copy;
    }

    private sealed class ClassedPost
    {
        public string Text { get; set; } = "";

        [NoColumn]
        public string Class { get; set; } = "";

        [NoColumn]
        public int Position { get; set; }
    }
}
