using ModelBuild.Cli.Data.Files;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Data.Texts;

/// <summary>Lists the names of the columns of tables and of the keys of JSON objects that have texts, as in Hugging Face's data sets.</summary>
internal static class TextColumns
{
    public const string Label = "label";

    private static readonly (string First, string Second)[] Pairs = [("text", "text_pair"), ("question", "context"), ("sentence1", "sentence2")];

    /// <summary>Returns whether some of the columns have names that stand for texts.</summary>
    public static bool HaveTexts(IReadOnlyCollection<string> names) => Pairs.Any(pair => names.Contains(pair.First));

    /// <summary>Creates a row of texts from the values of columns.</summary>
    /// <param name="columns">The values by the names of their columns in lower case. A value is null if the row has no value in this column.</param>
    /// <param name="place">The place of the row.</param>
    /// <exception cref="CompressionException">MB1019: no column has a text.</exception>
    public static TextRow Row(IReadOnlyDictionary<string, string?> columns, DataPlace place)
    {
        foreach (var (first, second) in Pairs)
            if (columns.GetValueOrDefault(first) is { } text)
                return new TextRow(text, columns.GetValueOrDefault(second), columns.GetValueOrDefault(Label), place);
        throw DataFault.Of(place, $"has no text. {Expected(columns.Keys)}");
    }

    /// <summary>Returns a sentence that lists the names of columns that are read and those that a file has.</summary>
    /// <param name="names">The names that the file has.</param>
    public static string Expected(IEnumerable<string> names) =>
        $"The names are {string.Join(", ", Pairs.Select(pair => $"'{pair.First}' with or without '{pair.Second}'"))}, and '{Label}'; "
        + $"it has {string.Join(", ", names.Take(10).Select(name => $"'{name}'"))}.";
}
