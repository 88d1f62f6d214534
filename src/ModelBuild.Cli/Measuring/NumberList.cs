using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Measuring;

/// <summary>Reads lists of numbers, such as the threads <c>1,all</c>, and writes numbers of threads.</summary>
internal static class NumberList
{
    private const string All = "all";

    /// <summary>The number of threads that stands for the default of ONNX Runtime, one for each core.</summary>
    public const int AllThreads = 0;

    /// <summary>Reads numbers of threads.</summary>
    /// <exception cref="CompressionException">MB1005: the text is not a list of positive numbers and <c>all</c>.</exception>
    public static IReadOnlyList<int> Threads(string option, string text) => Read(option, text, "1,2,all", part => part == All ? AllThreads : Positive(part));

    /// <summary>Reads numbers of rows.</summary>
    /// <exception cref="CompressionException">MB1005: the text is not a list of positive numbers.</exception>
    public static IReadOnlyList<int> Rows(string option, string text) => Read(option, text, "1,16", Positive);

    /// <summary>Returns a number of threads as users write it.</summary>
    public static string ThreadText(int threads) => threads == AllThreads ? All : threads.ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<int> Read(string option, string text, string example, Func<string, int?> parse)
    {
        var numbers = text.Split(',', StringSplitOptions.TrimEntries).Select(parse).ToArray();
        return Array.TrueForAll(numbers, number => number is not null)
            ? [.. numbers.Select(number => number!.Value).Distinct()]
            : throw new CompressionException(Codes.UnknownOption, $"{option} '{text}' must be a list of numbers such as {example}.");
    }

    private static int? Positive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
