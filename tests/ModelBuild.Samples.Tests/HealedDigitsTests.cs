using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelBuild.Samples.Tests;

/// <summary>The sample that prunes, heals, quantizes and heals again.</summary>
public sealed partial class HealedDigitsTests
{
    [Fact]
    public async Task Training_restores_what_pruning_and_rounding_lose()
    {
        using var program = Samples.Start("HealedDigits");
        var output = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, program.ExitCode);
        double[] accuracies = [.. Percentages().Matches(output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        var (original, pruned, healed, rounded, healedAgain) = (accuracies[0], accuracies[1], accuracies[2], accuracies[3], accuracies[4]);
        Assert.InRange(healed, pruned, original);
        Assert.InRange(healedAgain, rounded + 0.5, original);
        Assert.InRange(healedAgain, original - 2.5, original);
    }

    [GeneratedRegex(@"([\d.]+) %\r?$", RegexOptions.Multiline)]
    private static partial Regex Percentages();
}
