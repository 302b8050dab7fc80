using NotebookMaker;

const string Help = """
    Makes the notebooks of this folder's parent from source/*.md: NAME.ipynb with the outputs of its cells, and NAME.cs for `dotnet run`.

      dotnet run -c Release --project examples/notebooks/Maker -- [--check] [NAME...]

      --check   writes nothing: runs the cells, and fails where an output that is stored no longer agrees, or a file is not what its source makes
    """;

var check = args.Contains("--check");
var names = args.Where(a => a != "--check").ToArray();
if (names.FirstOrDefault(n => n.StartsWith('-')) is { } unknown)
{
    Console.Error.WriteLine(unknown is "--help" or "-h" ? Help : $"There is no option {unknown}.\n\n{Help}");
    return unknown is "--help" or "-h" ? 0 : 2;
}

var folder = Places.Notebooks();
var all = Directory.GetFiles(Path.Combine(folder, "source"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f))
    .Order(StringComparer.Ordinal).ToArray();
if (names.FirstOrDefault(n => !all.Contains(n)) is { } none)
{
    Console.Error.WriteLine($"There is no notebook '{none}'; there are: {string.Join(", ", all)}.");
    return 2;
}

var wrong = 0;
foreach (var name in names.Length > 0 ? names : all)
{
    var cells = Cell.Of(File.ReadAllText(Path.Combine(folder, "source", name + ".md")));
    if (Directives.Packages(cells).Where(p => !References.Have(p)).ToArray() is { Length: > 0 } lacking)
    {
        wrong += await OtherMaker.Run(name, check, lacking) ? 0 : 1;
        continue;
    }

    var (notebook, program) = (Path.Combine(folder, name + ".ipynb"), Path.Combine(folder, name + ".cs"));
    var work = Directory.CreateTempSubdirectory("notebook-").FullName;
    try
    {
        // In a folder of its own, so that what a cell writes does not stay; the data lie where the notebook looks for them.
        var place = Directory.CreateDirectory(Path.Combine(work, "notebooks")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(work, "data"), Path.Combine(folder, "..", "data"));
        var kernel = new Kernel(place);
        var outputs = new List<Output?>();
        foreach (var cell in cells)
        {
            outputs.Add(cell.IsCode ? await kernel.Run(cell.Text) : null);
        }

        if (check)
        {
            var complaints = Check.Of(name, cells, outputs, File.ReadAllText(notebook), File.ReadAllText(program)).ToList();
            complaints.ForEach(Console.Error.WriteLine);
            wrong += complaints.Count;
        }
        else
        {
            File.WriteAllText(notebook, Notebook.Of(cells, outputs));
            File.WriteAllText(program, ProgramFile.Of(name, cells));
        }

        Console.WriteLine($"{name}: {cells.Count(c => c.IsCode)} cells of code");
    }
    finally
    {
        Directory.SetCurrentDirectory(folder);
        Directory.Delete(work, recursive: true);
    }
}

return wrong == 0 ? 0 : 1;
