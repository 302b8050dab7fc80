using Microsoft.ML;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Models;

/// <summary>Moments in files, and rows through the featurisation that lies beside them.</summary>
internal static class MomentsFiles
{
    // Fewer are read before a second thread has begun.
    private const int FewestChunks = 4;

    public static Moments Load(string path)
    {
        if (!File.Exists(path))
        {
            throw Failure.Input($"There is no file '{path}' (from {Environment.CurrentDirectory}).");
        }

        try
        {
            return Moments.Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidDataException)
        {
            throw Failure.Input($"{path} holds no moments that can be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Moments of rows through a featurisation. Rows in memory go through it in two halves side by side, whatever the threads.
    /// </summary>
    public static Moments Of(Work work, TableView rows, ITransformer featuriser, string label) => Screen.While("computing moments", _ =>
    {
        Moments Read(TableView view, int? threads) => work.Ml.Regression.ComputeMoments(
            PlainFeatures.Of(view, featuriser), label, Featurisation.Features, numberOfThreads: threads,
                cancellationToken: work.Cancellation);
        if (!rows.IsKept || rows.ChunkCount < FewestChunks)
        {
            return Read(rows, work.Threads);
        }

        var halves = new Moments?[2];
        var half = Math.Max(1, (work.Threads ?? Environment.ProcessorCount) / halves.Length);
        try
        {
            Parallel.For(0, halves.Length, new ParallelOptions
            {
                MaxDegreeOfParallelism = Math.Min(
                halves.Length, work.Threads ?? halves.Length)
            }, i => halves[i] = Read(rows.Part(i, halves.Length), half));
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is InvalidOperationException))
        {
            // Of one half no row can be used; of all of them there may be some, and if not, that is the message.
            return Read(rows, work.Threads);
        }

        return halves[0]!.Merge(halves[1]!);
    });

    /// <summary>Rows with features and a number as their label.</summary>
    public static (TableView Rows, IDataView View, string Label) Rows(Work work, string label, SavedModel featuriser, RowSource source)
    {
        var data = ModelData.Of(work, featuriser, [featuriser.Model], source, label, []);
        var known = LabelPlan.Of(data.Label!, TaskKind.Regression, null);
        var name = data.Rows.LabelName(known);
        var column = PlannedRows.Column(known, name);
        var rows = data.View(column, work.Cancellation);
        var view = PlainFeatures.Of(rows, featuriser.Model);
        return view.Schema.GetColumnOrNull(Featurisation.Features) is null
            ? throw Failure.Input($"{featuriser.Path} gives no column '{Featurisation.Features}', so it is not a featurisation of this "
            + $"tool ('moments write --new-featurisation').")
            : (rows, view, name);
    }
}
