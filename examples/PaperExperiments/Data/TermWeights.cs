using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace PaperExperiments.Data;

/// <summary>
/// Term frequency times inverse document frequency, as scikit-learn's <c>TfidfVectorizer</c> computes it: words of two letters or more, in
/// lower case and without English stop words (ML.NET's list); the most frequent of them; ln((1 + n) / (1 + df)) + 1; rows of length 1.
/// </summary>
internal sealed partial class TermWeights
{
    private readonly Dictionary<string, int> _places;
    private readonly float[] _inverses;

    /// <param name="texts">What it is fitted on.</param>
    /// <param name="terms">How many words are kept.</param>
    public TermWeights(IReadOnlyList<string> texts, int terms)
    {
        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        var documents = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var words in texts.Select(Words))
        {
            foreach (var word in words)
            {
                frequencies[word] = frequencies.GetValueOrDefault(word) + 1;
            }

            foreach (var word in words.Distinct())
            {
                documents[word] = documents.GetValueOrDefault(word) + 1;
            }
        }

        var kept = WithoutStopWords([.. frequencies.Keys]).OrderByDescending(w => frequencies[w]).ThenBy(w => w, StringComparer.Ordinal)
            .Take(terms).Order(StringComparer.Ordinal).ToArray();
        _places = kept.Select((w, i) => (w, i)).ToDictionary(p => p.w, p => p.i, StringComparer.Ordinal);
        _inverses = [.. kept.Select(w => (float)(Math.Log((1.0 + texts.Count) / (1 + documents[w])) + 1))];
    }

    public IReadOnlyCollection<string> Terms => _places.Keys;

    public float[] Row(string text)
    {
        var row = new float[_inverses.Length];
        foreach (var word in Words(text))
        {
            if (_places.TryGetValue(word, out var place))
            {
                row[place] += _inverses[place];
            }
        }

        var length = MathF.Sqrt(row.Sum(v => v * v));
        return length > 0 ? [.. row.Select(v => v / length)] : row;
    }

    private static string[] Words(string text) => [.. Word().Matches(text.ToLowerInvariant()).Select(m => m.Value)];

    private static string[] WithoutStopWords(string[] words)
    {
        var ml = new MLContext();
        var view = ml.Data.LoadFromEnumerable([new Vocabulary { Words = words }]);
        return ml.Transforms.Text.RemoveDefaultStopWords("Words").Fit(view).Transform(view).GetColumn<string[]>("Words").Single();
    }

    [GeneratedRegex(@"\b\w\w+\b")]
    private static partial Regex Word();

    private sealed class Vocabulary
    {
        public string[] Words { get; set; } = [];
    }
}
