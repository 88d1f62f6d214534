using System.Runtime.InteropServices;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Tests training on rows that are changed so that the loss of the model increases.</summary>
public sealed class AdversarialTests
{
    [Theory]
    [InlineData(0.5, 8)]
    [InlineData(1, 16)]
    public void Moved_rows_have_a_larger_loss_and_stay_within_the_range(double share, int count)
    {
        var samples = MadeTraining.Rows(64, 2, 6, 6);
        var model = TrainableModel.Open(Convolutions(), samples, keepsZeros: false, CancellationToken.None);
        using var teacher = new Teacher(TrainableModel.Open(Convolutions("t"), samples, keepsZeros: false, CancellationToken.None).Model, threads: 1);
        using var rows = TrainingSet.Copy(samples, SignatureReader.Read(model.Model), long.MaxValue, seed: 1, CancellationToken.None);
        Parameter[] parameters = [.. model.Values().Select(value => value.Input)];
        var loss = new SquaredErrorLoss("y", "y", weight: 1);
        using var moving = new LossRuns(model.Model, parameters, loss, new TeacherCache(teacher, isRandom: false), threads: 1, GradientKind.Inputs);
        using var plain = new LossRuns(model.Model, parameters, loss, new TeacherCache(teacher, isRandom: false), threads: 1, GradientKind.None);
        using var moved = new LossRuns(
            model.Model,
            parameters,
            loss,
            new TeacherCache(teacher, isRandom: true),
            threads: 1,
            GradientKind.None,
            new MovedRows(moving, distance: 0.05, share)
        );
        var batch = rows.Training(16).First();

        var (before, after) = (plain.Run(batch).Single().Value, moved.Run(batch).Single().Value);

        Assert.True(after > before * 1.05, $"{before} became {after}");
        var (original, changed) = (Values(plain, batch), Values(moved, batch));
        var (low, high) = (original.Min(), original.Max());
        var step = 0.05f * (high - low);
        for (var i = 0; i < original.Length; i++)
        {
            var difference = Math.Abs(changed[i] - original[i]);
            Assert.InRange(changed[i], low, high);
            Assert.InRange(difference, 0, i < count * 72 ? step * 1.0001f : 0);
        }

        Assert.True(original.Zip(changed).Take(count * 72).Count(pair => Math.Abs(pair.First - pair.Second) > step * 0.99f) > count * 60);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("prune(0.7)")]
    [InlineData("prune(0.7) int8-weights")]
    [InlineData("prune-channels(0.5)")]
    public void The_receipt_has_the_agreement_on_moved_rows_before_and_after(string before)
    {
        var result = MadeTraining.Run(Classifier(), $"{before} fine-tune(steps=150, rate=0.003, adversarial=0.03)", MadeTraining.Rows(512, 2, 6, 6));

        var moved = Assert.IsType<MovedReport>(result.Training.Moved);
        Assert.True(moved.IsAgreement);
        Assert.Equal(0.03, moved.Distance);
        Assert.InRange(moved.Before!.Value, 0, 1);
        Assert.True(moved.After > moved.Before, $"{moved.Before} became {moved.After}");
    }

    [Fact]
    public void For_other_outputs_the_loss_on_moved_rows_is_measured()
    {
        var result = MadeTraining.Run(Convolutions(), "prune(0.7) fine-tune(steps=100, rate=0.003, adversarial=0.03)", MadeTraining.Rows(256, 2, 6, 6));

        Assert.False(result.Training.Moved!.IsAgreement);
        Assert.True(result.Training.Moved.After < result.Training.Moved.Before * 0.95);
    }

    [Fact]
    public void Without_the_option_no_row_is_moved() =>
        Assert.Null(MadeTraining.Run(Convolutions(), "prune(0.7) fine-tune(steps=5)", MadeTraining.Rows(64, 2, 6, 6)).Training.Moved);

    [Theory]
    [InlineData("", 1)]
    [InlineData("features=pairs, ", 3)]
    public void Settings_of_the_loss_are_learned(string options, int terms)
    {
        var result = MadeTraining.Run(Classifier(), $"prune(0.7) fine-tune({options}steps=100, rate=0.003, loss=auto)", MadeTraining.Rows(512, 2, 6, 6));

        var learned = result.Training.Learned!;
        Assert.Equal(terms == 1 ? 1 : terms + 1, learned.Count);
        Assert.InRange(Math.Abs(Math.Log(learned["temperature"] / 4)), 1e-3, 3);
        Assert.InRange(result.Improvement, 0, 0.9);
    }

    private static float[] Values(LossRuns runs, TrainingBatch batch) => MemoryMarshal.Cast<byte, float>(runs.For(batch).Batch("x").Span).ToArray();

    private static Net Net(string prefix = "") =>
        new Net(opset: 21, irVersion: 10)
            .OpenInput("x", "n", "2", "6", "6")
            .Weight($"{prefix}a", 8, 2, 3, 3)
            .Node("Conv", $"x {prefix}a", "c")
            .Node("Relu", "c", "r")
            .Weight($"{prefix}b", 10, 8, 3, 3)
            .Node("Conv", $"r {prefix}b", "d")
            .Node("Relu", "d", "s")
            .Node("Flatten", "s", "f")
            .Weight($"{prefix}w", 40, 5)
            .Node("MatMul", $"f {prefix}w", "y");

    private static OnnxModel Convolutions(string prefix = "") => Net(prefix).OpenOutput("y", "n", "5").Build();

    private static OnnxModel Classifier() => Net().Node("Softmax", "y", "p").OpenOutput("p", "n", "5").Build();
}
