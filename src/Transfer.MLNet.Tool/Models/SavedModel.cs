using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Transfer.MLNet.Files;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Models;

/// <summary>A model of ML.NET as it lies in a file.</summary>
internal sealed record SavedModel(string Path, ITransformer Model, DataViewSchema Schema)
{
    // Trees of four bytes a number become arrays of eight, and objects.
    private const int MostTimes = 16;

    // A slow machine loads ten times as many.
    private const double BytesPerSecond = 10_000_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(6);

    /// <exception cref="Failure">There is none that can be used; the message says what there is.</exception>
    public static SavedModel Load(MLContext ml, string path)
    {
        if (Directory.Exists(path) || !File.Exists(path))
        {
            throw Failure.Input(Directory.Exists(path) ? $"'{path}' is a folder. Give a model's file."
                : $"There is no file '{path}' (from {Environment.CurrentDirectory}).");
        }

        var unpacked = RequireWhole(path);

        // ML.NET loads what it knows of, and a program that trains no trees has not told it of them.
        ml.ComponentCatalog.RegisterAssembly(typeof(FastTreeRegressionTrainer).Assembly);
        ml.ComponentCatalog.RegisterAssembly(typeof(LightGbmRegressionTrainer).Assembly);
        try
        {
            var (model, schema) = Watched.Run(path, s_patience + TimeSpan.FromSeconds(unpacked / BytesPerSecond), MostTimes * unpacked,
                () => (ml.Model.Load(path, out var saved), saved));
            return new SavedModel(path, model, schema ?? throw Failure.Input(
                $"{path} has no input schema, so that nothing says which columns it asks for. Save it with one: "
                    + $"mlContext.Model.Save(model, rows.Schema, path)."));
        }
        catch (Exception e) when (e is not (Failure or OutOfMemoryException or OperationCanceledException))
        {
            throw Failure.Input($"{path} is a zip, but ML.NET cannot load a model from it: {e.Message.TrimEnd('.')}. "
                + "If it was made with packages beyond Microsoft.ML and its trees (ONNX, images), this tool does not have them; "
                + "ml.Model.FineTune in a program that has them does the same.", e);
        }
    }

    private static long RequireWhole(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return WholeZip.Require(file, path, Watched.Ending);
        }
        catch (FormatException e)
        {
            throw Failure.Input(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure.Input($"{path} cannot be read: {e.Message}", e);
        }
    }
}
