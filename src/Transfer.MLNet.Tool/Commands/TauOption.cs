using System.CommandLine;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>A tau that was typed.</summary>
internal static class TauOption
{
    public static double? Of(ParseResult parse, Option<double?> option) => parse.GetValue(option) is not { } tau ? null
        : double.IsFinite(tau) && tau >= 0 ? tau
        : throw Failure.Usage($"{option.Name} {tau}: give a finite number, zero or above.");
}
