using System.Globalization;
using System.Text.RegularExpressions;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Tests.Pipeline;

public sealed partial class WorkLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<WorkLine> _lines = [];

    private string[] Lines => [.. _lines.Where(line => !line.IsPassing).Select(line => line.Text)];

    [Theory]
    [InlineData(0, "0 G")]
    [InlineData(1234, "0.00000123 G")]
    [InlineData(480_600, "0.000481 G")]
    [InlineData(1.2e9, "1.2 G")]
    [InlineData(8e10, "80 G")]
    [InlineData(1e13, "10,000 G")]
    public void Multiply_adds_have_three_digits(double multiplyAdds, string expected) => Assert.Equal(expected, WorkAccount.InGiga(multiplyAdds));

    [Fact]
    public void An_account_has_what_was_counted_beside_its_sum()
    {
        Assert.Equal("3 G of the allowed 8 G multiply-adds", new WorkAccount(8e9).Add(1e9).Add(2e9).ToString());
        Assert.Equal(
            "9 G multiply-adds, more than the allowed 8 G: the smallest possible amount of work exceeds the limit",
            new WorkAccount(8e9).Add(9e9).ToString()
        );
        Assert.Equal("3 G of an estimated 8 G multiply-adds, 5 G remain", new WorkAccount(8e9, isEstimate: true).Add(3e9).ToString());
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(0)]
    [InlineData(45)]
    [InlineData(400)]
    public void Each_candidate_of_auto_has_a_line_with_its_verdict(double minSqnr)
    {
        var receipt = Compress("auto", minSqnr);

        foreach (var attempt in receipt.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Refused))
            Assert.Contains($"'{ShortRecipe.Of(attempt.Recipe)}' is dropped: {attempt.Why}", Lines);
        foreach (var attempt in receipt.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Kept && attempt.Recipe != "original"))
            Assert.Contains(Lines, line => line.StartsWith($"'{ShortRecipe.Of(attempt.Recipe)}' is good: within the budget", StringComparison.Ordinal));
        // The log has lines about the work and the results of every candidate that was run.
        Assert.Contains(Lines, line => line.StartsWith("trying ", StringComparison.Ordinal));
        Assert.Contains(Lines, line => Ran().IsMatch(line));
        Assert.Contains(Lines, line => line.Contains("output 'y' gets ", StringComparison.Ordinal));
        Assert.All(Lines, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public void A_race_counts_the_runs_of_its_ways_and_never_more_than_are_allowed()
    {
        var receipt = Compress("int8", minSqnr: 0);

        var ways = Got("way to find ranges");
        Assert.Equal(receipt.Steps[^1].Trials.Count(trial => !trial.Recipe.Contains("gptq", StringComparison.Ordinal)), ways.Length);
        Assert.Equal(ways.Select(way => way.Counted).Order(), ways.Select(way => way.Counted));
        Assert.All(ways, way => Assert.InRange(way.Counted, double.Epsilon, way.Total));
        Assert.Equal(60, ways[0].Total);
        Assert.NotEmpty(Got("solved combination"));
    }

    [Fact]
    public void Each_line_tells_the_step_the_trial_the_best_figure_and_what_is_left()
    {
        Compress("equalize int8 bias-correction", minSqnr: 0);

        var places = _lines.Select(line => line.Place).Where(place => place.Number > 0).ToList();
        Assert.Equal("reading", _lines[0].Place.Part);
        Assert.Equal(["optimize", "equalize", "int8", "bias-correction", "verifying"], places.Select(place => place.Part).Distinct());
        Assert.All(places, place => Assert.Equal((5, 5 - place.Number), (place.Count, place.Left.Count)));
        var trials = places.Where(place => place.Part == "int8" && place.BestDb is not null).ToList();
        Assert.Contains(trials, place => place.Trial.StartsWith("way to find ranges ", StringComparison.Ordinal));
        Assert.Equal(trials.Select(place => place.BestDb).Order(), trials.Select(place => place.BestDb));
        Assert.Equal("measuring", _lines[^1].Place.Part);
    }

    [Fact]
    public void The_thorough_choice_says_how_many_combinations_there_are_and_what_remains()
    {
        Compress("int8(best)", minSqnr: 0);

        var combinations = Got("combination");
        Assert.Equal(Enumerable.Range(1, 6).Select(i => (i, 6)), combinations.Select(combination => (combination.Trial, combination.Of)));
        Assert.Equal(combinations.Select(combination => combination.Counted).Order(), combinations.Select(combination => combination.Counted));
        var last = Lines.Last(line => line.StartsWith("combination 6 of 6 gets ", StringComparison.Ordinal));
        Assert.EndsWith(" multiply-adds, 0 G remain", last, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("int8(fast)", 16, true)]
    [InlineData("optimize int8", 2, false)]
    public void Estimates_and_trials_of_mixed_precision_are_counted(string recipe, int evaluations, bool isNamed)
    {
        var receipt = isNamed ? TryCompress(recipe, minSqnr: 150) : Compress("auto", minSqnr: 150);

        Assert.True(isNamed ? receipt is null : receipt!.Attempts.Any(attempt => attempt.Recipe == recipe && attempt.Outcome == AttemptOutcome.Refused));
        string[] estimates = [.. Lines.Where(line => line.StartsWith("restoring layers to float: estimate ", StringComparison.Ordinal))];
        Assert.NotEmpty(estimates);
        Assert.All(estimates, line => Assert.Matches(@"estimate \d+ of at most \d+ gets -?[\d.]+ dB; [\d.,]+ G of the allowed [\d.,]+ G multiply-adds$", line));
        Assert.InRange(Lines.Count(line => line.StartsWith("restoring layers to float: trial ", StringComparison.Ordinal)), 1, evaluations);
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"^'[^']+' ran beside the original in \d+ calls: [\d.,]+ G multiply-adds$")]
    private static partial Regex Ran();

    [GeneratedRegex(
        @"^(?<kind>.+) (?<trial>\d+) of (?<of>\d+) gets -?[\d.]+ dB; (?<counted>[\d.,]+) G .*?(?<total>[\d.,]+) G( are allowed.*| multiply-adds.*)$"
    )]
    private static partial Regex Trial();

    private (int Trial, int Of, double Counted, double Total)[] Got(string kind) =>
        [
            .. Lines
                .Select(line => Trial().Match(line))
                .Where(match => match.Success && match.Groups["kind"].Value == kind)
                .Select(match => ((int)Number(match, "trial"), (int)Number(match, "of"), Number(match, "counted"), Number(match, "total"))),
        ];

    private static double Number(Match match, string group) =>
        double.Parse(match.Groups[group].Value, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private Receipt? TryCompress(string recipe, double minSqnr)
    {
        try
        {
            return Compress(recipe, minSqnr);
        }
        catch (Diagnostics.CompressionException)
        {
            return null;
        }
    }

    // The convolutions are large enough for integer arithmetic.
    private Receipt Compress(string recipe, double minSqnr)
    {
        var pads = ("pads", (object)new long[] { 1, 1, 1, 1 });
        var model = new Net()
            .Input("x", 1, 16, 8, 8)
            .Weight("v", 32, 16, 3, 3)
            .Weight("w", 32, 32, 3, 3)
            .Weight("u", 8, 32, 3, 3)
            .Node("Conv", "x v", "a", pads)
            .Node("Relu", "a", "b")
            .Node("Conv", "b w", "c", pads)
            .Node("Relu", "c", "d")
            .Node("Conv", "d u", "y", pads)
            .Output("y")
            .Save(_folder.File("model.onnx"));
        string[] data =
        [
            .. Enumerable.Range(0, 16).Select(i => Numpy.Npz(_folder.File($"{i}.npz"), ("x", Numpy.Array([1, 16, 8, 8], Noise.Floats(1024, seed: i))))),
        ];
        var request = _folder.Request(model, recipe) with { CalibrationData = data, Budget = new FidelityBudget(MinSqnr: minSqnr) };
        return Compressor.Compress(request, new Reader(_lines.Add), TestContext.Current.CancellationToken);
    }

    private sealed class Reader(Action<WorkLine> add) : IProgress<WorkLine>
    {
        public void Report(WorkLine value) => add(value);
    }
}
