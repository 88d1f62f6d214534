using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pipeline;

public sealed class AutoRecipeTests
{
    private const string Dynamic =
        "optimize int8-dynamic int8-weights | optimize int8-blocks int8-weights | optimize int8-weights | optimize float16-weights | optimize";
    private const string Fitted = "optimize int8-weights least-squares gptq | " + Stored;
    private const string Stored = "optimize int8-weights | optimize float16-weights | optimize";

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("litenet/litenet-fc.onnx", Dynamic)]
    [InlineData("litenet/litenet-conv.onnx", Stored)]
    [InlineData("litenet/fashion-mobilenet.onnx", Stored)]
    [InlineData("litenet/fashion-resnet.onnx", Stored)]
    [InlineData("models/mnist-8.onnx", Stored)]
    [InlineData("models/mnist_qoperator_int8.onnx", "optimize")]
    [InlineData("models/tribuo_tinybert_random.onnx", Dynamic)]
    [InlineData("models/mobilenetv1_025.onnx", Stored)]
    [InlineData("models/silero_vad.onnx", Stored)]
    [InlineData("models/ultraface_rfb320.onnx", Stored)]
    [InlineData("models/penguins_rf.onnx", Stored)]
    [InlineData("models/seq_optional_toy.onnx", Stored)]
    public void Real_models_get_what_their_work_asks_for(string path, string recipes)
    {
        var model = OnnxModel.Load(Corpus.Path(path));

        Assert.Equal(recipes, Candidates(model));
    }

    [Fact]
    public void The_larger_half_of_the_work_decides()
    {
        static OnnxModel Model(int channels) =>
            new Net()
                .Input("x", 1, 1, 32, 32)
                .Weight("c", channels, 1, 3, 3)
                .Weight("w", 32, 1000)
                .Node("Conv", "x c", "h", ("pads", new[] { 1, 1, 1, 1 }))
                .Node("ReduceMean", "h", "m", ("axes", new[] { 1, 2 }))
                .Node("MatMul", "m w", "y")
                .Output("y")
                .Build();

        // The convolution has 32·32·9 multiply-adds for each channel, and the product has 32·1000.
        Assert.Equal(Dynamic, Candidates(Model(3)));
        Assert.Equal(Stored, Candidates(Model(4)));
    }

    [Fact]
    public void A_product_counts_once_for_each_row()
    {
        static OnnxModel Model(int rows) =>
            new Net()
                .Input("x", 1, 64, rows)
                .Weight("c", 64, 64, 1)
                .Weight("w", 64, 64)
                .Node("Conv", "x c", "h")
                .Node("Conv", "h c", "h2")
                .Node("Transpose", "h2", "t", ("perm", new[] { 0, 2, 1 }))
                .Node("MatMul", "t w", "a")
                .Node("MatMul", "a w", "b")
                .Node("MatMul", "b w", "y")
                .Output("y")
                .Build();

        Assert.Equal(Dynamic, Candidates(Model(50)));
    }

    [Fact]
    public void An_LSTM_counts_once_for_each_step()
    {
        var model = new Net()
            .Input("x", 100, 1, 32)
            .Weight("w", 1, 128, 32)
            .Weight("r", 1, 128, 32)
            .Weight("c", 64, 1, 3)
            .Node("LSTM", "x w r", "h", ("hidden_size", 32))
            .Constant("shape", [3], 100L, 1L, 32L)
            .Node("Reshape", "h shape", "s")
            .Node("Conv", "s c", "y")
            .Output("y")
            .Build();

        Assert.Equal(Dynamic, Candidates(model));
    }

    [Fact]
    public void Weights_that_old_models_list_as_inputs_do_not_hide_the_work()
    {
        static OnnxModel Model(long irVersion)
        {
            var net = new Net(opset: 12, irVersion).Input("x", 1, 1, 32, 32).Weight("c", 2, 1, 3, 3).Weight("w", 32, 1000);
            if (irVersion == 3)
                net.Input("c", 2, 1, 3, 3).Input("w", 32, 1000);
            return net.Node("Conv", "x c", "h", ("pads", new[] { 1, 1, 1, 1 }))
                .Node("ReduceMean", "h", "m", ("axes", new[] { 1, 2 }))
                .Node("MatMul", "m w", "y")
                .Output("y")
                .Build();
        }

        Assert.Equal(Candidates(Model(8)), Candidates(Model(3)));
        Assert.Equal(Dynamic, Candidates(Model(3)));
    }

    [Theory]
    [InlineData("cpu-x64", Dynamic)]
    [InlineData("cpu-arm64", Dynamic)]
    [InlineData("cuda", Stored)]
    public void Only_processors_multiply_dynamically(string target, string recipes)
    {
        var model = new Net().Input("x", 1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y").Build();

        Assert.Equal(recipes, Candidates(model, target));
    }

    [Theory]
    [InlineData("DequantizeLinear")]
    [InlineData("DynamicQuantizeLinear")]
    public void A_quantized_model_is_only_optimized(string op)
    {
        var net = new Net().Input("x", 1, 64).Weight("w", 64, 64).Constant("q", [64, 64], new sbyte[4096]).Constant("s", [], 0.5f);
        net =
            op == "DequantizeLinear"
                ? net.Node(op, "q s", "f").Node("MatMul", "x f", "y")
                : net.If("c", "y", new Net().Node(op, "x", "a b d").Node("Neg", "b", "t").Output("t"), new Net().Node("Abs", "x", "e").Output("e"))
                    .Constant("c", [], true);

        Assert.Equal("optimize", Candidates(net.Output("y").Build()));
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("litenet/fashion-resnet.onnx", "optimize int8 | " + Stored)]
    [InlineData("models/squeezenet_fp32.onnx", "optimize int8 | " + Stored)]
    [InlineData("litenet/litenet-fc.onnx", Dynamic)]
    [InlineData("litenet/fashion-mobilenet.onnx", Fitted)]
    [InlineData("litenet/litenet-conv.onnx", Fitted)]
    [InlineData("models/mnist-8.onnx", Fitted)]
    public void Data_is_for_integers_only_where_they_save_time(string path, string recipes)
    {
        var samples = new CalibrationContext(new ListedSamples([]), threads: 1);

        Assert.Equal(recipes, Candidates(OnnxModel.Load(Corpus.Path(path)), calibration: samples));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void What_is_not_tried_has_a_reason_and_weights_are_fitted_only_to_inputs_themselves()
    {
        var model = OnnxModel.Load(Corpus.Path("litenet/litenet-conv.onnx"));
        var candidates = All(model, "cpu-x64", new CalibrationContext(new ListedSamples([]), threads: 1));

        Assert.Matches(
            "int8 arithmetic would save an estimated \\d+ % of the time",
            candidates.Single(candidate => candidate.Recipe.ToString() == "optimize int8").WhyNot
        );
        Assert.Equal(Stored, Candidates(model, calibration: new StoredCalibration("file", [], "")));
        // The time that an accelerator saves is not known on the processor.
        Assert.Equal("optimize int8 | " + Stored, Candidates(model, "qnn", new CalibrationContext(new ListedSamples([]), threads: 1)));
    }

    private static string Candidates(OnnxModel model, string target = "cpu-x64", ICalibrationContext? calibration = null) =>
        string.Join(" | ", All(model, target, calibration).Where(candidate => candidate.WhyNot is null).Select(candidate => candidate.Recipe));

    private static IReadOnlyList<AutoCandidate> All(OnnxModel model, string target, ICalibrationContext? calibration)
    {
        var shapes = SignatureReader.Read(model).Inputs.ToDictionary(input => input.Name, DynamicDimensions.Guesses[0].Shape);
        return AutoRecipe.Candidates(model, TargetProfile.Parse(target), shapes, calibration, CancellationToken.None);
    }
}
