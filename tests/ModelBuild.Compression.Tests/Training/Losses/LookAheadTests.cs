using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Training;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Losses;

/// <summary>Tests that settings of a loss follow what helps on held-out rows.</summary>
public sealed class LookAheadTests
{
    [Fact]
    public void A_term_that_helps_gains_weight_over_one_that_harms()
    {
        var settings = new LossSettings(4);
        var loss = new LossSum([settings.Learn(new SquaredErrorLoss("y", "right", weight: 1)), settings.Learn(new SquaredErrorLoss("y", "wrong", weight: 1))]);

        Learn(settings, loss, new SquaredErrorLoss("y", "right", weight: 1), updates: 20);

        var values = settings.Values();
        Assert.True(values["factor of error of y 1"] > 1.5, $"{values["factor of error of y 1"]}");
        Assert.Equal(1, values["factor of error of y 1"] * values["factor of error of y 2"], 1e-3);
    }

    [Fact]
    public void Factors_of_equal_terms_stay_equal()
    {
        var settings = new LossSettings(4);
        var loss = new LossSum([settings.Learn(new SquaredErrorLoss("y", "right", weight: 1)), settings.Learn(new SquaredErrorLoss("y", "right", weight: 1))]);

        Learn(settings, loss, new SquaredErrorLoss("y", "right", weight: 1), updates: 5);

        Assert.All(settings.Values().Where(value => value.Key.StartsWith("factor", StringComparison.Ordinal)), value => Assert.Equal(1, value.Value, 1e-3));
    }

    [Theory]
    [InlineData(12, 1)]
    [InlineData(1, 12)]
    public void The_temperature_moves_toward_the_one_that_is_judged(double first, double judged)
    {
        var settings = new LossSettings(first);
        var loss = settings.Learn(new TeacherLoss("y", "right", axis: 1, settings.Temperature));

        Learn(settings, loss, new TeacherLoss("y", "right", axis: 1, LossSetting.Constant(judged)), updates: 20);

        var moved = settings.Temperature.Value;
        Assert.True(first > judged ? moved < first * 0.9 : moved > first * 1.1, $"{first} became {moved}");
    }

    [Fact]
    public void Settings_stay_within_their_limits()
    {
        var settings = new LossSettings(4);
        settings.Learn(new SquaredErrorLoss("y", "right", weight: 1));
        settings.Learn(new SquaredErrorLoss("y", "wrong", weight: 1));

        for (var i = 0; i < 500; i++)
            settings.Update(temperature: 1, [1, -1]);

        Assert.Equal(1, settings.Temperature.Value, 1e-5);
        Assert.All(
            settings.Values().Where(value => value.Key.StartsWith("factor", StringComparison.Ordinal)),
            value => Assert.InRange(value.Value, 0.0099, 101)
        );
    }

    // The parameters do not change, so that all updates of the settings have the same signs.
    private static void Learn(LossSettings settings, ILoss loss, ILoss judge, int updates)
    {
        var samples = MadeTraining.Rows(64, 6);
        var model = TrainableModel.Open(Model(), samples, keepsZeros: false, CancellationToken.None);
        var teacherModel = TrainableModel.Open(Teacher(), samples, keepsZeros: false, CancellationToken.None);
        using var teacher = new Teacher(teacherModel.Model, threads: 1);
        using var rows = TrainingSet.Copy(samples, SignatureReader.Read(model.Model), long.MaxValue, seed: 1, CancellationToken.None);
        Parameter[] parameters = [.. model.Values().Select(value => value.Input)];
        using var judging = new LossRuns(model.Model, parameters, judge, new TeacherCache(teacher, isRandom: false), threads: 1, GradientKind.Parameters);
        using var measuring = new LossRuns(model.Model, parameters, loss, new TeacherCache(teacher, isRandom: false), threads: 1, GradientKind.None);
        var ahead = new LookAhead(settings, judging, measuring, parameters, rows, size: 16);
        var before = parameters[0].Values.ToArray();
        foreach (var (number, batch) in rows.Training(16).Take(updates).Index())
            ahead.Learn(batch, number);
        Assert.Equal(before, parameters[0].Values);
    }

    private static OnnxModel Model() =>
        new Net(opset: 21, irVersion: 10).OpenInput("x", "n", "6").Weight("w", 6, 4).Node("MatMul", "x w", "y").OpenOutput("y", "n", "4").Build();

    private static OnnxModel Teacher() =>
        new Net(opset: 21, irVersion: 10)
            .OpenInput("x", "n", "6")
            .Weight("t", 6, 4)
            .Node("MatMul", "x t", "right")
            .Node("Neg", "right", "wrong")
            .OpenOutput("right", "n", "4")
            .OpenOutput("wrong", "n", "4")
            .Build();
}
