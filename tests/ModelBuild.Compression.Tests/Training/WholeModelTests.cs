using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using ModelBuild.Testing.Pretrained;

namespace ModelBuild.Compression.Tests.Training;

/// <summary>Tests the gradients of all parameters of real models, as one derivative along a random direction.</summary>
[Trait("Speed", "Slow")]
public sealed class WholeModelTests(ITestOutputHelper output)
{
    private const long MaxBytes = 20_000_000;
    private const string NoParameters = "it has no float32 parameters";
    private const string AllVariable = "MODELBUILD_ALL_MODELS";
    private const string MiniLm = "all-MiniLM-L6-v2";

    // The models in the table cannot be trained, or have no float32 parameters.
    private static readonly Dictionary<string, string> Untrainable = new(StringComparer.Ordinal)
    {
        ["models/fns_candy.onnx"] = "the model's opset is 7, and its operator ImageScaler may mean something else in 12",
        ["models/mnist_qoperator_int8.onnx"] = NoParameters,
        ["models/penguins_rf.onnx"] = NoParameters,
        ["models/seq_optional_toy.onnx"] = "its input 'opt' is no tensor",
        ["models/skl_lr_mnist.onnx"] = NoParameters,
        ["models/squeezenet_fp16.onnx"] = NoParameters,
    };

    // Each model in the set takes seconds, and all of them together take minutes.
    private static readonly HashSet<string> Costly = new(
        [
            MiniLm,
            "models/blazeface_front.onnx",
            "models/magika_v3_3.onnx",
            "models/mobilenetv1_025.onnx",
            "models/ppocrv2_cls.onnx",
            "models/ppocrv4_det.onnx",
            "models/silero_vad_op18_ifless.onnx",
            "models/squeezenet_fp32.onnx",
            "models/super_resolution.onnx",
            "models/superres_extdata/super_resolution_extdata.onnx",
            "models/ultraface_rfb320.onnx",
        ],
        StringComparer.Ordinal
    );

    // The last operators of the models in the set saturate on synthetic inputs, so that the test compares the inputs of these operators.
    private static readonly HashSet<string> Saturated = new(["models/magika_v3_3.onnx", "models/ppocrv4_det.onnx"], StringComparer.Ordinal);

    public static TheoryData<string> Models { get; } =
    [.. Corpus.ModelsOrNone(path => new FileInfo(Path.Combine(Corpus.Root, path)).Length <= MaxBytes), MiniLm];

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradients_agree_with_differences_along_a_random_direction(string path)
    {
        Assert.SkipWhen(Costly.Contains(path) && Environment.GetEnvironmentVariable(AllVariable) != "1", $"It takes seconds: {AllVariable}=1 checks it.");
        var model = OnnxModel.Load(path == MiniLm ? PretrainedModels.Need(PretrainedModels.MiniLm) : Corpus.Model(path));
        ModelPreparation.Prepare(model);
        if (TrainableModel.WhyNot(model) is { } why)
        {
            output.WriteLine($"{path}: {why}");
            Assert.Equal(Untrainable.GetValueOrDefault(path), why);
            return;
        }

        var (source, _) = RealSamples.Of(model, sizes: path == MiniLm ? [16] : []);
        var opened = TrainableModel.Open(model, source, keepsZeros: false, CancellationToken.None);
        output.WriteLine($"{path}: {opened.Parameters.Count} parameters, batch: {opened.Obstacle?.Text ?? "open"}");
        if (opened.Parameters.Count == 0)
        {
            Assert.Equal(NoParameters, Untrainable.GetValueOrDefault(path));
            return;
        }

        if (Saturated.Contains(path))
            RealSamples.RemoveLastOperator(opened.Model);
        var batch = RealSamples.Batch(source, opened);
        var parameters = opened.Values().Select(value => value.Input).ToArray();
        var outputs = RealSamples.FloatOutputs(opened.Model, batch);
        var loss = new RandomSum(outputs.ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal));
        var training = TrainingGraph.Build(opened.Model, batch.Shapes(), parameters, loss);
        AssertTrained(training, parameters);
        AssertDerivative(training, batch, outputs);
    }

    private void AssertDerivative(TrainingGraph training, Sample batch, IReadOnlyDictionary<string, OutputValues> outputs)
    {
        using var derivative = new DirectionalDerivative(training, batch, outputs);
        var (expected, error, step) = derivative.Compare();
        foreach (var (name, values) in outputs)
            output.WriteLine($"{name}: {values.Numbers.Min():G3} to {values.Numbers.Max():G3}");
        output.WriteLine($"derivative {expected:G6}, relative error {error:G3} with step {step:G2}");
        Assert.True(derivative.AreFinite, "A gradient is not finite.");
        Assert.InRange(error, 0, 1e-2);
    }

    private void AssertTrained(TrainingGraph training, Parameter[] parameters)
    {
        foreach (var stop in training.Stopped)
            output.WriteLine($"stops at {stop.Node.OpType}: {stop.Reason}");
        var trained = training.Parameters.Select(pair => pair.Parameter.Name).ToHashSet(StringComparer.Ordinal);
        string[] frozen = [.. parameters.Select(parameter => parameter.Name).Where(name => !trained.Contains(name))];
        output.WriteLine($"{trained.Count} of {parameters.Length} parameters have a gradient; frozen: {string.Join(", ", frozen.Take(20))}");
        Assert.Empty(training.Stopped);
        Assert.Empty(frozen);
    }
}
