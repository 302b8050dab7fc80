using Microsoft.ML;
using Transfer.MLNet.Files;
using Transfer.MLNet.Production;

namespace Transfer.MLNet;

/// <summary>
/// A folder of versions of one model: stock zips of ML.NET, what each was made of and measured at, which is current, and the way back.
/// </summary>
/// <remarks>
/// <para>A version is there with all of its files or not at all, and none is ever written over: whoever is killed, at any moment, leaves
/// the versions that were there and the current one. Several processes may use one folder; writers wait for each other, readers for nobody.
/// Versions are numbered in the order of adding, whatever the clock says.</para>
/// <para>Any program can serve <c>000003.zip</c> with <c>mlContext.Model.Load</c>.</para>
/// </remarks>
public sealed class ModelStore
{
    private readonly string _folder;
    private readonly TimeProvider _clock;

    /// <summary>Opens the folder, and makes it where there is none.</summary>
    /// <param name="folder">The folder; nothing else should be kept there.</param>
    /// <exception cref="IOException">The path is a file, or the folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made or written to.</exception>
    public ModelStore(string folder)
        : this(folder, TimeProvider.System)
    {
    }

    internal ModelStore(string folder, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (_folder, _clock) = (Path.GetFullPath(folder), clock);
        try
        {
            Directory.CreateDirectory(_folder);
            AtomicFile.RequireWritable(Path.Combine(_folder, "current.json"));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(Complaint(e), e);
        }
        catch (IOException e)
        {
            throw new IOException(Complaint(e), e);
        }

        string Complaint(Exception e) =>
            $"No store can be kept in '{_folder}': {e.Message} Give a folder that this user may write to.";
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder => _folder;

    /// <summary>The versions, ascending by number; read from the folder each time.</summary>
    /// <exception cref="FormatException">A version's file is damaged; the message says which.</exception>
    public IReadOnlyList<ModelVersion> Versions =>
        [.. VersionFiles.Numbers(_folder).Select(n => VersionFiles.Find(_folder, n)).OfType<ModelVersion>()];

    /// <summary>The version that is served; null in an empty store.</summary>
    /// <exception cref="FormatException">A file that says so is damaged; the message says which.</exception>
    public ModelVersion? Current
    {
        get
        {
            while (true)
            {
                if (VersionFiles.ReadCurrent(_folder) is not { } number)
                {
                    return null;
                }

                // One that is gone was deleted by another process after it had made a later one current.
                var version = VersionFiles.Find(_folder, number);
                if (version is not null || VersionFiles.ReadCurrent(_folder) == number)
                {
                    return version ?? Version(number);
                }
            }
        }
    }

    /// <summary>A version.</summary>
    /// <param name="number">Its number.</param>
    /// <exception cref="ArgumentException">There is none of that number.</exception>
    /// <exception cref="FormatException">Its file is damaged.</exception>
    public ModelVersion Version(int number) => VersionFiles.Find(_folder, number)
        ?? throw new ArgumentException($"The store '{_folder}' has no version {number}; it has: "
        + $"{string.Join(", ", VersionFiles.Numbers(_folder))}.", nameof(number));

    /// <summary>Adds a model from elsewhere and makes it current.</summary>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="model">The model; stock transformers, or whatever <c>mlContext.Model.Save</c> can write.</param>
    /// <param name="schema">The schema of the rows that it takes.</param>
    /// <param name="heldOut">
    /// Rows with their label that it was not trained on, on which it is measured now and later candidates are compared with it; null: the
    /// first retraining then has only its own batch to judge by.
    /// </param>
    /// <param name="labelColumnName">The label column of <paramref name="heldOut"/>, as
    /// <see cref="FineTuneOptionsBase.LabelColumnName"/>.</param>
    /// <param name="note">What to say of it.</param>
    /// <param name="exposureColumnName">Of a model of counts: the column of <paramref name="heldOut"/> that
    /// <see cref="FineTuneOptionsBase.ExposureColumnName"/> names; null: 1 for all.</param>
    /// <returns>The version.</returns>
    /// <exception cref="ArgumentException">No row of <paramref name="heldOut"/> has a label and a score.</exception>
    /// <exception cref="IOException">The store cannot be written to, or another process holds it for long.</exception>
    public ModelVersion Add(
        ModelOperationsCatalog catalog, ITransformer model, DataViewSchema schema, IDataView? heldOut = null,
            string labelColumnName = "Label", string? note = null, string? exposureColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(schema);
        BatchProfile? profile = null;
        if (heldOut is not null)
        {
            var trained = TrainedOn.Of(catalog, model, heldOut, new MeasuredColumns(labelColumnName, exposureColumnName));
            profile = Profiling.Of(
                ScoredRows.Of(model, heldOut, trained.Measured, CancellationToken.None), trained,
                RowPrints.Of(heldOut, null, CancellationToken.None).Print);
            if (profile.Rows == 0)
            {
                throw new ArgumentException(
                    $"No row of {nameof(heldOut)} has a label in column '{trained.Measured.Label}' and a score, so that the model would be "
                    + "measured on nothing. Give rows with labels, or null.", nameof(heldOut));
            }
        }

        return Add(catalog, model, schema, heldOut, expected: null, new VersionFacts(null, null, profile, null, note),
            CancellationToken.None);
    }

    /// <summary>The current model.</summary>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="schema">The schema of the rows that it takes.</param>
    /// <exception cref="InvalidOperationException">The store is empty.</exception>
    /// <exception cref="FormatException">Its file is damaged; go back with <see cref="Rollback"/>.</exception>
    public ITransformer Load(ModelOperationsCatalog catalog, out DataViewSchema schema)
    {
        while (true)
        {
            var number = (Current ?? throw Empty()).Number;
            try
            {
                return Load(catalog, number, out schema);
            }
            catch (Exception e) when (e is ArgumentException or FormatException && VersionFiles.ReadCurrent(_folder) is { } now
                && now != number)
            {
                // Another process made a later one current and deleted this one meanwhile.
            }
        }
    }

    /// <summary>The model of a version.</summary>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="number">The version's number.</param>
    /// <param name="schema">The schema of the rows that it takes.</param>
    /// <exception cref="ArgumentException">There is none of that number.</exception>
    /// <exception cref="FormatException">Its file is damaged: it is not what was written.</exception>
    public ITransformer Load(ModelOperationsCatalog catalog, int number, out DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Load(RequireWhole(Version(number)), out schema);
    }

    /// <summary>Makes a version current.</summary>
    /// <param name="number">Its number.</param>
    /// <returns>The version.</returns>
    /// <exception cref="ArgumentException">There is none of that number.</exception>
    /// <exception cref="FormatException">Its model is damaged; nothing was changed.</exception>
    public ModelVersion MakeCurrent(int number)
    {
        using var held = StoreLock.Take(_folder, CancellationToken.None);
        return MakeCurrentWhileHeld(number);
    }

    /// <summary>
    /// Makes the version current from which the current one was trained; where it came from elsewhere, the one added before it.
    /// </summary>
    /// <returns>The version that is current now.</returns>
    /// <exception cref="InvalidOperationException">There is none before it.</exception>
    /// <exception cref="FormatException">Its model is damaged; nothing was changed.</exception>
    public ModelVersion Rollback()
    {
        using var held = StoreLock.Take(_folder, CancellationToken.None);
        var current = VersionFiles.ReadCurrent(_folder) ?? throw Empty();
        var numbers = VersionFiles.Numbers(_folder);
        var before = numbers.Contains(current) && Version(current).From is { } from && numbers.Contains(from) ? from
            : numbers.LastOrDefault(n => n < current);
        return before > 0 ? MakeCurrentWhileHeld(before)
            : throw new InvalidOperationException($"There is no version before {current} in the store '{_folder}'.");
    }

    /// <summary>Deletes old versions; never the current one nor the one that it was trained from.</summary>
    /// <param name="versions">How many to keep, from 1.</param>
    public void Retain(int versions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(versions, 1);
        using var held = StoreLock.Take(_folder, CancellationToken.None);
        var current = Current;
        foreach (var number in VersionFiles.Numbers(_folder).SkipLast(versions).Where(n => n != current?.Number && n != current?.From))
        {
            // The JSON first: what is left of a version without it is not seen.
            File.Delete(VersionFiles.Json(_folder, number));
            File.Delete(VersionFiles.Rows(_folder, number));
            File.Delete(VersionFiles.Model(_folder, number));
        }

        // Of a Retain that was killed.
        VersionFiles.DeleteUnfinished(_folder, 0, VersionFiles.Numbers(_folder).LastOrDefault());
    }

    /// <returns>The path of the model.</returns>
    private string RequireWhole(ModelVersion version)
    {
        var path = VersionFiles.Model(_folder, version.Number);
        try
        {
            return VersionFiles.Print(path) == version.ModelPrint ? path : throw Damaged("not what was written there", null);
        }
        catch (FileNotFoundException e)
        {
            throw Damaged("gone", e);
        }

        FormatException Damaged(string how, Exception? inner) => new(
            $"'{path}' is {how}. Put it back from a copy, or make another version current (Rollback, MakeCurrent).", inner);
    }

    private ModelVersion MakeCurrentWhileHeld(int number)
    {
        var version = Version(number);
        RequireWhole(version);
        VersionFiles.WriteCurrent(_folder, number);
        return version;
    }

    internal ModelVersion Add(
        ModelOperationsCatalog catalog, ITransformer model, DataViewSchema schema, IDataView? heldOut, int? expected, VersionFacts facts,
        CancellationToken cancellation)
    {
        using var held = StoreLock.Take(_folder, cancellation);
        if (expected is { } champion && VersionFiles.ReadCurrent(_folder) is var now && now != champion)
        {
            throw new InvalidOperationException(
                $"Version {now} became current while the candidate was compared with version {champion}. Nothing was changed; retrain "
                    + $"again.");
        }

        var number = VersionFiles.Last(_folder) + 1;
        VersionFiles.DeleteUnfinished(_folder, VersionFiles.Numbers(_folder).LastOrDefault(), number);
        AtomicFile.Write(VersionFiles.Model(_folder, number), stream => catalog.Save(model, schema, stream), overwrite: false);
        var kept = heldOut is not null && HeldOutFile.Write(VersionFiles.Rows(_folder, number), heldOut);
        cancellation.ThrowIfCancellationRequested();
        var version = new ModelVersion
        {
            Number = number,
            Added = _clock.GetUtcNow(),
            From = facts.From,
            Note = facts.Note,
            TrainingRows = facts.TrainingRows,
            HeldOut = facts.HeldOut,
            Training = facts.Training,
            WrittenBy = [Named(typeof(ModelStore)), Named(typeof(MLContext))],
            ModelPrint = VersionFiles.Print(VersionFiles.Model(_folder, number)),
            RowsPrint = kept ? VersionFiles.Print(VersionFiles.Rows(_folder, number)) : null,
        };
        VersionFiles.Write(_folder, version);
        VersionFiles.WriteCurrent(_folder, number);
        return version;
    }

    private static string Named(Type type) => $"{type.Assembly.GetName().Name} {type.Assembly.GetName().Version}";

    private InvalidOperationException Empty() =>
        new($"The store '{_folder}' is empty. Add a model first: store.Add(ml.Model, model, schema).");
}
