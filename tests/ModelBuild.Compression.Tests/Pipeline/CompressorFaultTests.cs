using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests that each fault causes one error with its figure, and that the folder does not change.</summary>
public sealed class CompressorFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_recipe_that_somebody_asked_for_fails_with_the_measured_figure()
    {
        var model = _folder.SaveProduct();

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(model, "int8-weights", new FidelityBudget(MinSqnr: 70)));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Matches(@"'int8-weights'.*output 'y': \d\d\.\d dB, beyond MinSqnr 70 dB", exception.Message);
        Assert.Equal(["model.onnx"], _folder.Names());
    }

    [Theory]
    [InlineData("Softmax")]
    [InlineData("Sigmoid")]
    public void A_ratio_that_somebody_asked_for_counts_for_probabilities_too(string function)
    {
        var model = new Net()
            .Input("x", 4, 64)
            .Weight("w", 64, 64)
            .Node("MatMul", "x w", "z")
            .Node(function, "z", "y")
            .Output("y")
            .Save(_folder.File("model.onnx"));

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(model, "float16-weights", new FidelityBudget(MinSqnr: 150)));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Matches(@"'float16-weights'.*output 'y': \d\d\.\d dB, beyond MinSqnr 150 dB", exception.Message);
        Assert.True(Assert.Single(_folder.Compress(model, "float16-weights", new FidelityBudget()).Fidelity).Passed);
    }

    [Fact]
    public void A_size_that_is_missed_is_an_error_with_the_size()
    {
        var model = _folder.SaveProduct();

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(model, "auto", request => request with { MaxSize = 1000 }));

        Assert.Equal(Codes.SizeMissed, exception.Code);
        Assert.Matches(@"has \d,\d{3} bytes, \d,\d{3} more than MaxSize allows", exception.Message);
        Assert.Equal(["model.onnx"], _folder.Names());
        Assert.Equal(
            5,
            _folder
                .Compress(model, "auto", request => request with { MaxSize = 10_000 })
                .Compressed.Bytes.ToString(System.Globalization.CultureInfo.InvariantCulture)
                .Length + 1
        );
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("int8-weights")]
    public void A_model_on_which_nothing_can_be_run_is_only_kept_when_auto_was_asked(string recipe)
    {
        // The declared shape of the input has 5 rows, but the model can only reshape 4 rows.
        var model = new Net()
            .Input("x", 5, 64)
            .Weight("w", 64, 64)
            .Constant("shape", [2], 4L, 64L)
            .Node("Reshape", "x shape", "r")
            .Node("MatMul", "r w", "y")
            .Output("y", DataType.Float, -1, 64)
            .Save(_folder.File("model.onnx"));

        if (recipe == "auto")
        {
            var receipt = _folder.Compress(model);
            Assert.Contains("no inputs could be made on which the model runs", receipt.Attempts[0].Why, StringComparison.Ordinal);
            Assert.Equal(receipt.Original, receipt.Compressed);
        }
        else
        {
            var exception = Assert.Throws<CompressionException>(() => _folder.Compress(model, recipe));
            Assert.Equal(Codes.FidelityMissed, exception.Code);
            Assert.Contains("cannot be verified", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_input_too_large_to_make_is_kept()
    {
        var model = new Net()
            .Input("x", 1_000_000, 1_000_000)
            .Weight("w", 64, 64)
            .Node("Shape", "x", "s")
            .Node("MatMul", "w w", "y")
            .Output("y", "s")
            .Save(_folder.File("model.onnx"));

        Assert.Contains("too large for a synthetic input", _folder.Compress(model).Attempts[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_ONNX_Runtime_refuses_is_one_error()
    {
        var model = new Net().Input("x", 4).Node("NoSuchOperator", "x", "y").Output("y").Save(_folder.File("model.onnx"));

        foreach (var recipe in new[] { "auto", "int8-weights" })
        {
            var exception = Assert.Throws<CompressionException>(() => _folder.Compress(model, recipe));
            Assert.Equal(Codes.ModelUnreadable, exception.Code);
            Assert.Contains("NoSuchOperator", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["model.onnx"], _folder.Names());
    }

    [Fact]
    public void An_accuracy_that_is_lost_is_an_error_with_the_share()
    {
        // One of two hundred answers is wrong.
        var inputs = Enumerable
            .Range(0, 200)
            .SelectMany(i =>
                i == 0 ? new[] { 0.40001f, 0.4f }
                : i % 2 == 0 ? [1f, 0f]
                : [0f, 1f]
            )
            .ToArray();
        var labels = Enumerable.Range(0, 200).Select(i => i == 0 ? 1L : i % 2).ToArray();
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([200, 2], inputs)), ("label", Numpy.Array([200], labels)));
        var weight = new float[2 * 600];
        (weight[0], weight[601], weight[2]) = (1, 1.0001f, 127);
        var model = new Net()
            .Input("x", -1, 2)
            .Constant("w", [2, 600], weight)
            .Constant("from", [1], 0L)
            .Constant("to", [1], 2L)
            .Constant("axis", [1], 1L)
            .Node("MatMul", "x w", "m")
            .Node("Slice", "m from to axis", "y")
            .Output("y", DataType.Float, -1, 2)
            .Save(_folder.File("model.onnx"));
        CompressionRequest Ask(CompressionRequest request, double loss) =>
            request with
            {
                CalibrationData = [data],
                Budget = new FidelityBudget(MaxAccuracyLoss: loss),
            };

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(model, "int8-weights(per-channel=false)", request => Ask(request, 0.004)));

        Assert.Contains(
            "output 'y': 0.5% accuracy lost, beyond MaxAccuracyLoss 0.4% on 200 samples of the calibration data",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(new Accuracy(1, 0.995), _folder.Compress(model, "int8-weights(per-channel=false)", request => Ask(request, 0.005)).Fidelity[0].Accuracy);
    }

    [Fact]
    public void Data_that_the_model_cannot_run_on_is_the_datas_fault()
    {
        var model = new Net().Input("x", -1, -1).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y").Save(_folder.File("model.onnx"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([3, 5], new float[15])));

        var exception = Assert.Throws<CompressionException>(() => _folder.Compress(model, "auto", request => request with { CalibrationData = [data] }));

        Assert.Equal((Codes.CalibrationData, data), (exception.Code, exception.File));
    }

    [Fact]
    public void Data_without_a_row_is_one_error()
    {
        var model = _folder.SaveProduct();
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array<float>([0, 64])));

        Assert.Equal(
            Codes.CalibrationData,
            Assert.Throws<CompressionException>(() => _folder.Compress(model, "auto", request => request with { CalibrationData = [data] })).Code
        );
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("auto")]
    [InlineData("none")]
    [InlineData("int8-weights")]
    public void Cancelling_at_any_point_leaves_the_folder_as_it_was(string recipe)
    {
        var model = _folder.SaveProduct();
        _folder.Write("out/small.onnx", "before");
        var words = new List<string>();
        Compressor.Compress(_folder.Request(model, recipe) with { OutputPath = _folder.File("elsewhere/x.onnx") }, new Words(words.Add));
        Directory.Delete(_folder.File("elsewhere/")[..^1], recursive: true);

        foreach (var stop in words.Distinct().Where(word => !word.StartsWith("verifying", StringComparison.Ordinal)))
        {
            using var source = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() =>
                Compressor.Compress(
                    _folder.Request(model, recipe),
                    new Words(word =>
                    {
                        if (word == stop)
                            source.Cancel();
                    }),
                    source.Token
                )
            );
            Assert.Equal(["model.onnx", "out", "out/small.onnx"], _folder.Names());
            Assert.Equal("before", File.ReadAllText(_folder.File("out/small.onnx")));
        }

        Assert.True(words.Distinct().Count() >= 2);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_running_call_is_cancelled_too()
    {
        // The model has a loop of a billion iterations.
        var body = new GraphProto
        {
            Name = "body",
            Node = { Net.Make("Identity", "go", "on"), Net.Make("Add", "state state", "next") },
            Input = { new Net().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("state", 1).Build().Proto.Graph.Input },
            Output = { new Net().Input("on", DataType.Bool).Input("next", 1).Build().Proto.Graph.Input },
        };
        var model = new Net()
            .Input("x", 1)
            .Constant("rounds", [], 4_000_000_000L)
            .Constant("go1", [], true)
            .Node("Loop", "rounds go1 x", "y", ("body", body))
            .Output("y")
            .Save(_folder.File("model.onnx"));
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        Assert.ThrowsAny<OperationCanceledException>(() => Compressor.Compress(_folder.Request(model, "auto"), progress: null, source.Token));

        Assert.Equal(["model.onnx"], _folder.Names());
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_error_and_leaves_nothing()
    {
        var model = _folder.SaveProduct();
        Directory.CreateDirectory(_folder.File("out/small.onnx"));

        Assert.ThrowsAny<Exception>(() => _folder.Compress(model));

        Assert.Equal(["model.onnx", "out", "out/small.onnx"], _folder.Names());
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Words(Action<string> act) : IProgress<WorkLine>
    {
        public void Report(WorkLine value) => act(value.Text);
    }
}
