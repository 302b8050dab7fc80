using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>Reads a condition as a person types it: <c>city = "Austin" and (rooms > 3 or not date &lt; 2026-01-01)</c>.</summary>
internal sealed class ConditionText
{
    private readonly List<(string Text, bool Quoted)> _words = [];
    private readonly string _typed;
    private int _at;

    private ConditionText(string typed)
    {
        _typed = typed;
        Divide();
    }

    /// <exception cref="Failure">It is no condition; the message says what one looks like.</exception>
    public static Condition Parse(string typed)
    {
        var text = new ConditionText(typed);
        var condition = text.Any();
        return text._at == text._words.Count ? condition : throw text.Wrong($"'{text._words[text._at].Text}' is not expected there");
    }

    private Condition Any()
    {
        var one = All();
        while (Takes("or") || Takes("||"))
        {
            one = new Condition.Any(one, All());
        }

        return one;
    }

    private Condition All()
    {
        var one = Not();
        while (Takes("and") || Takes("&&"))
        {
            one = new Condition.All(one, Not());
        }

        return one;
    }

    private Condition Not()
    {
        if (Takes("not") || Takes("!"))
        {
            return new Condition.Not(Not());
        }

        if (Takes("("))
        {
            var inner = Any();
            return Takes(")") ? inner : throw Wrong("a ) is missing");
        }

        var column = Spelling.Name(Word("a column"));
        if (Takes("is"))
        {
            var negated = Takes("not");
            return Takes("missing") || Takes("null") || Takes("empty")
                ? negated ? new Condition.Not(new Condition.Missing(column)) : new Condition.Missing(column)
                : throw Wrong("after 'is' comes 'missing' or 'not missing'");
        }

        var not = Takes("not");
        if (Takes("in"))
        {
            var any = In(column);
            return not ? new Condition.Not(any) : any;
        }

        foreach (var (sign, meant) in new[] { ("=", "="), ("==", "="), ("!=", "!="), ("<>", "!="), ("<", "<"), ("<=", "<="), (">", ">"),
            (">=", ">=") })
        {
            if (!not && Takes(sign))
            {
                return new Condition.Comparison(column, meant, Word("a value"));
            }
        }

        throw Wrong($"after '{column}' comes =, !=, <, <=, >, >=, in or is");
    }

    private Condition In(string column)
    {
        if (!Takes("("))
        {
            throw Wrong("after 'in' come values in parentheses");
        }

        Condition? any = null;
        do
        {
            var one = new Condition.Comparison(column, "=", Word("a value"));
            any = any is null ? one : new Condition.Any(any, one);
        }
        while (Takes(","));
        return Takes(")") ? any : throw Wrong("a ) is missing");
    }

    private bool Takes(string word)
    {
        if (_at >= _words.Count || _words[_at].Quoted || !_words[_at].Text.Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        _at++;
        return true;
    }

    private string Word(string what) => _at < _words.Count ? _words[_at++].Text : throw Wrong($"{what} is missing at its end");

    private void Divide()
    {
        for (var i = 0; i < _typed.Length;)
        {
            var c = _typed[i];
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (c is '"' or '\'' or '`' or '[')
            {
                var end = _typed.IndexOf(c == '[' ? ']' : c, i + 1);
                _words.Add((end < 0 ? throw Wrong($"a {c} is opened and not closed") : _typed[(i + 1)..end], true));
                i = end + 1;
            }
            else if (c is '=' or '<' or '>' or '!' or '&' or '|')
            {
                var length = i + 1 < _typed.Length && _typed[i + 1] is '=' or '>' or '&' or '|' ? 2 : 1;
                _words.Add((_typed.Substring(i, length), false));
                i += length;
            }
            else if (c is '(' or ')' or ',')
            {
                _words.Add((c.ToString(), false));
                i++;
            }
            else
            {
                var end = i;
                while (end < _typed.Length && !char.IsWhiteSpace(_typed[end])
                    && _typed[end] is not ('=' or '<' or '>' or '!' or '(' or ')' or ',' or '"'))
                {
                    end++;
                }

                _words.Add((_typed[i..end], false));
                i = end;
            }
        }
    }

    private Failure Wrong(string what) => Failure.Usage(
        $"'{_typed}' is no condition: {what}. Conditions look like  city = \"Austin\"  and  date >= 2026-01-01  and  [unit price] > 3 "
            + $"and not shop in (a, b)  and  age is missing.");
}
