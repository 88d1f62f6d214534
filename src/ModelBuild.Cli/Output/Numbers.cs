using System.Globalization;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Formats numbers in tables: aligned to the right, with commas between thousands in every culture.</summary>
internal static class Numbers
{
    /// <summary>Adds columns of numbers.</summary>
    public static Table AddNumbers(this Table table, params string[] titles) =>
        table.AddColumns([.. titles.Select(title => new TableColumn(title).RightAligned().NoWrap())]);

    /// <summary>Formats a count or a size.</summary>
    public static string Format(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Formats a share as a percentage.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");
}
