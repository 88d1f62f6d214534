using System.Text.RegularExpressions;
using ModelBuild.Compression.Reports;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Receipts;

/// <summary>Tests that a number that rounds to zero is printed without a sign.</summary>
public sealed partial class SignedNumberTests
{
    [Theory]
    [InlineData(-0.04, "0.0", "0.0")]
    [InlineData(0.04, "0.0", "0.0")]
    [InlineData(-0.0, "0.0", "0.0")]
    [InlineData(-0.06, "-0.1", "−0.1")]
    [InlineData(12.34, "12.3", "+12.3")]
    public void Zero_has_no_sign(double value, string plain, string difference)
    {
        Assert.Equal(plain, SignedNumber.Of(value, 1));
        Assert.Equal(difference, SignedNumber.Difference(value, 1));
    }

    [Fact]
    public void A_terminal_has_the_sign_of_ASCII() => Assert.Equal("-0.25", SignedNumber.Difference(-0.25, 2, '-'));

    [Fact]
    [Trait("Speed", "Slow")]
    public void No_other_code_formats_signs_or_decibels()
    {
        var files = Directory
            .EnumerateFiles(Path.Combine(Corpus.Repository, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .ToArray();

        Assert.True(files.Length > 500, $"Only {files.Length} files were found.");
        Assert.Empty(files.Where(file => Signs().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName));
    }

    // The pattern finds formats with a sign of their own, and ratios in dB with a fixed number of digits. A peak ratio of images is never negative near zero.
    [GeneratedRegex(@"\{[^{}""]*:[+−]0|\{(?!peak)[^{}"":]+:0\.0+\} dB")]
    private static partial Regex Signs();
}
