using System.CommandLine;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>--compare-trees</c>: boosted trees beside the linear ways.</summary>
internal static class TreesOption
{
    public static Option<bool> Create(Command command)
    {
        var option = new Option<bool>("--compare-trees")
        {
            Description = "Compares boosted trees (LightGbm) of both and of the target alone by five folds of the target's rows; some "
                + "forty "
                + "trainings.",
        };
        command.Add(option);
        return option;
    }
}
