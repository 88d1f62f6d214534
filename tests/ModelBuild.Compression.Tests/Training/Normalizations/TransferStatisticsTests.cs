using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Tests.Training.Transfer;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Normalizations;

/// <summary>Tests the option <c>statistics</c> of the step <c>transfer</c>.</summary>
public sealed class TransferStatisticsTests : IDisposable
{
    private const int Inputs = 8;

    private readonly TemporaryFolder _folder = new();

    // The stored variances are far too large. With the right variances, the scores, which are still small after training, become clearer.
    [Theory]
    [InlineData("transfer(classes=3, steps=20, rate=0.05, statistics=estimated)")]
    [InlineData("transfer(classes=3, steps=20, rate=0.05, statistics=estimated, body-rate=0)")]
    public void The_statistics_are_those_of_the_rows_after_the_last_phase(string recipe)
    {
        var result = Run(recipe);

        var (means, variances) = Reference(MadeClassifier.Values(result.Model, "a")!);
        for (var i = 0; i < Inputs; i++)
        {
            var size = Math.Sqrt(variances[i]);
            Assert.InRange(MadeClassifier.Values(result.Model, "m")![i], means[i] - (1e-5 * size), means[i] + (1e-5 * size));
            Assert.InRange(MadeClassifier.Values(result.Model, "v")![i], variances[i] * (1 - 1e-5), variances[i] * (1 + 1e-5));
        }

        var report = result.Training.Statistics!;
        Assert.Equal((1, true, MadeClassifier.Rows), (report.Layers, report.IsKept, report.Rows));
        Assert.True(report.After < report.Before);
    }

    [Fact]
    public void Layers_that_are_frozen_keep_their_statistics()
    {
        var result = Run("transfer(classes=3, steps=20, rate=0.05, statistics=estimated, freeze=BatchNormalization)");

        Assert.All(MadeClassifier.Values(result.Model, "v")!, value => Assert.Equal(9, value));
        Assert.Equal("n", Assert.Single(result.Training.Statistics!.Left).What);
    }

    [Fact]
    public void An_interrupted_transfer_ends_with_the_same_bytes()
    {
        const string Recipe = "transfer(classes=3, steps=20, rate=0.05, statistics=estimated)";
        var whole = Run(Recipe);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run(Recipe, new StopAt(stop, "step 6 of", occurrence: 2), token: stop.Token));

        var resumed = Run(Recipe, isResumed: true);

        Assert.Equal(whole.Model.ToBytes(), resumed.Model.ToBytes());
    }

    public void Dispose() => _folder.Dispose();

    private MadeResult Run(string recipe, StopAt? stop = null, bool isResumed = false, CancellationToken token = default) =>
        MadeTraining.Run(
            Model(),
            recipe,
            MadeTraining.Rows(16, Inputs),
            checkpoints: stop is null && !isResumed ? null : new CheckpointFolder(_folder.File("checkpoints"), ""),
            progress: stop,
            data: [Write("train.npz", seed: 3)],
            validation: [Write("validation.npz", seed: 4)],
            cancellationToken: token
        );

    private string Write(string name, int seed) =>
        File.Exists(_folder.File(name)) ? _folder.File(name) : MadeClassifier.Write(_folder.File(name), seed: seed, label: one => one);

    private static OnnxModel Model() =>
        new Net()
            .OpenInput("x", "n", $"{Inputs}")
            .Weight("a", Inputs, Inputs)
            .Node("MatMul", "x a", "h")
            .Node("Tanh", "h", "t")
            .Constant("s", [Inputs], [.. Enumerable.Repeat(1f, Inputs)])
            .Constant("o", [Inputs], new float[Inputs])
            .Constant("m", [Inputs], [.. Enumerable.Repeat(0.1f, Inputs)])
            .Constant("v", [Inputs], [.. Enumerable.Repeat(9f, Inputs)])
            .Node("BatchNormalization", "t s o m v", "n")
            .Weight("w", MadeClassifier.OldClasses, Inputs)
            .Weight("b", MadeClassifier.OldClasses)
            .Node("Gemm", "n w b", "y", ("transB", 1L))
            .OpenOutput("y", "n", $"{MadeClassifier.OldClasses}")
            .Build();

    // The statistics are those of the rows that MadeClassifier writes.
    private static (double[] Means, double[] Variances) Reference(float[] weights)
    {
        var x = Noise.Floats(MadeClassifier.Rows * Inputs, seed: 3, 0.3);
        for (var row = 0; row < MadeClassifier.Rows; row++)
            x[(row * Inputs) + (row % MadeClassifier.Classes)] += 2;
        double Activation(int row, int unit) => Math.Tanh(Enumerable.Range(0, Inputs).Sum(i => (double)x[(row * Inputs) + i] * weights[(i * Inputs) + unit]));
        var values = Enumerable.Range(0, Inputs).Select(unit => Enumerable.Range(0, MadeClassifier.Rows).Select(row => Activation(row, unit)).ToArray());
        double[][] units = [.. values];
        double[] means = [.. units.Select(unit => unit.Average())];
        return (means, [.. units.Zip(means, (unit, mean) => unit.Average(value => (value - mean) * (value - mean)))]);
    }
}
