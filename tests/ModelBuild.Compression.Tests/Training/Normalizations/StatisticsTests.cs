using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tests.Training.Runs;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Normalizations;

/// <summary>Tests the option <c>statistics</c> of training steps on the rows of files.</summary>
public sealed class StatisticsTests : IDisposable
{
    private const int Rows = 90;
    private const int HeldOut = 30;
    private const string Frozen = "fine-tune(steps=20, rate=0.001)";
    private const string Estimated = "fine-tune(steps=20, rate=0.001, statistics=estimated)";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_statistics_are_those_of_the_training_rows_under_the_trained_weights(int dimensions)
    {
        var net = new NormalizedNet(dimensions);

        var result = Run(net, net.Wrong(), Right(net), Estimated);

        AssertStatistics(net, result.Model);
        var report = result.Training.Statistics!;
        Assert.Equal((2, true, Rows), (report.Layers, report.IsKept, report.Rows));
        Assert.Empty(report.Left);
        Assert.InRange(report.After!.Value, 0, 0.5 * report.Before!.Value);
        Assert.True(report.MeanShift > 0 && report.VarianceFactor > 1);
        Assert.NotEqual(NormalizedNet.Of(net.Wrong(), "w1"), NormalizedNet.Of(result.Model, "w1"));
        Assert.StartsWith(
            "The statistics of 2 nodes BatchNormalization were estimated again from 90 training rows: the loss on held-out rows is ",
            TrainingWords.Statistics(result.Training),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_statistics_of_a_student_are_estimated_after_its_training()
    {
        var net = new NormalizedNet(2);
        net.Wrong().Save(_folder.File("student.onnx"));

        var result = Run(net, Right(net), Right(net), "distill(student=student.onnx, steps=20, rate=0.001, statistics=estimated)");

        AssertStatistics(net, result.Model);
        Assert.True(result.Training.Statistics!.IsKept);
    }

    [Fact]
    public void Frozen_statistics_keep_their_bits_and_are_the_default()
    {
        var net = new NormalizedNet(2);

        var result = Run(net, net.Wrong(), Right(net), Frozen);

        foreach (var name in NormalizedNet.Statistics)
            Assert.Equal(NormalizedNet.Of(net.Wrong(), name), NormalizedNet.Of(result.Model, name));
        Assert.Null(result.Training.Statistics);
        Assert.Null(TrainingWords.Statistics(result.Training));
        Assert.Equal(result.Model.ToBytes(), Run(net, net.Wrong(), Right(net), "fine-tune(steps=20, rate=0.001, statistics=frozen)").Model.ToBytes());
    }

    // The teacher also has the wrong statistics, so that other statistics have a larger loss.
    [Fact]
    public void Statistics_with_a_larger_loss_on_held_out_rows_are_not_kept()
    {
        var net = new NormalizedNet(2);

        var result = Run(net, net.Wrong(), net.Wrong(), Estimated);

        foreach (var name in NormalizedNet.Statistics)
            Assert.Equal(NormalizedNet.Of(net.Wrong(), name), NormalizedNet.Of(result.Model, name));
        var report = result.Training.Statistics!;
        Assert.Equal((2, false), (report.Layers, report.IsKept));
        Assert.True(report.After > report.Before);
        Assert.Contains(", and not kept, because the loss on held-out rows would be ", TrainingWords.Statistics(result.Training), StringComparison.Ordinal);
        Assert.Equal(Run(net, net.Wrong(), net.Wrong(), Frozen).Model.ToBytes(), result.Model.ToBytes());
    }

    [Fact]
    public void Statistics_are_kept_where_no_step_was_better()
    {
        var net = new NormalizedNet(1);

        var result = Run(net, net.Wrong(), Right(net), "fine-tune(steps=10, rate=30, schedule=constant, statistics=estimated)");

        Assert.Equal(0, result.Training.BestStep);
        Assert.Equal(NormalizedNet.Of(net.Wrong(), "w1"), NormalizedNet.Of(result.Model, "w1"));
        // The data is the output of the teacher, which has the same weights.
        Assert.Equal(
            NormalizedNet.Of(Right(net), "v2").Select(value => (double)value),
            NormalizedNet.Of(result.Model, "v2").Select(value => (double)value),
            Near
        );
        Assert.Contains(result.Steps[^1].Report.Skipped, left => left.What == "all weights");
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_same_training_gives_the_same_bytes_also_when_it_was_interrupted_or_is_stored()
    {
        var net = new NormalizedNet(2);
        var whole = Run(net, net.Wrong(), Right(net), Estimated);
        foreach (var text in new[] { "step 6 of", "estimating the statistics" })
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => Run(net, net.Wrong(), Right(net), Estimated, stop: new StopAt(stop, text), token: stop.Token));
        }

        var resumed = Run(net, net.Wrong(), Right(net), Estimated, checkpoints: Folder());
        var stored = Run(net, net.Wrong(), Right(net), Estimated, stored: whole.Trained);

        Assert.Equal(whole.Model.ToBytes(), Run(net, net.Wrong(), Right(net), Estimated).Model.ToBytes());
        Assert.Equal(whole.Model.ToBytes(), resumed.Model.ToBytes());
        Assert.Equal(whole.Model.ToBytes(), stored.Model.ToBytes());
        Assert.Equal(2, NormalizedNet.Statistics.Count(name => name[0] == 'v' && whole.Trained[0].Constants.Any(constant => constant.Name == name)));
    }

    [Fact]
    public void A_model_without_normalizations_has_nothing_to_estimate()
    {
        var net = new NormalizedNet(2);

        var model = net.Wrong(isFolded: true);

        var result = Run(net, model, model, Estimated);

        Assert.DoesNotContain(result.Model.Proto.Graph.Node, node => node.OpType == "BatchNormalization");
        Assert.Equal((0, false), (result.Training.Statistics!.Layers, result.Training.Statistics.IsKept));
        Assert.StartsWith(
            "No statistics were estimated again, because the model has no node BatchNormalization",
            TrainingWords.Statistics(result.Training),
            StringComparison.Ordinal
        );
        Assert.Equal(Run(net, model, model, Frozen).Model.ToBytes(), result.Model.ToBytes());
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertStatistics(NormalizedNet net, OnnxModel model)
    {
        var expected = NormalizedNet.Reference(model, Values(net, Rows, seed: 3), Rows);
        foreach (var (name, values) in NormalizedNet.Statistics.Zip(expected))
        {
            var size = Math.Sqrt(values.Average(value => value * value));
            foreach (var (wanted, actual) in values.Zip(NormalizedNet.Of(model, name)))
                Assert.InRange(actual, wanted - (1e-5 * size), wanted + (1e-5 * size));
        }
    }

    private static bool Near(double one, double other) => Math.Abs(one - other) <= 1e-4 * Math.Abs(one);

    private OnnxModel Right(NormalizedNet net)
    {
        var statistics = NormalizedNet.Reference(net.Wrong(), Values(net, Rows, seed: 3), Rows);
        return net.Build([.. statistics.Select(values => Array.ConvertAll(values, value => (float)value))]);
    }

    private MadeResult Run(
        NormalizedNet net,
        OnnxModel model,
        OnnxModel teacher,
        string recipe,
        StopAt? stop = null,
        CheckpointFolder? checkpoints = null,
        IReadOnlyList<TrainedStep>? stored = null,
        CancellationToken token = default
    ) =>
        MadeTraining.Run(
            model,
            recipe,
            MadeTraining.Rows(16, net.Row),
            _folder.Path,
            stored: stored,
            checkpoints: stop is null ? checkpoints : Folder(),
            progress: stop,
            cancellationToken: token,
            teacher: teacher,
            data: [Write(net, "train.npz", Rows, seed: 3)],
            validation: [Write(net, "validation.npz", HeldOut, seed: 4)]
        );

    private CheckpointFolder Folder() => new(_folder.File("checkpoints"), "");

    private static float[] Values(NormalizedNet net, int rows, int seed) => Noise.Floats(rows * (int)net.Row.Aggregate(1L, (a, b) => a * b), seed, scale: 2);

    private string Write(NormalizedNet net, string name, int rows, int seed)
    {
        var path = _folder.File(name);
        return File.Exists(path) ? path : Numpy.Npz(path, ("x", Numpy.Array([rows, .. net.Row], Values(net, rows, seed))));
    }
}
