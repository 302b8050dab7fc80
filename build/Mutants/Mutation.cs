using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Transfer.MLNet.Mutants;

/// <summary>A place of a file, and what stands there instead.</summary>
internal sealed record Mutation(string File, ExpressionSyntax From, ExpressionSyntax To)
{
    public int Line => From.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
