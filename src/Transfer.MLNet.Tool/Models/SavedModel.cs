using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Models;

/// <summary>A model of ML.NET as it lies in a file.</summary>
internal sealed record SavedModel(string Path, ITransformer Model, DataViewSchema Schema)
{
    // A model of a gigabyte loads in a few seconds.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <exception cref="Failure">There is none that can be used; the message says what there is.</exception>
    public static SavedModel Load(MLContext ml, string path)
    {
        if (Directory.Exists(path) || !File.Exists(path))
        {
            throw Failure.Input(Directory.Exists(path) ? $"'{path}' is a folder. Give a model's file."
                : $"There is no file '{path}' (from {Environment.CurrentDirectory}).");
        }

        RequireZip(path);

        // ML.NET loads what it knows of, and a program that trains no trees has not told it of them.
        ml.ComponentCatalog.RegisterAssembly(typeof(FastTreeRegressionTrainer).Assembly);
        ml.ComponentCatalog.RegisterAssembly(typeof(LightGbmRegressionTrainer).Assembly);
        try
        {
            var (model, schema) = Watched.Run(path, s_patience, () => (ml.Model.Load(path, out var saved), saved));
            return new SavedModel(path, model, schema ?? throw Failure.Input(
                $"{path} has no input schema, so that nothing says which columns it asks for. Save it with one: "
                    + $"mlContext.Model.Save(model, rows.Schema, path)."));
        }
        catch (Exception e) when (e is not (Failure or OutOfMemoryException))
        {
            throw Failure.Input($"{path} is a zip, but ML.NET cannot load a model from it: {e.Message.TrimEnd('.')}. "
                + "If it was made with packages beyond Microsoft.ML and its trees (ONNX, images), this tool does not have them; "
                + "ml.Model.FineTune in a program that has them does the same.", e);
        }
    }

    private static void RequireZip(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            _ = zip.Entries.Count;
        }
        catch (InvalidDataException e)
        {
            throw Failure.Input($"{path} is no zip, and ML.NET saves models as one. Was it written to the end? ({e.Message})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure.Input($"{path} cannot be read: {e.Message}", e);
        }
    }
}
