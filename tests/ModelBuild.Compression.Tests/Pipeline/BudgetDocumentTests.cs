using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests that the documentation names each bound of <c>auto</c> with its value.</summary>
public sealed partial class BudgetDocumentTests
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly string Text = File.ReadAllText(Path.Combine(Corpus.Repository, "docs/quantization.md"));

    public static TheoryData<string, string> Written =>
        [.. Bound().Matches(Text).Select(match => (match.Groups["name"].Value, match.Groups["value"].Value)).Distinct()];

    [Theory]
    [MemberData(nameof(Written))]
    public void A_bound_that_is_written_is_the_one_in_the_code(string name, string value) =>
        Assert.Equal(Number(value), Convert.ToDouble(Value(name), CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("Int8Choice.RacingWork")]
    [InlineData("Int8Choice.SolvingWork")]
    [InlineData("Int8Choice.MaxSolved")]
    [InlineData("HeldOutEvaluator.MaxWork")]
    [InlineData("RowBudget.Recovery.Runs")]
    [InlineData("RowBudget.Recovery.Work")]
    [InlineData("SearchBounds.Quick.Evaluations")]
    [InlineData("SearchBounds.Quick.Estimates")]
    [InlineData("SearchBounds.Quick.Calls")]
    [InlineData("SearchBounds.Work")]
    public void Each_bound_is_written(string name) => Assert.Contains($"`{name} = ", Text, StringComparison.Ordinal);

    [GeneratedRegex(@"`(?<name>[A-Z]\w+(\.[A-Z]\w+)+) = (?<value>\d+( G)?)`")]
    private static partial Regex Bound();

    private static double Number(string text) =>
        text.EndsWith(" G", StringComparison.Ordinal)
            ? 1e9 * double.Parse(text[..^2], CultureInfo.InvariantCulture)
            : double.Parse(text, CultureInfo.InvariantCulture);

    // The value is that of a constant, or of a property of a static property.
    private static object Value(string name)
    {
        var parts = name.Split('.');
        var type = Assert.Single(typeof(Compressor).Assembly.GetTypes(), type => type.Name == parts[0]);
        object? value = null;
        foreach (var part in parts.Skip(1))
        {
            var owner = value?.GetType() ?? type;
            value = owner.GetField(part, Any)?.GetValue(value) ?? owner.GetProperty(part, Any)?.GetValue(value);
        }

        return Assert.IsType<object>(value, exactMatch: false);
    }
}
