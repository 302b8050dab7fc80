using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Transfer.MLNet.Mutants;

/// <summary>What can be made wrong in a file: each place with another operator, number or condition.</summary>
internal static class Mutator
{
    // Guards against zero: twice as much is the same.
    private const double Tiny = 1e-9;

    private static readonly Dictionary<SyntaxKind, SyntaxKind[]> s_others = new()
    {
        [SyntaxKind.AddExpression] = [SyntaxKind.SubtractExpression],
        [SyntaxKind.SubtractExpression] = [SyntaxKind.AddExpression],
        [SyntaxKind.MultiplyExpression] = [SyntaxKind.DivideExpression],
        [SyntaxKind.DivideExpression] = [SyntaxKind.MultiplyExpression],
        [SyntaxKind.LessThanExpression] = [SyntaxKind.LessThanOrEqualExpression, SyntaxKind.GreaterThanOrEqualExpression],
        [SyntaxKind.LessThanOrEqualExpression] = [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanExpression],
        [SyntaxKind.GreaterThanExpression] = [SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.LessThanOrEqualExpression],
        [SyntaxKind.GreaterThanOrEqualExpression] = [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanExpression],
        [SyntaxKind.EqualsExpression] = [SyntaxKind.NotEqualsExpression],
        [SyntaxKind.NotEqualsExpression] = [SyntaxKind.EqualsExpression],
        [SyntaxKind.LogicalAndExpression] = [SyntaxKind.LogicalOrExpression],
        [SyntaxKind.LogicalOrExpression] = [SyntaxKind.LogicalAndExpression],
        [SyntaxKind.AddAssignmentExpression] = [SyntaxKind.SubtractAssignmentExpression],
        [SyntaxKind.SubtractAssignmentExpression] = [SyntaxKind.AddAssignmentExpression],
        [SyntaxKind.MultiplyAssignmentExpression] = [SyntaxKind.DivideAssignmentExpression],
        [SyntaxKind.DivideAssignmentExpression] = [SyntaxKind.MultiplyAssignmentExpression],
    };

    /// <summary>The mutants of a file: what is replaced, and by what.</summary>
    public static IEnumerable<(ExpressionSyntax From, ExpressionSyntax To)> Of(SyntaxNode root)
    {
        foreach (var node in root.DescendantNodes().OfType<ExpressionSyntax>().Where(Computes))
        {
            switch (node)
            {
                case BinaryExpressionSyntax binary when s_others.TryGetValue(binary.Kind(), out var kinds) && !IsText(binary):
                    foreach (var kind in kinds)
                    {
                        yield return (binary, SyntaxFactory.BinaryExpression(kind, Apart(binary.Left), Apart(binary.Right)));
                    }

                    break;
                case AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } sum
                    when s_others.TryGetValue(sum.Kind(), out var kinds) && !IsText(sum.Right):
                    foreach (var kind in kinds)
                    {
                        yield return (sum, SyntaxFactory.AssignmentExpression(kind, sum.Left, sum.Right));
                    }

                    break;
                case LiteralExpressionSyntax { Token.Value: double value } when value is 0 or > Tiny:
                    yield return (node, SyntaxFactory.ParseExpression(value == 0 ? "1.0" : $"({node} * 2)"));
                    break;
                case PrefixUnaryExpressionSyntax { Operand: not LiteralExpressionSyntax } minus
                    when minus.IsKind(SyntaxKind.UnaryMinusExpression):
                    yield return (minus, Apart(minus.Operand));
                    break;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } invocation
                    when call.Expression.ToString() == "Math" && Swapped(call.Name.Identifier.Text) is { } name:
                    yield return (invocation, invocation.WithExpression(call.WithName(SyntaxFactory.IdentifierName(name))));
                    break;
            }
        }
    }

    private static string? Swapped(string name) =>
        name switch { "Max" => "Min", "Min" => "Max", "Sqrt" => "Abs", "Log" => "Exp", _ => null };

    private static ParenthesizedExpressionSyntax Apart(ExpressionSyntax e) => SyntaxFactory.ParenthesizedExpression(e);

    // Not in constants, attributes, defaults and patterns, which the compiler computes, nor in what is only said.
    private static bool Computes(ExpressionSyntax node) => node.Ancestors().All(a =>
        a is not (AttributeSyntax or ParameterSyntax or PatternSyntax or SwitchLabelSyntax or InterpolationSyntax or ThrowStatementSyntax
            or ThrowExpressionSyntax or EnumMemberDeclarationSyntax or GotoStatementSyntax)
        && !(a is FieldDeclarationSyntax f && f.Modifiers.Any(SyntaxKind.ConstKeyword))
        && !(a is LocalDeclarationStatementSyntax { IsConst: true })
        && !(a is MethodDeclarationSyntax { Identifier.Text: "ToString" }));

    private static bool IsText(ExpressionSyntax e) => e.DescendantNodesAndSelf().Any(n =>
        n is InterpolatedStringExpressionSyntax || n.IsKind(SyntaxKind.StringLiteralExpression));
}
