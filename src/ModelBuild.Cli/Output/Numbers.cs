using System.Globalization;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>How tables show numbers: to the right, with commas between thousands wherever the program runs.</summary>
internal static class Numbers
{
    /// <summary>Adds columns of numbers.</summary>
    public static Table AddNumbers(this Table table, params string[] titles) =>
        table.AddColumns([.. titles.Select(title => new TableColumn(title).RightAligned().NoWrap())]);

    /// <summary>A count or a size.</summary>
    public static string Format(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
