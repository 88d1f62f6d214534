using System.Text;

namespace ModelBuild.Tasks.Program;

/// <summary>Joins arguments to one command line. The class exists because netstandard2.0 has no list of arguments.</summary>
internal static class CommandLine
{
    /// <summary>Joins arguments so that .NET splits them into the same arguments on every platform.</summary>
    public static string Join(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    /// <summary>Splits a list of arguments so that no command line is longer than Windows allows.</summary>
    public static IEnumerable<IReadOnlyList<T>> Chunks<T>(IReadOnlyList<T> arguments, Func<T, int> length, int maxLength = 24_000)
    {
        var chunk = new List<T>();
        var sum = 0;
        foreach (var argument in arguments)
        {
            if (chunk.Count > 0 && sum + length(argument) + 3 > maxLength)
            {
                yield return chunk;
                chunk = [];
                sum = 0;
            }

            chunk.Add(argument);
            sum += length(argument) + 3;
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    // Quotes an argument. As in the C runtime, a backslash is an escape character only before a quotation mark.
    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.IndexOfAny([' ', '\t', '"']) < 0)
            return argument;
        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var letter in argument)
        {
            if (letter == '"')
                quoted.Append('\\', backslashes + 1);
            backslashes = letter == '\\' ? backslashes + 1 : 0;
            quoted.Append(letter);
        }

        return quoted.Append('\\', backslashes).Append('"').ToString();
    }
}
