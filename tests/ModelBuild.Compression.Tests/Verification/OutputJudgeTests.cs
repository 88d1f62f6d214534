using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class OutputJudgeTests
{
    [Theory]
    [InlineData(30, 0, true)]
    [InlineData(29.9, 1, false)]
    public void Real_numbers_are_judged_by_their_noise(double decibels, double agreement, bool passes) =>
        Assert.Equal((passes, "MinSqnr 30 dB"), Judge("calibration", Output("logits", decibels, agreement)));

    [Theory]
    [InlineData(5, 0.99, true)]
    [InlineData(100, 0.989, false)]
    public void Class_scores_are_judged_by_their_classes_on_real_inputs(double decibels, double agreement, bool passes) =>
        Assert.Equal((passes, "MaxAccuracyLoss 1%"), Judge("calibration", Output("scores", decibels, agreement)));

    [Theory]
    [InlineData(5, true)]
    [InlineData(10, false)]
    public void Where_there_are_labels_the_accuracy_counts(int lost, bool passes) =>
        Assert.Equal(
            (passes, "MaxAccuracyLoss 0.5%"),
            Judge("calibration", Output("logits", 5, 0.5) with { Accuracy = new Accuracy(0.9, 0.9 - lost / 1000.0) }, new FidelityBudget(MaxAccuracyLoss: 0.005)));

    [Fact]
    public void Labels_of_the_project_say_which_output_has_classes() =>
        Assert.Equal((true, "MaxAccuracyLoss 1%"), Judge("calibration", Output("logits", 5, 1), labels: 10));

    [Theory]
    [InlineData("scores", 29, false)]
    [InlineData("scores", 31, true)]
    [InlineData("logits", 29, false)]
    public void On_made_inputs_the_noise_counts_for_all(string output, double decibels, bool passes) =>
        Assert.Equal((passes, "MinSqnr 30 dB"), Judge("made", Output(output, decibels, 1)));

    [Theory]
    [InlineData("scores", 0.0009, true, true)]
    [InlineData("scores", 0.0011, true, false)]
    [InlineData("scores", 0.0009, false, false)]
    [InlineData("logits", 0.0009, true, false)]
    public void Next_to_nothing_is_spared_where_all_weights_are_precise(string output, double error, bool isPrecise, bool passes) =>
        Assert.Equal(passes, Judge("made", Output(output, -3, 1) with { MaxAbsoluteError = error }, isPrecise: isPrecise).Passed);

    [Theory]
    [InlineData("calibration", 0.98, false, "MaxAccuracyLoss 1%")]
    [InlineData("calibration", 1, true, "MaxAccuracyLoss 1%")]
    [InlineData("made", 0.5, true, null)]
    public void Whole_numbers_are_equal_or_not_and_noise_says_nothing_of_them(string inputs, double agreement, bool passes, string? budget) =>
        Assert.Equal((passes, budget), Judge(inputs, Output("indices", 10, agreement) with { IsFloat = false }));

    [Theory]
    [InlineData(null, null, 0.01, 30)]
    [InlineData("", " ", 0.01, 30)]
    [InlineData("2%", "25", 0.02, 25)]
    [InlineData("0.005", "40 dB", 0.005, 40)]
    [InlineData(" 0 % ", "-5.5dB", 0, -5.5)]
    [InlineData("100%", "1e1", 1, 10)]
    public void Budgets_are_read_as_people_write_them(string? loss, string? decibels, double maxLoss, double minSqnr) =>
        Assert.Equal(new FidelityBudget(maxLoss, minSqnr), FidelityBudget.Parse(loss, decibels));

    [Theory]
    [InlineData("1 percent", null, "MaxAccuracyLoss='1 percent' must be a share such as 1% or 0.01")]
    [InlineData("2", null, "between 0% and 100%")]
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

    private static (bool Passed, string? Budget) Judge(string inputs, OutputFidelity output, FidelityBudget? budget = null, int labels = 0, bool isPrecise = false)
    {
        var model = new Net().Input("x", -1, 4).Weight("w", 4, 10).Node("MatMul", "x w", "logits").Node("Softmax", "logits", "scores").Node("ArgMax", "logits", "indices")
            .Output("logits", DataType.Float, -1, 10).Output("scores", DataType.Float, -1, 10).Output("indices", DataType.Int64, -1, 1).Build();
        var judge = new OutputJudge(model, SignatureReader.Read(model), budget ?? new FidelityBudget(), labels);

        var verdict = Assert.Single(judge.Judge(new FidelityReport(inputs, 1, [output]), isPrecise));
        return (verdict.Passed, verdict.Budget);
    }

    private static OutputFidelity Output(string name, double decibels, double agreement) => new(name, IsFloat: true, decibels, agreement, MaxAbsoluteError: 1, Accuracy: null);
}
