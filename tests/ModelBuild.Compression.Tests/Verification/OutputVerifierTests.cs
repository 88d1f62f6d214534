using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class OutputVerifierTests
{
    [Theory]
    [InlineData(30, 0, true)]
    [InlineData(29.9, 1, false)]
    public void Real_numbers_are_judged_by_their_noise(double decibels, double agreement, bool passes) =>
        Assert.Equal((passes, "MinSqnr 30 dB"), Verify(InputKind.Calibration, Output("logits", decibels, agreement)));

    [Theory]
    [InlineData(5, 0.99, true)]
    [InlineData(100, 0.989, false)]
    public void Class_scores_are_judged_by_their_classes_on_real_inputs(double decibels, double agreement, bool passes) =>
        Assert.Equal((passes, "MaxAccuracyLoss 1%"), Verify(InputKind.Calibration, Output("scores", decibels, agreement)));

    [Theory]
    [InlineData(26, 1, 0.01, true)]
    [InlineData(26, 2, 0.01, false)]
    [InlineData(26, 1, 0, false)]
    [InlineData(200, 2, 0.01, true)]
    [InlineData(200, 3, 0.01, false)]
    public void Of_few_rows_one_may_differ(long rows, int different, double loss, bool passes) =>
        Assert.Equal(
            passes,
            Verify(
                InputKind.Calibration,
                Output("scores", 5, 1 - (double)different / rows) with
                {
                    Rows = rows,
                },
                new FidelityBudget(MaxAccuracyLoss: loss)
            ).Passed
        );

    [Theory]
    [InlineData(5, true)]
    [InlineData(10, false)]
    public void Where_there_are_labels_the_accuracy_counts(int lost, bool passes) =>
        Assert.Equal(
            (passes, "MaxAccuracyLoss 0.5%"),
            Verify(
                InputKind.Calibration,
                Output("logits", 5, 0.5) with
                {
                    Accuracy = new Accuracy(0.9, 0.9 - lost / 1000.0),
                },
                new FidelityBudget(MaxAccuracyLoss: 0.005)
            )
        );

    [Theory]
    [InlineData("scores", 29, false)]
    [InlineData("scores", 31, true)]
    [InlineData("logits", 29, false)]
    public void On_made_inputs_the_noise_counts_for_all(string output, double decibels, bool passes) =>
        Assert.Equal((passes, "MinSqnr 30 dB"), Verify(InputKind.Synthetic, Output(output, decibels, 1)));

    [Theory]
    [InlineData("scores", 0.0009, true, true)]
    [InlineData("scores", 0.0011, true, false)]
    [InlineData("scores", 0.0009, false, false)]
    [InlineData("logits", 0.0009, true, false)]
    public void Next_to_nothing_is_spared_where_all_weights_are_precise(string output, double error, bool isPrecise, bool passes) =>
        Assert.Equal(passes, Verify(InputKind.Synthetic, Output(output, -3, 1) with { MaxAbsoluteError = error }, isPrecise: isPrecise).Passed);

    [Fact]
    public void The_limit_of_negligible_probabilities_can_be_read()
    {
        var output = Output("scores", 29, 1) with { MaxAbsoluteError = 0.0009 };
        var verdict = Assert.Single(new OutputVerifier(new FidelityBudget()).Verify(new FidelityReport(InputKind.Synthetic, 1, [output]), isPrecise: true));

        Assert.Equal("within an error of 0.001 in probabilities", FidelityFigures.Verdict(FidelityFacts.Of(verdict)));
    }

    [Theory]
    [InlineData(null, false, true, "an error of 0.001 in probabilities")]
    [InlineData(null, true, true, "an error of 0.001 in probabilities")]
    [InlineData(30.0, true, true, "an error of 0.001 in probabilities")]
    [InlineData(30.0, false, false, "MinSqnr 30 dB")]
    [InlineData(150.0, false, false, "MinSqnr 150 dB")]
    public void A_ratio_that_the_user_sets_counts_for_negligible_probabilities_too(double? ratio, bool isSpared, bool passes, string budget)
    {
        var limits = new FidelityBudget(MinSqnr: ratio) { SparesNegligible = isSpared };

        Assert.Equal((passes, budget), Verify(InputKind.Synthetic, Output("scores", 29, 1) with { MaxAbsoluteError = 0.0009 }, limits, isPrecise: true));
    }

    [Theory]
    [InlineData(InputKind.Calibration, 0.98, false, "MaxAccuracyLoss 1%")]
    [InlineData(InputKind.Calibration, 1, true, "MaxAccuracyLoss 1%")]
    [InlineData(InputKind.Synthetic, 0.5, true, null)]
    internal void Whole_numbers_are_equal_or_not_and_noise_says_nothing_of_them(InputKind inputs, double agreement, bool passes, string? budget) =>
        Assert.Equal((passes, budget), Verify(inputs, Output("indices", 10, agreement) with { IsFloat = false, Kind = FidelityKind.Indices }));

    [Theory]
    [InlineData(null, null, 0.01, null)]
    [InlineData("", " ", 0.01, null)]
    [InlineData("2%", "25", 0.02, 25.0)]
    [InlineData("0.005", "40 dB", 0.005, 40.0)]
    [InlineData(" 0 % ", "-5.5dB", 0, -5.5)]
    [InlineData("100%", "1e1", 1, 10.0)]
    [InlineData("0.099", "0", 0.099, 0.0)]
    [InlineData("0", "-100", 0, -100.0)]
    [InlineData("0.5%", "30DB", 0.005, 30.0)]
    public void Budgets_are_read_as_people_write_them(string? loss, string? decibels, double maxLoss, double? minSqnr) =>
        Assert.Equal(new FidelityBudget(maxLoss, minSqnr), FidelityBudget.Parse(loss, decibels));

    [Theory]
    [InlineData("1 percent", null, "MaxAccuracyLoss='1 percent' must be a share such as 1% or 0.01")]
    [InlineData("2", null, "MaxAccuracyLoss='2' may mean 2 % or the share 2, which is 200 %: write 2% for the first.")]
    [InlineData("1", null, "MaxAccuracyLoss='1' may mean 1 % or the share 1, which is 100 %: write 1% for the first, 100% for the second.")]
    [InlineData("1.0", null, "may mean 1 %")]
    [InlineData("5", null, "write 5% for the first")]
    [InlineData("0.5", null, "may mean 0.5 % or the share 0.5, which is 50 %: write 0.5% for the first, 50% for the second.")]
    [InlineData("0.1", null, "may mean 0.1 %")]
    [InlineData("200%", null, "between 0% and 100%")]
    [InlineData("101", null, "between 0% and 100%")]
    [InlineData("0,5%", null, "MaxAccuracyLoss='0,5%' must be a share such as 1% or 0.01")]
    [InlineData("1%%", null, "must be a share")]
    [InlineData("-0.01", null, "between 0% and 100%")]
    [InlineData(null, "0.99", "MinSqnr='0.99' is a number of dB")]
    [InlineData(null, "0.01dB", "write 30 for 30 dB")]
    [InlineData(null, "30%", "must be a number of dB")]
    [InlineData(null, "3dB0", "must be a number of dB")]
    [InlineData(null, "30 dBm", "must be a number of dB")]
    [InlineData("-1%", null, "between 0% and 100%")]
    [InlineData("NaN", null, "MaxAccuracyLoss='NaN'")]
    [InlineData(null, "much", "MinSqnr='much' must be a number of dB such as 30")]
    [InlineData(null, "Infinity", "MinSqnr='Infinity'")]
    [InlineData(null, "30,5", "MinSqnr='30,5'")]
    public void What_is_no_budget_is_an_error(string? loss, string? decibels, string message)
    {
        var exception = Assert.Throws<CompressionException>(() => FidelityBudget.Parse(loss, decibels));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    public static IEnumerable<ITheoryDataRow> Kinds { get; } =
        new TheoryData<OutputFidelity, string, bool>()
        {
            { Vector(0.995, 0.98), "cosine 0.99 in the mean, 0.97 at the worst", true },
            { Vector(0.985, 0.98), "cosine 0.99 in the mean, 0.97 at the worst", false },
            { Vector(0.999, 0.96), "cosine 0.99 in the mean, 0.97 at the worst", false },
            { Output("image", 5, 0) with { Kind = FidelityKind.Image, PsnrDb = 35 }, "PSNR 35 dB", true },
            { Output("image", 50, 0) with { Kind = FidelityKind.Image, PsnrDb = 34.9 }, "PSNR 35 dB", false },
            { Output("sound", 30, 0) with { Kind = FidelityKind.Waveform }, "MinSqnr 30 dB", true },
            { Output("sound", 29, 0) with { Kind = FidelityKind.Waveform }, "MinSqnr 30 dB", false },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    internal void Each_kind_has_its_bar_on_real_and_on_made_inputs(OutputFidelity output, string budget, bool passes)
    {
        Assert.Equal((passes, budget), Verify(InputKind.Calibration, output));
        Assert.Equal((passes, budget), Verify(InputKind.Synthetic, output));
    }

    [Theory]
    [InlineData(FidelityKind.Embedding)]
    [InlineData(FidelityKind.Image)]
    [InlineData(FidelityKind.Waveform)]
    [InlineData(FidelityKind.Probabilities)]
    [InlineData(FidelityKind.Numbers)]
    internal void A_ratio_that_the_user_sets_counts_for_all_that_is_no_score(FidelityKind kind)
    {
        OutputFidelity Of(double decibels) => Output("y", decibels, 1) with { Kind = kind, Cosine = new CosineFigures(1, 1, null, 100), PsnrDb = 100 };

        foreach (var inputs in new[] { InputKind.Calibration, InputKind.Synthetic })
        {
            Assert.Equal((true, "MinSqnr 40 dB"), Verify(inputs, Of(41), new FidelityBudget(MinSqnr: 40)));
            Assert.Equal((false, "MinSqnr 40 dB"), Verify(inputs, Of(39), new FidelityBudget(MinSqnr: 40)));
        }
    }

    [Theory]
    [InlineData(true, null, "MaxAccuracyLoss 1%")]
    [InlineData(true, 40.0, "MinSqnr 40 dB")]
    [InlineData(false, 40.0, "MaxAccuracyLoss 1%")]
    public void Scores_by_name_alone_are_held_against_a_ratio_that_the_user_sets(bool isNamed, double? ratio, string budget) =>
        Assert.Equal(budget, Verify(InputKind.Calibration, Output("scores", 39, 1) with { IsNamed = isNamed }, new FidelityBudget(MinSqnr: ratio)).Budget);

    [Theory]
    [InlineData(FidelityKind.Rows)]
    [InlineData(FidelityKind.Boxes)]
    internal void Rows_are_held_against_their_matches_on_real_inputs(FidelityKind kind)
    {
        OutputFidelity Rows(double f1) => Output("rows", -200, 0) with { Kind = kind, Matches = new MatchFigures(50, 49, f1, null) };

        Assert.Equal((true, "MaxAccuracyLoss 1%"), Verify(InputKind.Calibration, Rows(0.995)));
        Assert.Equal((false, "MaxAccuracyLoss 1%"), Verify(InputKind.Calibration, Rows(0.98)));
        Assert.Equal((false, "MaxAccuracyLoss 1%"), Verify(InputKind.Synthetic, Rows(0.98)));
    }

    [Fact]
    public void On_made_inputs_what_feeds_a_selection_is_judged_instead_of_the_rows()
    {
        var rows = Output("rows", -200, 0) with { Kind = FidelityKind.Rows, Matches = new MatchFigures(50, 40, 0.5, null) };
        var feeder = Output("scores", 35, 1) with { Feeds = "TopK" };

        var verdicts = new OutputVerifier(new FidelityBudget()).Verify(new FidelityReport(InputKind.Synthetic, 4, [rows, feeder]), isPrecise: false);

        Assert.Equal([null, "MinSqnr 30 dB"], verdicts.Select(verdict => verdict.Budget));
        Assert.All(verdicts, verdict => Assert.True(verdict.Passed));
    }

    [Theory]
    [InlineData(NotMeasured.Empty, 200, true)]
    [InlineData(NotMeasured.NotFinite, 200, true)]
    [InlineData(NotMeasured.Missing, 200, true)]
    [InlineData(NotMeasured.Constant, 200, true)]
    [InlineData(NotMeasured.Saturated, 200, true)]
    [InlineData(NotMeasured.Constant, 10, false)]
    [InlineData(NotMeasured.Saturated, 10, false)]
    internal void What_was_not_measured_is_held_against_nothing_unless_it_is_wrong(NotMeasured why, double decibels, bool passes)
    {
        var output = Output("logits", decibels, 1) with { WhyNotMeasured = why };
        foreach (var inputs in new[] { InputKind.Calibration, InputKind.Synthetic })
        {
            var verdict = Assert.Single(new OutputVerifier(new FidelityBudget()).Verify(new FidelityReport(inputs, 4, [output]), isPrecise: false));

            Assert.Equal((passes, passes ? null : "MinSqnr 30 dB"), (verdict.Passed, verdict.Budget));
            Assert.True(OutputVerdict.ProveNothing([verdict]));
        }
    }

    [Fact]
    public void One_output_that_was_measured_proves_something()
    {
        var silent = new OutputVerdict(Output("a", 200, 1) with { WhyNotMeasured = NotMeasured.Empty }, null, "", true);
        var measured = new OutputVerdict(Output("b", 40, 1), "MinSqnr 30 dB", "40.0 dB", true);

        Assert.True(OutputVerdict.ProveNothing([silent]));
        Assert.False(OutputVerdict.ProveNothing([silent, measured]));
        Assert.False(OutputVerdict.ProveNothing([new OutputVerdict(Output("c", 40, 1), null, "", true)]));
    }

    private static (bool Passed, string? Budget) Verify(InputKind inputs, OutputFidelity output, FidelityBudget? budget = null, bool isPrecise = false)
    {
        var verdict = Assert.Single(new OutputVerifier(budget ?? new FidelityBudget()).Verify(new FidelityReport(inputs, 1, [output]), isPrecise));
        return (verdict.Passed, verdict.Budget);
    }

    private static OutputFidelity Vector(double mean, double worst) =>
        Output("vector", 15, 0) with
        {
            Kind = FidelityKind.Embedding,
            Cosine = new CosineFigures(mean, worst, null, 15),
        };

    private static OutputFidelity Output(string name, double decibels, double agreement) =>
        new(name, IsFloat: true, decibels, agreement, MaxAbsoluteError: 1, Accuracy: null)
        {
            Kind = name == "scores" ? FidelityKind.Scores : FidelityKind.Numbers,
            IsProbability = name == "scores",
        };
}
