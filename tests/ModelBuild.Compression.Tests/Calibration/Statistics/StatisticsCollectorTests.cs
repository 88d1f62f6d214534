using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration.Statistics;

public sealed class StatisticsCollectorTests
{
    private static readonly Dictionary<string, int> NoAxes = [];

    [Fact]
    public void Extremes_means_and_histograms_are_those_of_the_values()
    {
        var calls = Enumerable.Range(0, 5).Select(i => (Shape: (long[])[3 + i, 4], Values: Noise.Floats((3 + i) * 4, seed: i, scale: 1 + i))).ToArray();

        var statistics = Collect(
            new Net().Input("x", -1, 4).Node("Neg", "x", "y").Output("y").Build(),
            ListedSamples.Of("x", calls),
            histograms: true,
            NoAxes,
            "x",
            "y"
        );

        Assert.Equal(["x", "y"], statistics.Keys.Order());
        var all = calls.SelectMany(call => call.Values).ToArray();
        var x = statistics["x"];
        Assert.Equal((all.Min(), all.Max()), (x.Min, x.Max));
        Assert.Equal(calls.Average(call => call.Values.Min()), x.MeanMin, 5);
        Assert.Equal(calls.Average(call => call.Values.Max()), x.MeanMax, 5);
        Assert.Equal(calls[1..].Aggregate(calls[0].Values.Max(), (moving, call) => moving + (0.01f * (call.Values.Max() - moving))), x.MovingMax, 5);
        var expected = new long[TensorStatistics.Bins];
        foreach (var value in all)
            expected[(int)Math.Min((value - x.Min) * (TensorStatistics.Bins / (x.Max - x.Min)), TensorStatistics.Bins - 1)]++;
        Assert.Equal(expected, x.Histogram);
        Assert.Null(x.ChannelMin);
        var y = statistics["y"];
        Assert.Equal((-x.Max, -x.Min, -x.MovingMax), (y.Min, y.Max, y.MovingMin));
        Assert.Equal(all.Length, y.Histogram!.Sum());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_number_of_threads_leaves_no_trace(int threads)
    {
        var model = Layered();
        var calls = Enumerable.Range(0, 40).Select(i => (Shape: (long[])[1 + (i % 5), 8], Values: Noise.Floats((1 + (i % 5)) * 8, seed: i))).ToArray();
        var request = new StatisticsRequest(["x", "a", "b", "y"], Histograms: true, new Dictionary<string, int> { ["a"] = -1 });

        var expected = StatisticsCollector.Collect(model, ListedSamples.Of("x", calls), request, threads: 1, CancellationToken.None);
        var actual = StatisticsCollector.Collect(model, ListedSamples.Of("x", calls), request, threads, CancellationToken.None);

        Assert.Equivalent(expected, actual, strict: true);
        Assert.Equal(16, actual["a"].ChannelMin!.Length);
    }

    [Fact]
    public void Channels_are_those_of_the_axis_as_long_as_their_number_stays()
    {
        var net = new Net().Input("x", -1, -1, 2).Node("Identity", "x", "y").Output("y").Build();
        var calls = ListedSamples.Of("x", ([1, 3, 2], [1, 2, 3, 4, 5, float.NaN]), ([2, 3, 2], [0, 0, 0, 0, 0, 0, -1, -2, -3, -4, -5, -6]));

        Assert.Equal(
            [
                [-2, -4, -6],
                [2, 4, 5],
            ],
            Channels(Collect(net, calls, false, new() { ["y"] = 1 }, "y"))
        );
        Assert.Equal(
            [
                [-5, -6],
                [5, 4],
            ],
            Channels(Collect(net, calls, false, new() { ["y"] = -1 }, "y"))
        );
        Assert.Null(Collect(net, calls, false, new() { ["y"] = 0 }, "y")["y"].ChannelMin);
        Assert.Null(Collect(net, calls, false, new() { ["y"] = 3 }, "y")["y"].ChannelMin);

        static float[]?[] Channels(IReadOnlyDictionary<string, TensorStatistics> statistics) => [statistics["y"].ChannelMin, statistics["y"].ChannelMax];
    }

    [Fact]
    public void Scalars_empty_tensors_zeros_and_values_that_are_not_finite_are_no_obstacle()
    {
        var model = new Net()
            .Input("x", -1)
            .Constant("zero", [], 0f)
            .Constant("from", [1], 0L)
            .Constant("none", [1], 0L)
            .Constant("axis", [1], 0L)
            .Node("ReduceMax", "x", "scalar", ("axes", new[] { 0 }), ("keepdims", 0))
            .Node("Slice", "x from none axis", "empty")
            .Node("Mul", "empty zero", "still-empty")
            .Node("Mul", "scalar zero", "zeros")
            .Node("Shape", "x", "shape")
            .Node("Neg", "x", "y")
            .Output("y")
            .Build();
        var calls = ListedSamples.Of("x", ([3], [1, 2, 4]), ([4], [float.PositiveInfinity, -3, float.NaN, 1]), ([1], [float.NaN]), ([0], []));

        var statistics = Collect(
            model,
            ListedSamples.Of("x", ([3], [1, 2, 4])),
            histograms: true,
            NoAxes,
            "scalar",
            "empty",
            "still-empty",
            "zeros",
            "shape",
            "zero",
            "nothing",
            "y"
        );
        var wild = Collect(model, calls, histograms: true, NoAxes, "x", "y");

        // Values that are not float32, constants, and values that do not exist have no statistics.
        Assert.Equal(["empty", "scalar", "still-empty", "y", "zeros"], statistics.Keys.Order());
        Assert.Equal((4f, 4f, 1L), (statistics["scalar"].Min, statistics["scalar"].Max, statistics["scalar"].Histogram![0]));
        Assert.Equal((0f, 0f, 0L), (statistics["empty"].Min, statistics["empty"].Max, statistics["empty"].Histogram!.Sum()));
        Assert.Equal((0f, 0f, 1L), (statistics["zeros"].Min, statistics["zeros"].Max, statistics["zeros"].Histogram!.Sum()));
        Assert.Equal((-3f, 4f, -1f, 2.5f), (wild["x"].Min, wild["x"].Max, wild["x"].MeanMin, wild["x"].MeanMax));
        Assert.Equal((-4f, 3f, 5L), (wild["y"].Min, wild["y"].Max, wild["y"].Histogram!.Sum()));
    }

    [Fact]
    public void A_range_beyond_float32_is_counted_all_the_same()
    {
        var statistics = Collect(
            Layered(),
            ListedSamples.Of("x", ([1, 8], [-3e38f, 3e38f, 0, 0, 0, 0, 0, 0]), ([1, 8], [1e38f, 0, 0, 0, 0, 0, 0, 0])),
            histograms: true,
            NoAxes,
            "x"
        )["x"];

        Assert.Equal((1L, 1L, 13L, 16L), (statistics.Histogram![0], statistics.Histogram[^1], statistics.Histogram[1024], statistics.Histogram.Sum()));
    }

    [Fact]
    public void A_value_that_a_branch_reads_is_collected_and_one_inside_is_not()
    {
        var model = new Net()
            .Input("x", 1, 8)
            .Input("flag", DataType.Bool, 1)
            .Node("Neg", "x", "captured")
            .If(
                "flag",
                "y",
                new Net().Node("Relu", "captured", "inside").Node("Identity", "inside", "then").Output("then"),
                new Net().Node("Identity", "captured", "else").Output("else")
            )
            .Output("y")
            .Build();
        var sample = ListedSamples.Call("x", [1, 8], Noise.Floats(8));
        var samples = new ListedSamples([
            sample with
            {
                Inputs = new Dictionary<string, SampleArray>(sample.Inputs) { ["flag"] = new(DataType.Bool, [1], [1]) },
            },
        ]);

        Assert.Equal(["captured", "y"], Collect(model, samples, histograms: true, NoAxes, "captured", "inside", "flag", "y").Keys.Order());
    }

    [Fact]
    public void Data_that_the_model_does_not_run_on_is_an_error()
    {
        var wrong = Assert.Throws<CompressionException>(() => Collect(Layered(), ListedSamples.Of("x", ([1, 3], [1, 2, 3])), histograms: false, NoAxes, "a"));
        var none = Assert.Throws<CompressionException>(() => Collect(Layered(), ListedSamples.Of("x"), histograms: false, NoAxes, "a"));

        Assert.All([wrong, none], exception => Assert.Equal(Codes.CalibrationData, exception.Code));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_real_network_gives_the_same_statistics_at_any_parallelism()
    {
        var model = OnnxModel.Load(Corpus.Path("litenet/litenet-conv.onnx"));
        var samples = new CalibrationFiles([Corpus.Path("litenet/mnist-calibration.npz")], SignatureReader.Read(model));
        string[] tensors = [.. model.Proto.Graph.Input.Select(input => input.Name).Concat(model.Proto.Graph.Node.SelectMany(node => node.Output))];

        var one = StatisticsCollector.Collect(model, samples, new StatisticsRequest(tensors, true, NoAxes), 1, CancellationToken.None);
        var two = StatisticsCollector.Collect(model, samples, new StatisticsRequest(tensors, true, NoAxes), 2, CancellationToken.None);

        Assert.Equivalent(one, two, strict: true);
        Assert.All(one.Values, tensor => Assert.True(tensor.Min <= tensor.MeanMin && tensor.MeanMin <= tensor.MeanMax && tensor.MeanMax <= tensor.Max));
        Assert.True(one.Count >= 5);
    }

    private static IReadOnlyDictionary<string, TensorStatistics> Collect(
        OnnxModel model,
        ISampleSource samples,
        bool histograms,
        Dictionary<string, int> axes,
        params string[] tensors
    ) => StatisticsCollector.Collect(model, samples, new StatisticsRequest(tensors, histograms, axes), threads: 2, CancellationToken.None);

    private static OnnxModel Layered() =>
        new Net()
            .Input("x", -1, 8)
            .Weight("w", 8, 16)
            .Weight("v", 16, 4)
            .Node("MatMul", "x w", "a")
            .Node("Relu", "a", "b")
            .Node("MatMul", "b v", "y")
            .Output("y")
            .Build();
}
